import Postgres
import Primitives
import SchemaFiles
import TestSupport
import Testing

/// Migration 0020 says of every calendar period what its end was counted from.
@Suite("Calendar periods of before each had its anchor", .database(invariants: false))
struct AnchorMigrationTests {
    private static let migrations = SchemaFiles.migrations.map {
        Migration(name: $0.name, up: $0.up, checkBefore: $0.checkBefore, checkAfter: $0.checkAfter)
    }

    /// Version 1 of the plan is of 30 days, version 2 of a month, version 3 of a quarter. Bought were: a trial, a month, a
    /// quarter, thirty days, a month; and, late, a month whose successor was anchored anew by a move to another zone.
    private static func sold(_ tenant: Int) -> String {
        """
        INSERT INTO plan_versions (tenant_id, plan_id, version, duration_ms, duration_months, currency, price_minor,
                                   recorded_at)
            SELECT \(tenant), pg_temp.id(12), n, ms, months, 'USD', 100, '2026-01-01Z'
            FROM (VALUES (1, 2592000000, NULL), (2, NULL, 1), (3, NULL, 3)) AS version (n, ms, months);
        INSERT INTO orders (tenant_id, id, customer_id, dialect, kind, plan_id, plan_version, quantity, repeat_count,
                            currency, list_minor, discount_minor, total_minor, state, placed_at)
            SELECT \(tenant), pg_temp.id(n), pg_temp.id(90), 'gate', kind, pg_temp.id(12), version, 1, 1, 'USD', 0, 0, 0,
                   'paid', '2026-01-01Z'
            FROM (VALUES (300, 'trial', 2), (301, 'purchase', 1), (302, 'purchase', 2), (303, 'renewal', 3))
                AS placed (n, kind, version);
        INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, plan_id, dialect, trial, started_at, active_until,
                                   next_period, anchored_at, anchored_months) VALUES
            (\(tenant), pg_temp.id(1), pg_temp.id(90), pg_temp.id(300), pg_temp.id(12), 'gate', true, '2026-01-30Z',
             '2026-07-30Z', 5, '2026-06-30Z', 1),
            (\(tenant), pg_temp.id(2), pg_temp.id(90), pg_temp.id(302), pg_temp.id(12), 'gate', false, '2026-01-31Z',
             '2026-05-30Z', 3, '2026-04-30Z', 1),
            (\(tenant), pg_temp.id(3), pg_temp.id(90), pg_temp.id(301), pg_temp.id(12), 'gate', false, '2026-01-31Z',
             '2026-03-02Z', 1, NULL, NULL);
        INSERT INTO terms (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor)
            SELECT \(tenant), pg_temp.id(subscription), place, pg_temp.id(placed), starts::timestamptz, ends::timestamptz, 0
            FROM (VALUES
                (1, 0, 300, '2026-01-30Z', '2026-01-31Z'), (1, 1, 302, '2026-01-31Z', '2026-02-28Z'),
                (1, 2, 303, '2026-02-28Z', '2026-05-31Z'), (1, 3, 301, '2026-05-31Z', '2026-06-30Z'),
                (1, 4, 302, '2026-06-30Z', '2026-07-30Z'),
                (2, 0, 302, '2026-01-31Z', '2026-02-28Z'), (2, 1, 302, '2026-03-30Z', '2026-04-30Z'),
                (2, 2, 302, '2026-04-30Z', '2026-05-30Z'),
                (3, 0, 301, '2026-01-31Z', '2026-03-02Z')
            ) AS term (subscription, place, placed, starts, ends);
        """
    }

    @Test func `every period of months is given its own, and one of a fixed length none`() async throws {
        try await withDatabase { database in
            let anchors = try await database.owner.run { connection in
                try connection.execute("CREATE SCHEMA former; SET search_path = former, pg_temp")
                _ = try Migrator(Self.migrations.filter { $0.name < "0020" })
                    .migrate(connection, now: ManualClock.start)
                try connection.execute(HealthyWorld.prelude + Self.sold(1) + Self.sold(2))
                _ = try Migrator(Self.migrations).migrate(connection, now: ManualClock.start)
                return try [Int64(1), 2].map { tenant in
                    try connection.query(
                        Statement(
                            """
                            SELECT coalesce(to_char(anchored_at AT TIME ZONE 'UTC', 'MM-DD') || ' + ' || anchored_months, '-')
                            FROM terms WHERE tenant_id = $1 ORDER BY subscription_id, period_index
                            """, [tenant])
                    ).map { try $0.get(0, as: String.self) }
                }
            }
            let expected = [
                "-", "01-31 + 1", "01-31 + 4", "-", "06-30 + 1",
                "01-31 + 1", "03-30 + 1", "04-30 + 1",
                "-",
            ]
            #expect(anchors == [expected, expected])
        }
    }
}
