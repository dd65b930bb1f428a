internal import Catalog
internal import Primitives

extension Gate {
    /// The members of a request's body, each read as its field's type; members that no field has are ignored (G8).
    struct Fields {
        private let members: JSONObject

        init(_ body: [UInt8]) throws(Problem) {
            let value: JSON
            do throws(JSONError) {
                value = try JSON.parse(body)
            } catch {
                throw .invalidJSON
            }
            guard let members = value.objectValue else { throw .bodyNotObject }
            self.members = members
        }

        var op: String? { members["op"]?.stringValue }

        func purchase() throws(Problem) -> PurchaseOrder {
            PurchaseOrder(
                plan: try plan(), coupon: try coupon(), repeatCount: try repeatCount(),
                quantity: try quantity())
        }

        func renewal() throws(Problem) -> RenewalOrder {
            RenewalOrder(
                subscription: try subscription(), plan: try plan(), coupon: try coupon(),
                repeatCount: try repeatCount())
        }

        func plan() throws(Problem) -> PlanID {
            guard let bits = members["planId"]?.stringValue.flatMap(IdentifierBits.init(base36String:)) else {
                throw .invalid(.planID)
            }
            return PlanID(bits: bits)
        }

        func subscription() throws(Problem) -> SubscriptionReference {
            try SubscriptionReference(members["subscriptionId"]?.stringValue)
        }

        func targetNetwork() throws(Problem) -> NetworkID {
            guard let bits = members["targetNetwork"]?.stringValue.flatMap(IdentifierBits.init(base36String:))
            else {
                throw .invalid(.targetNetwork)
            }
            return NetworkID(bits: bits)
        }

        /// Minutes; 0 is off.
        func rotationMinutes() throws(Problem) -> Int32 {
            guard let minutes = members["rotationPolicy"]?.integralValue,
                [0, 5, 10, 15, 30, 60].contains(minutes)
            else { throw .invalid(.rotationPolicy) }
            return Int32(minutes)
        }

        /// `null` and `""` stand for no coupon (G2); a code that no coupon can have is refused like any wrong field.
        private func coupon() throws(Problem) -> CouponCode? {
            guard let value = members["couponCode"], !value.isNull else { return nil }
            guard let typed = value.stringValue else { throw .invalidCouponCode }
            if typed.isEmpty { return nil }
            guard let code = CouponCode(typed) else { throw .invalidCouponCode }
            return code
        }

        private func repeatCount() throws(Problem) -> RepeatCount {
            guard let value = members["repeatCount"] else { return .one }
            guard let count = value.integralValue.flatMap(RepeatCount.init) else { throw .invalidRepeatCount }
            return count
        }

        private func quantity() throws(Problem) -> Quantity {
            guard let value = members["quantity"] else { return .one }
            guard let count = value.integralValue.flatMap(Quantity.init) else { throw .invalidQuantity }
            return count
        }
    }
}

extension Gate.SubscriptionReference {
    /// Reads the gate's spelling of an id, 24 of a–z and 0–9; anything else is a wrong field.
    init(_ text: String?) throws(Gate.Problem) {
        guard let text, text.utf8.count == 24, text.utf8.allSatisfy(isLowerAlphanumeric) else {
            throw .invalid(.subscriptionID)
        }
        self = IdentifierBits(base36String: text).map { .id(SubscriptionID(bits: $0)) } ?? .nobodys
    }
}

private func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
}
