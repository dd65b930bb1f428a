import Catalog
import Primitives

/// Two tenants, as everywhere: Alba sells in euros, Brio in whatever the test says.
enum Sample {
    static let alba = TenantID(1)
    static let brio = TenantID(2)
    static let now = Instant(milliseconds: 1_769_817_600_000)
    static let gate = DialectName(rawValue: "gate")

    static func id<Subject>(_ number: UInt64) -> Identifier<Subject> {
        Identifier(bits: IdentifierBits(milliseconds: 1_769_817_600_000, sequence: number))
    }

    static func currency(_ code: String) -> Currency {
        guard let currency = Currency(code) else { preconditionFailure("\(code) is not in ISO 4217") }
        return currency
    }

    static func money(_ minor: Int64, _ code: String = "EUR") -> Money {
        Money(minor: minor, currency: currency(code))
    }

    static func plan(
        price: Money? = money(12_00), wholesale: Money? = nil, currency code: String = "EUR",
        number: UInt64 = 1
    ) -> Plan {
        Plan(
            id: id(number), tenant: alba, code: "plan-\(number)", name: "Plan", product: "proxy",
            duration: .fixed(milliseconds: 30 * 86_400_000), currency: price?.currency ?? currency(code),
            price: price,
            wholesalePrice: wholesale, sellsIn: [gate])
    }

    static func coupon(_ discount: Coupon.Discount, _ change: (inout Coupon) -> Void = { _ in }) -> Coupon {
        var coupon = Coupon(id: id(1), tenant: alba, code: "WELCOME", discount: discount)
        change(&coupon)
        return coupon
    }

    static func percent(_ points: Int32) -> Coupon.Discount {
        guard let share = BasisPoints(points) else { preconditionFailure("\(points) is no percentage") }
        return .percent(share)
    }
}
