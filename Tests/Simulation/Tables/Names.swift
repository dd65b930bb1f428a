internal import Billing
internal import Catalog
internal import Primitives

/// Which id stands for which number. Tenants' customers, plans and coupons have the same ids on purpose: whoever forgets
/// to ask for the tenant meets the neighbour's.
enum Names {
    private enum Kind: UInt64 {
        case customer = 1, principal, plan, coupon, network, slot, command, account, gateway, stranger
    }

    static func customer(_ number: Int) -> CustomerID { id(.customer, number) }
    static func principal(_ number: Int) -> PrincipalID { id(.principal, number) }
    static func plan(_ number: Int) -> PlanID { id(.plan, number) }
    static func coupon(_ number: Int) -> CouponID { id(.coupon, number) }
    static func network(_ number: Int) -> NetworkID { id(.network, number) }
    static func command(_ number: Int) -> CommandID { id(.command, number) }
    static func account(_ number: Int) -> AccountID { id(.account, number) }
    static func order(_ number: Int) -> OrderID { command(number).retyped() }
    static func slot(_ name: SlotName) -> SlotID { id(.slot, name.network.number << 16 | name.index) }
    static let gateway: GatewayID = id(.gateway, 1)
    /// A subscription that nobody has.
    static let stranger: SubscriptionID = id(.stranger, 1)

    static func tenant(_ number: Int) -> TenantID { TenantID(Int64(number)) }
    static func door(_ name: String) -> DialectName { DialectName(rawValue: name) }
    static func reference(_ number: Int) -> String { "R\(number)" }
    static func key(_ number: Int) -> String { "K\(number)" }

    static func code(_ number: Int) -> CouponCode {
        guard let code = CouponCode("C\(number)") else { preconditionFailure("a number makes a code") }
        return code
    }

    static func number<Subject>(_ id: Identifier<Subject>) -> Int { Int(id.bits.low) }

    static func slotName(_ slot: SlotID, _ tenant: TenantID) -> SlotName {
        let number = number(slot)
        return SlotName(
            network: Name(tenant: Int(tenant.number), number: number >> 16), index: number & 0xFFFF)
    }

    private static func id<Subject>(_ kind: Kind, _ number: Int) -> Identifier<Subject> {
        Identifier(bits: IdentifierBits(high: kind.rawValue << 40, low: UInt64(number)))
    }
}
