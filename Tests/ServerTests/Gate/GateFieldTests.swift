import Catalog
import HTTPTypes
import Primitives
import Testing

@testable import Server

private let genuine = IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 7).base36String
private let other = IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 8).base36String
private let madeUp = "j97b2f6m1k4n8p3r5t7v9x0z"

private let genuineID = IdentifierBits(base36String: genuine)!
private let otherID = IdentifierBits(base36String: other)!

private func read(_ body: String) throws(Gate.Problem) -> Gate.Operation {
    try Gate.Operation.read(body: Array(body.utf8))
}

private func purchase(
    coupon: String? = nil, repeatCount: Int64 = 1, quantity: Int64 = 1
) -> Gate.Operation {
    .purchase(
        Gate.PurchaseOrder(
            plan: PlanID(bits: genuineID), coupon: coupon.flatMap { CouponCode($0) },
            repeatCount: RepeatCount(repeatCount)!, quantity: Quantity(quantity)!))
}

@Suite("Gate fields")
struct GateFieldTests {
    @Test(arguments: [
        ("", purchase()),
        (",\"repeatCount\":3,\"quantity\":2", purchase(repeatCount: 3, quantity: 2)),
        (",\"repeatCount\":120,\"quantity\":100", purchase(repeatCount: 120, quantity: 100)),
        (",\"repeatCount\":1e2,\"quantity\":1E1", purchase(repeatCount: 100, quantity: 10)),
        (",\"repeatCount\":2.0,\"quantity\":20e-1", purchase(repeatCount: 2, quantity: 2)),
        (",\"couponCode\":\"MYCODE\"", purchase(coupon: "MYCODE")),
        (",\"couponCode\":\"mycode\"", purchase(coupon: "MYCODE")),
        (",\"couponCode\":\"\"", purchase()),
        (",\"couponCode\":null", purchase()),
        (",\"colour\":\"blue\",\"amount\":0,\"subscriptionId\":7", purchase()),
    ])
    func `a purchase is read`(members: String, operation: Gate.Operation) throws {
        #expect(try read("{\"op\":\"purchase\",\"planId\":\"\(genuine)\"\(members)}") == operation)
    }

