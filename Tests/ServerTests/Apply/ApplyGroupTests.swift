import Catalog
import Postgres
import Primitives
import Server
import TestSupport
import Testing

@Suite("tollgate apply: groups and who is in them", .database)
struct ApplyGroupTests {
    private static let grouped = edited(
        "    customers:", "    groups: [{code: gold, prices: {month: \"10.00 EUR\"}}]\n    customers:")

    private static func ann(_ group: String) -> String {
        edited("username: ann\n", "username: ann\n        group: \(group)\n", in: grouped)
    }

    private static let members = """
        SELECT t.slug, c.username, g.code FROM customers c JOIN tenants t ON t.id = c.tenant_id
        LEFT JOIN customer_groups g ON g.tenant_id = c.tenant_id AND g.id = c.group_id ORDER BY 1, 2
        """

    @Test func `a customer joins, stays where nothing is said, and leaves`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let joined = try await office.apply(Self.ann("gold"))
            #expect(
                joined.lines.map(\.description) == [
                    "+ alba group gold", "~ alba customer ann@example.com: group (none -> gold)",
                ])
            #expect(try await office.ask(Self.members) == ["alba ann gold", "brio ann -"])
            #expect(try await office.apply(Self.ann("gold")).lines.isEmpty)
            #expect(try await office.apply(shop).lines.isEmpty, "what is left out is left alone")
            #expect(try await office.ask(Self.members) == ["alba ann gold", "brio ann -"])

            let left = try await office.apply(Self.ann("null"))
            #expect(
                left.lines.map(\.description) == ["~ alba customer ann@example.com: group (gold -> none)"])
            #expect(try await office.ask(Self.members) == ["alba ann -", "brio ann -"])
        }
    }

    @Test func `a group that is not there is an error at its place, and nothing is written`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let before = try await office.everything()
            await #expect {
                try await office.apply(Self.ann("golf"))
            } throws: { error in
                "\(error)".contains("tenant \"alba\" has no group \"golf\"; did you mean \"gold\"?")
            }
            // The other tenant's group of the same name is not this one's.
            await #expect {
                try await office.apply(
                    edited(
                        "balance: \"5000 JPY\"", "group: gold\n        balance: \"5000 JPY\"",
                        in: Self.grouped))
            } throws: { error in
                "\(error)".contains("tenant \"brio\" has no group \"gold\"")
            }
            #expect(try await office.everything() == before)
        }
    }

    /// The file says nothing of the group, and changes the name of somebody whom staff are putting into one.
    @Test func `an apply waits for who changes a customer, and writes nothing over`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(Self.grouped)
            let staff = try Connection(database.configuration())
            defer { staff.close() }
            _ = try staff.query("BEGIN")
            _ = try staff.query(
                """
                UPDATE customers c SET group_id = g.id FROM customer_groups g
                WHERE g.tenant_id = c.tenant_id AND c.username = 'ann'
                """)
            let renamed = edited("username: ann\n", "username: anne\n", in: Self.grouped)
            async let applying = office.apply(renamed)
            try await eventually("an apply that waits") {
                try await office.ask(
                    "SELECT count(*)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                        + "AND datname = current_database()") != ["0"]
            }
            _ = try staff.query("COMMIT")
            _ = try await applying
            #expect(try await office.ask(Self.members) == ["alba anne gold", "brio ann -"])
        }
    }

    @Test func `a dry run writes no group, and pruning switches one off with its members in it`() async throws
    {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let dry = try await office.apply(Self.ann("gold"), dryRun: true)
            #expect(dry.lines.count == 2)
            #expect(try await office.ask("SELECT count(*)::text FROM customer_groups") == ["0"])
            try await office.apply(Self.ann("gold"))
            let pruned = try await office.apply(shop, prune: true)
            #expect(pruned.lines.map(\.description) == ["- alba group gold"])
            #expect(try await office.ask("SELECT code, active::text FROM customer_groups") == ["gold false"])
            #expect(try await office.ask(Self.members) == ["alba ann gold", "brio ann -"])
        }
    }

    @Test func `a double is in the sandbox's group of the same name`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            let file = edited(
                "keys: [{dialect: gate, key: rk_alba00000000000000000000000000000000, trials: true}]",
                "keys: [{dialect: gate, key: rk_test_alba0000000000000000000000000000000000000}]",
                in: edited(
                    "    currency: EUR\n", "    currency: EUR\n    sandbox: true\n", in: Self.ann("gold")))
            try await office.apply(file)
            #expect(
                try await office.ask(Self.members) == [
                    "alba ann gold", "alba-sandbox ann gold", "brio ann -",
                ])
            #expect(try await office.ask("SELECT count(DISTINCT id)::text FROM customer_groups") == ["2"])
        }
    }
}
