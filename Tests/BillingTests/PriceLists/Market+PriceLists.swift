import Catalog
import Postgres
import Primitives
import TestSupport

extension Market {
    /// Makes a group in both shops, of which the first's Ann is a member; gives back the first's.
    func group(_ code: String, of shop: Shop) async throws -> CustomerGroupID {
        let group: CustomerGroupID = ids.next(at: now)
        let other: CustomerGroupID = ids.next(at: now)
        let now = now
        try await database.owner.run { [alba, brio] connection in
            for (place, id) in [(shop, group), (shop.tenant == alba.tenant ? brio : alba, other)] {
                _ = try connection.query(
                    """
                    INSERT INTO customer_groups (tenant_id, id, code, name, created_at)
                    VALUES (\(place.tenant), \(id), \(code), \(code), \(now))
                    """)
            }
            _ = try connection.query(
                """
                UPDATE customers SET group_id = \(group) WHERE tenant_id = \(shop.tenant) AND id = \(shop.ann)
                """)
        }
        return group
    }

    /// Writes the next version of what a group pays of a plan, under the lock that `apply` takes.
    func price(_ plan: PlanID, _ minor: Int64?, for group: CustomerGroupID, in shop: Shop) async throws {
        let now = now
        try await database.owner.run { connection in
            try connection.withTransaction { connection in
                _ = try connection.query("LOCK TABLE tenants IN SHARE ROW EXCLUSIVE MODE")
                _ = try connection.query(
                    """
                    INSERT INTO group_prices
                        (tenant_id, group_id, plan_id, version, currency, price_minor, recorded_at)
                    SELECT \(shop.tenant), \(group), \(plan), coalesce(max(version), 0) + 1, \(shop.currency.code),
                           \(minor), \(now)
                    FROM group_prices
                    WHERE tenant_id = \(shop.tenant) AND group_id = \(group) AND plan_id = \(plan)
                    """)
            }
        }
    }

    /// List price, group and version of every order of a shop, oldest first.
    func pricing(of shop: Shop) async throws -> [String] {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT o.kind || ' ' || o.list_minor || coalesce(' by ' || g.code || ' ' || o.group_price_version, '')
                FROM orders o LEFT JOIN customer_groups g ON g.tenant_id = o.tenant_id AND g.id = o.group_id
                WHERE o.tenant_id = \(shop.tenant) ORDER BY o.id
                """
            ).map { try $0.get(0) }
        }
    }
}
