import Postgres
import Primitives
import SchemaFiles
import TestSupport
import Testing

/// The migration `ends` says when those ended whose ports were taken back before there was an end to write.
@Suite("Subscriptions of before there were ends", .database(invariants: false))
struct EndMigrationTests {
    private static let migrations = SchemaFiles.migrations.map {
        Migration(name: $0.name, up: $0.up, checkBefore: $0.checkBefore, checkAfter: $0.checkAfter)
    }

    /// Who has lost every port, one of two, none, who never had one, who renews itself, and who was refunded.
    private static func sold(_ tenant: Int) -> String {
        """
        INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, plan_id, dialect, trial, started_at, active_until,
                                   next_period, renews_at, ended_at)
            SELECT \(tenant), pg_temp.id(n), pg_temp.id(90), pg_temp.id(91), pg_temp.id(92), 'gate', false, '2026-01-01Z',
                   '2026-01-20Z', 1, renews_at::timestamptz, ended_at::timestamptz
            FROM (VALUES (1, NULL, NULL), (2, NULL, NULL), (3, NULL, NULL), (4, NULL, NULL), (5, '2026-01-20Z', NULL),
                         (6, NULL, '2026-01-02Z')) AS sold (n, renews_at, ended_at);
        INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes,
                                 rotation_choices, expires_at, allocated_at, released_at)
            SELECT \(tenant), pg_temp.id(n), place, pg_temp.id(100 + 10 * n + place), pg_temp.id(93), 0, '{}', '2026-01-20Z',
                   '2026-01-01Z', released_at::timestamptz
            FROM (VALUES (1, 1, '2026-01-21Z'), (1, 2, '2026-01-22Z'), (2, 1, '2026-01-21Z'), (2, 2, NULL), (3, 1, NULL),
                         (5, 1, '2026-01-21Z'), (6, 1, '2026-01-02Z')) AS lent (n, place, released_at);
        """
    }

    @Test func `who has no port left has ended when the last one was taken back`() async throws {
        try await withDatabase { database in
            let ended = try await database.owner.run { connection in
                try connection.execute("CREATE SCHEMA former; SET search_path = former, pg_temp")
                let before = Self.migrations.prefix { !$0.name.hasSuffix("-ends") }
                _ = try Migrator(Array(before)).migrate(connection, now: ManualClock.start)
                try connection.execute(HealthyWorld.prelude + Self.sold(1) + Self.sold(2))
                _ = try Migrator(Self.migrations).migrate(connection, now: ManualClock.start)
                return try [Int64(1), 2].map { tenant in
                    try connection.query(
                        Statement(
                            """
                            SELECT coalesce(to_char(ended_at AT TIME ZONE 'UTC', 'DD'), '-') FROM subscriptions
                            WHERE tenant_id = $1 ORDER BY id
                            """, [tenant])
                    ).map { try $0.get(0, as: String.self) }
                }
            }
            let expected = ["22", "-", "-", "-", "-", "02"]
            #expect(ended == [expected, expected])
        }
    }
}
