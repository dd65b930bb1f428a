public import Catalog
public import Postgres
public import Primitives

/// Reads what a coupon asks about a customer outside of a group, as a group reads it; nothing is locked.
public enum CouponUserStore {
    /// For one snapshot, with the rights of a door; its result goes to `user`.
    public static func uses(of coupon: CouponCode, by customer: CustomerID, _ tenant: TenantID) -> Statement {
        let name = CouponCustomer(coupon: coupon, customer: customer)
        return SaleStore.couponUses([TenantKey(tenant: tenant, name: name)], refunding: false)
    }

    /// - Returns: a stranger who never bought, where the customer has no use for the coupon yet.
    public static func user(_ result: ResultSet) throws -> CouponUser {
        var rows = GroupRows()
        try SaleStore.couponUses(result, into: &rows)
        guard let uses = rows.couponUses.values.first else { return CouponUser() }
        return CouponUser(
            redemptions: Int32(uses.ordinals.count), email: uses.email,
            hasOrdered: rows.standingOrders.values.contains { !$0.isEmpty })
    }
}
