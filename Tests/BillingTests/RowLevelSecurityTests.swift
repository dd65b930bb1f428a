import Postgres
import Primitives
import TestSupport
import Testing

@Suite("Rights in the database", .database)
struct RowLevelSecurityTests {
    private static let tenantTables = [
        "customers", "customer_users", "networks", "plans", "plan_versions", "coupons", "accounts",
        "journal_entries",
        "transfers", "postings", "orders", "subscriptions", "terms", "coupon_redemptions", "coupon_promises",
        "trial_grants",
        "gateways",
        "gateway_states", "slots", "credential_history", "allocations", "idempotency_keys", "outbox_events",
    ]

    @Test func `without a tenant a door sees no row of any tenant table, with one only its own`() async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                    _ = try await engine.submit(market.purchase(shop, key: "k"))
                }
            }
            let doors = database.pool(.door)
            for table in Self.tenantTables {
                let count = Statement(
                    unsafeRaw: "SELECT count(*), count(*) FILTER (WHERE tenant_id <> 1) FROM \(table)")
                let nobody = try await doors.run { try $0.query(count)[0].get(0, as: Int64.self) }
                #expect(nobody == 0, "\(table) shows rows without a tenant")
                let (all, foreign) = try await doors.read(tenant: market.alba.tenant, count) { result in
                    (try result[0].get(0, as: Int64.self), try result[0].get(1, as: Int64.self))
                }
                #expect(foreign == 0, "\(table) shows another tenant's rows")
                let empty = [
                    "customer_users", "coupons", "coupon_redemptions", "coupon_promises", "trial_grants",
                    "gateway_states",
                    "credential_history",
                ]
                #expect(all > 0 || empty.contains(table), "\(table) shows not even its own rows")
            }
        }
    }

    @Test(arguments: [DatabaseRole.door, .worker, .engine])
    func `no role deletes, and nobody rewrites what is posted`(role: DatabaseRole) async throws {
        try await withDatabase { database in
            _ = try await Market.open(database)
            let pool = database.pool(role)
            var forbidden = ["transfers", "journal_entries", "orders", "accounts", "terms"].map {
                "DELETE FROM \($0)"
            }
            forbidden += [
                "UPDATE transfers SET amount_minor = 1", "UPDATE journal_entries SET memo = ''",
                "UPDATE terms SET amount_minor = 0", "UPDATE accounts SET floor_minor = NULL",
            ]
            if role != .engine {
                forbidden += [
                    "UPDATE accounts SET balance_minor = 0", "UPDATE orders SET refunded_minor = 0",
                ]
            }
            for statement in forbidden {
                let error = await #expect(throws: PostgresError.self, "\(role) may \(statement)") {
                    try await pool.transaction(tenant: TenantID(1)) {
                        _ = try $0.query(Statement(unsafeRaw: statement))
                    }
                }
                #expect(error?.sqlState == .insufficientPrivilege)
            }
        }
    }

    @Test func `a door writes no row of another tenant`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let doors = database.pool(.door)
            let event: CommandID = market.ids.next(at: market.now)
            await #expect(throws: PostgresError.self) {
                try await doors.transaction(tenant: market.alba.tenant) { transaction in
                    _ = try transaction.query(
                        """
                        INSERT INTO outbox_events (tenant_id, id, kind, payload, recorded_at)
                        VALUES (\(market.brio.tenant), \(event), 'x', '{}', \(transaction.now))
                        """)
                }
            }
        }
    }
}
