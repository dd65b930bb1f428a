import Postgres
import Primitives
import SchemaFiles
import TestSupport
import Testing

/// Migration 0010 moves what plans had among their attributes into columns.
@Suite("Plans of before several networks", .database(invariants: false))
struct PlanMigrationTests {
    private static let migrations = SchemaFiles.migrations.map {
        Migration(name: $0.name, up: $0.up, checkBefore: $0.checkBefore, checkAfter: $0.checkAfter)
    }

    /// Both tenants have the same codes, for other networks.
    private static func shop(_ tenant: Int) -> String {
        """
        INSERT INTO networks (tenant_id, id, code, city, country, type, exit_class, created_at)
            SELECT \(tenant), pg_temp.id(\(tenant)00 + n), code, 'Town', 'NL', 'mobile', 'mobile', now()
            FROM (VALUES (1, 'NL'), (2, 'DE'), (3, 'AT')) AS network (n, code);
        INSERT INTO plans (tenant_id, id, code, name, product, connection, network_id, currency, attributes, version,
                           sort_order, created_at)
            SELECT \(tenant), pg_temp.id(\(tenant)10 + n), code, code, 'proxy', connection, network_id, 'USD', attributes::jsonb,
                   1, n, now()
            FROM (VALUES
                (1, 'one', 'private', pg_temp.id(\(tenant)01), '{}'),
                (2, 'three', NULL, NULL, '{"networks": ["DE", "AT", "NL"], "threads": 200, "limits": {"a": 1},
                    "countries": ["mixed", "nl"], "rotations": ["instant", "5m"]}'),
                (3, 'none', NULL, NULL, '{"threads": null, "bandwidth_gb": 5}'),
                (4, 'odd', NULL, NULL, '{"networks": ["NL", "GONE"], "countries": ["n_l"], "rotations": ["90s"]}')
            ) AS plan (n, code, connection, network_id, attributes);
        """
    }

    private func plans(_ connection: Connection, _ tenant: Int) throws -> [String] {
        try connection.query(
            Statement(
                """
                SELECT concat_ws(' | ', code,
                    (SELECT string_agg(n.code, ',' ORDER BY place)
                     FROM unnest(network_ids) WITH ORDINALITY AS taken (id, place)
                     JOIN networks n ON n.tenant_id = plans.tenant_id AND n.id = taken.id),
                    coalesce(threads::text, '-'), exits::text, exit_rotations::text, attributes::text)
                FROM plans WHERE tenant_id = $1 ORDER BY sort_order
                """, [Int64(tenant)])
        ).map { try $0.get(0) }
    }

    @Test func `networks, threads and exits become columns, and what has no form of today stays`()
        async throws
    {
        try await withDatabase { database in
            let migrated = try await database.owner.run { connection in
                try connection.execute("CREATE SCHEMA former; SET search_path = former, pg_temp")
                _ = try Migrator(Self.migrations.filter { $0.name < "0010" })
                    .migrate(connection, now: ManualClock.start)
                try connection.execute(HealthyWorld.prelude + Self.shop(1) + Self.shop(2))
                #expect(
                    try Migrator(Self.migrations).migrate(connection, now: ManualClock.start).first
                        == "0010-plans-on-several-networks")
                return try [1, 2].map { try plans(connection, $0) }
            }
            let expected = [
                "one | NL | - | {} | {} | {}",
                #"three | DE,AT,NL | 200 | {mixed,nl} | {instant,5m} | {"limits": {"a": 1}}"#,
                #"none | - | {} | {} | {"bandwidth_gb": 5}"#,
                #"odd | - | {} | {} | {"networks": ["NL", "GONE"], "countries": ["n_l"], "rotations": ["90s"]}"#,
            ]
            #expect(migrated == [expected, expected])
        }
    }

    @Test(arguments: [
        (
            "network_ids = '{00000000-0000-7000-8000-000000000001,NULL}'",
            "plan_takes_one_slot_on_each_network"
        ),
        (
            "network_ids = '{00000000-0000-7000-8000-000000000001,00000000-0000-7000-8000-000000000001}'",
            "plan_takes_one_slot_on_each_network"
        ),
        ("connection = 'private'", "plan_of_private_ports_has_a_network"),
        ("threads = 0", "plan_threads_are_positive"),
        ("exits = '{N}', exit_rotations = '{instant}'", "plan_exits_are_words"),
        ("exits = '{nl,de,nl}', exit_rotations = '{instant}'", "plan_exits_are_words"),
        ("exits = '{nl,NULL}', exit_rotations = '{instant}'", "plan_exits_are_words"),
        ("exits = '{nl}', exit_rotations = '{0m}'", "plan_exit_rotations_are_intervals"),
        ("exits = '{nl}', exit_rotations = '{100000m}'", "plan_exit_rotations_are_intervals"),
        ("exits = '{nl}', exit_rotations = '{5m,instant,5m}'", "plan_exit_rotations_are_intervals"),
        ("exits = '{nl}'", "plan_offers_exits_with_rotations"),
    ])
    func `what a file may not say no row may hold`(change: String, constraint: String) async throws {
        try await withDatabase { database in
            let error = await #expect(throws: PostgresError.self) {
                try await database.owner.run { connection in
                    try connection.execute(
                        """
                        \(HealthyWorld.prelude)
                        INSERT INTO plans (tenant_id, id, code, name, product, currency, version, sort_order, created_at)
                            VALUES (1, pg_temp.id(1), 'a', 'A', 'proxy', 'USD', 1, 1, now());
                        UPDATE plans SET \(change);
                        """)
                }
            }
            #expect(error?.constraint == constraint)
        }
    }
}