    @Test(arguments: [
        "\"2\"", "1.5", "0", "-1", "true", "null", "[]", "{}", "121", "1e3", "1e400", "-0",
        "9223372036854775808",
    ])
    func `a repeatCount that is no count within the cap is refused`(value: String) {
        #expect(throws: Gate.Problem.invalidRepeatCount) {
            try read("{\"op\":\"purchase\",\"planId\":\"\(genuine)\",\"repeatCount\":\(value)}")
        }
        #expect(throws: Gate.Problem.invalidRepeatCount) {
            try read(
                "{\"op\":\"renew\",\"subscriptionId\":\"\(other)\",\"planId\":\"\(genuine)\",\"repeatCount\":\(value)}"
            )
        }
    }

    @Test(arguments: ["\"2\"", "1.5", "0", "-1", "false", "null", "101", "1e2000000000"])
    func `a quantity that is no count within the cap is refused`(value: String) {
        #expect(throws: Gate.Problem.invalidQuantity) {
            try read("{\"op\":\"purchase\",\"planId\":\"\(genuine)\",\"quantity\":\(value)}")
        }
    }

    @Test(arguments: ["1", "true", "[]", "{\"code\":\"A\"}", "\"two words\"", "\"ÅÄÖ\"", "\" \""])
    func `a couponCode that no coupon can have is refused`(value: String) {
        #expect(throws: Gate.Problem.invalidCouponCode) {
            try read("{\"op\":\"purchase\",\"planId\":\"\(genuine)\",\"couponCode\":\(value)}")
        }
    }

    /// The check value tells a made-up id from one of ours without asking the database.
    @Test(arguments: [
        "", "\"planId\":null", "\"planId\":12", "\"planId\":\"\"", "\"planId\":\"abc\"",
        "\"planId\":\"\(madeUp)\"",
        "\"planId\":\"\(genuine.uppercased())\"", "\"planId\":\" \(genuine)\"",
        "\"planId\":\"\(genuineID.uuidString)\"",
        "\"planId\":\"\(genuineID.hexString)\"", "\"planid\":\"\(genuine)\"",
    ])
    func `a planId that cannot exist is refused`(member: String) {
        let comma = member.isEmpty ? "" : ","
        for op in ["purchase", "trial"] {
            #expect(throws: Gate.Problem.invalid(.planID)) { try read("{\"op\":\"\(op)\"\(comma)\(member)}") }
        }
        #expect(throws: Gate.Problem.invalid(.planID)) {
            try read("{\"op\":\"renew\",\"subscriptionId\":\"\(genuine)\"\(comma)\(member)}")
        }
    }

    @Test(arguments: ["renew", "change-credentials", "set-rotation-policy", "switch-network"])
    func `a subscriptionId of another shape is refused before any other field`(op: String) {
        for value in ["null", "7", "\"\"", "\"abc\"", "\"\(genuine)x\"", "\"\(genuineID.uuidString)\""] {
            #expect(throws: Gate.Problem.invalid(.subscriptionID)) {
                try read("{\"op\":\"\(op)\",\"planId\":7,\"subscriptionId\":\(value)}")
            }
        }
    }

    /// A subscription that cannot exist is an unknown one: 404, which comes after every field (G5).
    @Test func `a made-up subscriptionId is read and known to be nobody's`() throws {
        #expect(
            try read("{\"op\":\"change-credentials\",\"subscriptionId\":\"\(madeUp)\"}")
                == .changeCredentials(.nobodys))
        #expect(throws: Gate.Problem.invalid(.planID)) {
            try read("{\"op\":\"renew\",\"subscriptionId\":\"\(madeUp)\",\"planId\":\"no\"}")
        }
        #expect(throws: Gate.Problem.subscriptionNotFound) { try Gate.SubscriptionReference.nobodys.known() }
    }

    @Test func `the other operations are read`() throws {
        let subscription = Gate.SubscriptionReference.id(SubscriptionID(bits: genuineID))
        #expect(
            try read(
                "{\"op\":\"renew\",\"subscriptionId\":\"\(genuine)\",\"planId\":\"\(other)\",\"quantity\":\"ignored\"}"
            )
                == .renew(
                    Gate.RenewalOrder(
                        subscription: subscription, plan: PlanID(bits: otherID), coupon: nil,
                        repeatCount: .one)))
        #expect(try read("{\"op\":\"trial\",\"planId\":\"\(genuine)\"}") == .trial(PlanID(bits: genuineID)))
        #expect(
            try read(
                "{\"op\":\"switch-network\",\"subscriptionId\":\"\(genuine)\",\"targetNetwork\":\"\(other)\"}"
            )
                == .switchNetwork(subscription, to: NetworkID(bits: otherID)))
    }

    @Test(arguments: ["0", "5", "10", "15", "30", "60", "10.0", "6e1"])
    func `a rotationPolicy of the vendor's list is read`(value: String) throws {
        guard
            case .setRotationPolicy(_, let minutes) = try read(
                "{\"op\":\"set-rotation-policy\",\"subscriptionId\":\"\(genuine)\",\"rotationPolicy\":\(value)}"
            )
        else {
            Issue.record("another operation was read")
            return
        }
        #expect([0, 5, 10, 15, 30, 60].contains(minutes))
    }

    @Test(arguments: [
        "", ",\"rotationPolicy\":7", ",\"rotationPolicy\":\"10\"", ",\"rotationPolicy\":null",
        ",\"rotationPolicy\":-5",
    ])
    func `a rotationPolicy outside the vendor's list is refused`(member: String) {
        #expect(throws: Gate.Problem.invalid(.rotationPolicy)) {
            try read("{\"op\":\"set-rotation-policy\",\"subscriptionId\":\"\(genuine)\"\(member)}")
        }
    }

    @Test(arguments: [
        "", ",\"targetNetwork\":null", ",\"targetNetwork\":\"DE-BER\"", ",\"targetNetwork\":\"\(madeUp)\"",
    ])
    func `a targetNetwork that cannot exist is refused`(member: String) {
        #expect(throws: Gate.Problem.invalid(.targetNetwork)) {
            try read("{\"op\":\"switch-network\",\"subscriptionId\":\"\(genuine)\"\(member)}")
        }
    }
}
