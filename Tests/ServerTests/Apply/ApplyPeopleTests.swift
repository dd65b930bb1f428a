import Catalog
import Foundation
import Postgres
import Primitives
import Server
import TestSupport
import Testing

@Suite("tollgate apply: customers, keys, people and money", .database)
struct ApplyPeopleTests {
    private static func keys(_ keys: String) -> String {
        edited(
            "keys: [{dialect: gate, key: rk_alba00000000000000000000000000000000, trials: true}]",
            "keys: [\(keys)]")
    }

    @Test func `only the digest of a key is stored`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            #expect(
                try await office.ask(
                    "SELECT encode(hash, 'hex'), hint, trials::text FROM api_keys ORDER BY tenant_id") == [
                        "\(CredentialDigest(of: "rk_alba00000000000000000000000000000000")) rk_…0000 true",
                        "\(CredentialDigest(of: "rk_brio00000000000000000000000000000000")) rk_…0000 false",
                    ])
            let everything = try await office.everything().joined(separator: "\n")
            #expect(!everything.contains("rk_alba0") && !everything.contains("rk_brio0"))
        }
    }

    @Test func `a key that is left out is made and shown once`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            let file = Self.keys("{dialect: gate, trials: true}, {dialect: marchproxy}")

            let dry = try await office.apply(file, dryRun: true)
            #expect(dry.generatedKeys.isEmpty)
            #expect(dry.lines.contains { $0.description == "+ alba key ann@example.com gate, made" })

            let first = try await office.apply(file)
            #expect(first.generatedKeys.map(\.dialect.rawValue) == ["gate", "marchproxy"])
            #expect(
                first.generatedKeys.allSatisfy { $0.tenant == "alba" && $0.customer == "ann@example.com" })
            let key = try #require(first.generatedKeys.first?.key)
            #expect(key.hasPrefix("rk_") && key.count == 43)
            #expect(first.text.contains("API keys, shown this once:\n  alba ann@example.com gate \(key)\n"))
            #expect(
                try await office.ask(
                    "SELECT trials::text FROM api_keys WHERE hash = '\\x\(CredentialDigest(of: key))'")
                    == ["true"])

            let second = try await office.apply(file)
            #expect(second.lines.isEmpty && second.generatedKeys.isEmpty)

            let changed = try await office.apply(Self.keys("{dialect: gate}, {dialect: marchproxy}"))
            #expect(
                changed.lines.map(\.description) == [
                    "~ alba key ann@example.com gate \(Gate.keyForm.hint(key)): trials (yes -> no)"
                ])

            let another = try await office.apply(
                Self.keys("{dialect: gate}, {dialect: gate}, {dialect: marchproxy}"))
            #expect(another.generatedKeys.count == 1)
            #expect(try await office.apply(file, prune: true).deactivatedCount == 1)
        }
    }

    @Test func `a key's addresses and end are as the file says`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            let pinned = Self.keys(
                "{dialect: gate, key: rk_alba00000000000000000000000000000000, trials: true, "
                    + "allow: [2001:DB8::/32, 10.0.0.0/8, 10.0.0.0/8], expires_at: 2026-03-01T01:00:00+01:00}"
            )
            try await office.apply(pinned)
            let stored =
                "SELECT allowed_sources::text || ' ' || expires_at::text FROM api_keys WHERE tenant_id = 1"
            #expect(try await office.ask(stored) == ["{10.0.0.0/8,2001:db8::/32} 2026-03-01 00:00:00+00"])
            #expect(try await office.apply(pinned).lines.isEmpty)

            #expect(
                try await office.apply(shop).lines.map(\.description) == [
                    "~ alba key ann@example.com gate rk_…0000: "
                        + "expires_at (2026-03-01T00:00:00.000Z -> never), allow ([10.0.0.0/8, 2001:db8::/32] -> anywhere)"
                ])
            #expect(
                try await office.ask("SELECT count(*)::text FROM api_keys WHERE allowed_sources IS NULL") == [
                    "2"
                ])
        }
    }

    /// The file's made key is found by its end, so that an end that is over takes no other key with it.
    @Test func `a made key that has ended stays the one that is meant, and none is made for it`() async throws
    {
        try await withDatabase { database in
            let office = Office(database: database)
            let file = Self.keys("{dialect: gate, expires_at: 2026-02-28T00:00:00Z}")
            #expect(try await office.apply(file).generatedKeys.count == 1)
            #expect(
                try await office.apply(
                    Self.keys("{dialect: gate, expires_at: 2026-02-28T00:00:00Z}, {dialect: gate}")
                ).generatedKeys.count == 1)
            database.clock.advance(days: 60)

            let report = try await office.apply(file)
            #expect(report.lines.isEmpty && report.generatedKeys.isEmpty)
            let never = Self.keys("{dialect: gate, expires_at: 2026-01-01T00:00:00Z}")
            #expect(try await office.apply(never).lines.isEmpty)
        }
    }

    @Test(arguments: [
        ("allow: []", "allow: names no address; leave it out for a key that may be used from anywhere"),
        ("allow: 10.0.0.1", "allow: must be a list, not the text \"10.0.0.1\""),
        (
            "allow: [10.0.0.1/8]",
            "allow: \"10.0.0.1/8\" has bits set beyond its length; the network is 10.0.0.0/8"
        ),
        (
            "allow: [example.com]",
            "allow: \"example.com\" is no address or network, like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32"
        ),
        (
            "allow: [10.0.0]",
            "allow: \"10.0.0\" is no address or network, like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32"
        ),
        (
            "expires_at: soon",
            "expires_at: \"soon\" is no time of RFC 3339 with a zone, like 2026-01-31T00:00:00Z"
        ),
    ])
    func `what a key's addresses and end cannot be is said`(field: String, message: String) async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            await #expect {
                try await office.apply(Self.keys("{dialect: gate, \(field)}"))
            } throws: {
                "\($0)".hasSuffix(": \(message)")
            }
            let stored = try await office.ask("SELECT count(*)::text FROM api_keys")
            #expect(stored == ["0"])
        }
    }

    @Test func `a revoked key stays revoked, and the file hears about it`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            try await database.execute(
                "UPDATE api_keys SET revoked_at = '2026-01-31T00:00:00Z' WHERE tenant_id = 1")

            let report = try await office.apply(shop)

            #expect(report.lines.isEmpty)
            #expect(
                report.warnings == [
                    "shop.yaml:16:37: key rk_…0000 of ann@example.com is revoked and stays so; put another one in its place"
                ])
            #expect(report.text.hasPrefix("! shop.yaml:16:37: key"))
        }
    }

    @Test func `a key that is not active, or left out when pruning, is revoked`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            #expect(
                try await office.apply(edited("trials: true", "trials: true, active: false")).lines.map(
                    \.description)
                    == ["~ alba key ann@example.com gate rk_…0000: active (yes -> no)"])
            #expect(
                try await office.apply(
                    edited(
                        "keys: [{dialect: gate, key: rk_brio00000000000000000000000000000000}]", "keys: []"),
                    prune: true
                ).lines.map(\.description) == ["- brio key ann@example.com gate rk_…0000"])
            #expect(
                try await office.ask("SELECT (revoked_at IS NOT NULL)::text FROM api_keys") == [
                    "true", "true",
                ])
        }
    }

    @Test func `a key belongs to one customer and one dialect`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let other = """
                tenants:
                  - slug: corvo
                    name: Corvo
                    currency: USD
                    customers:
                      - {email: x@example.com, username: x, keys: [{dialect: gate, key: rk_alba00000000000000000000000000000000}]}
                """
            await #expect {
                try await office.apply(other)
            } throws: { "\($0)" == "shop.yaml:6:73: this key belongs to another customer" }
        }
    }

    @Test func `an opening balance is posted once; another figure later is only remarked upon`() async throws
    {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            var file = edited("100.00 EUR", "250.00 EUR")
            file = edited("500.00 EUR", "900.00 EUR", in: file)

            let report = try await office.apply(file)

            #expect(report.lines.isEmpty)
            #expect(
                report.warnings == [
                    "shop.yaml:5:24: the opening balance of wholesale float was posted as 500.00 EUR and stays so; use "
                        + "`tollgate customer credit` to change what is there",
                    "shop.yaml:15:18: the opening balance of ann@example.com was posted as 100.00 EUR and stays so; use "
                        + "`tollgate customer credit` to change what is there",
                ])
            #expect(
                try await office.ask(
                    "SELECT reason, actor FROM journal_entries WHERE tenant_id = 1 ORDER BY reason")
                    == ["float_top_up tollgate apply", "top_up tollgate apply"])
        }
    }

    @Test func `an opening balance that comes later is posted then`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(edited("        balance: \"100.00 EUR\"\n", ""))
            let report = try await office.apply(shop)
            #expect(report.lines.map(\.description) == ["+ alba balance ann@example.com 100.00 EUR"])
            #expect(try await office.apply(shop).lines.isEmpty)
        }
    }

    @Test(.database(invariants: false)) func `a credit limit that the balance exceeds already is refused`()
        async throws
    {
        try await withDatabase { database in
            let office = Office(database: database)
            let limited = edited("username: ann\n", "username: ann\n        credit_limit: \"5.00 EUR\"\n")
            try await office.apply(limited)
            try await database.execute(
                "UPDATE accounts SET balance_minor = -300 WHERE role = 'wallet' AND tenant_id = 1")
            await #expect {
                try await office.apply(edited("5.00 EUR", "2.99 EUR", in: limited))
            } throws: {
                "\($0)"
                    == "shop.yaml:15:23: the wallet of ann@example.com is at -3.00 EUR, which a credit limit of "
                    + "2.99 EUR does not allow"
            }
            #expect(try await office.apply(edited("5.00 EUR", "3.00 EUR", in: limited)).changedCount == 1)
        }
    }

    @Test(arguments: [
        (
            "email: ann@example.com\n", "email: bea@example.com\n",
            "shop.yaml:13:9: username \"ann\" is that of customer \"ann@example.com\""
        ),
        (
            "[{username: ann, email: ann@example.com, password: secret",
            "[{username: bea, email: ann@example.com, password: secret",
            "shop.yaml:17:17: email \"ann@example.com\" is that of user \"ann\""
        ),
        (
            "    customers:\n",
            "    customers:\n      - {email: b@example.com, username: b, users: [{username: ann, email: b@c, password: x, role: viewer}]}\n",
            ""
        ),
    ])
    func `names of customers and people are one person's`(
        old: String, new: String, message: String
    ) async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            await #expect {
                try await office.apply(edited(old, new))
            } throws: { error in
                message.isEmpty ? "\(error)".contains("user \"ann\" is listed twice") : "\(error)" == message
            }
        }
    }

    /// A password is compared before the transaction; who changes it in between is not overruled unseen.
    @Test func `a password is hashed once and kept as long as it is the same`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let hashes = try await office.ask("SELECT password_hash FROM customer_users ORDER BY tenant_id")
            #expect(hashes == ["1$secret", "2$other"])
            try await office.apply(shop)
            #expect(
                try await office.ask("SELECT password_hash FROM customer_users ORDER BY tenant_id") == hashes)
            try await office.apply(edited("role: admin", "role: editor"))
            #expect(
                try await office.ask("SELECT password_hash FROM customer_users ORDER BY tenant_id") == hashes)
        }
    }

    /// The engine locks accounts first and coupons later; an apply that did it the other way round would make
    /// buyers the victims of deadlocks.
    @Test func `applies that post money and change coupons do not deadlock with buyers`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let engine = database.pool(.engine, threads: 2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        for _ in 0..<100 { try await engine.run { try Self.lockAsABuyerDoes($0) } }
                    }
                }
                group.addTask {
                    for round in 0..<20 {
                        let newcomer =
                            "      - {email: n\(round)@example.com, username: n\(round), balance: \"1 EUR\"}\n"
                        var file = edited("    customers:\n", "    customers:\n\(newcomer)")
                        file = edited("max_redemptions: 10", "max_redemptions: \(11 + round)", in: file)
                        let report = try await office.apply(file)
                        #expect(report.createdCount == 2 && report.changedCount == 1)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Without the pool's retries, so that a deadlock is an error of the test.
    private static func lockAsABuyerDoes(_ connection: Connection) throws {
        try connection.withTransaction { connection in
            _ = try connection.query(
                "SELECT id FROM accounts WHERE tenant_id = 1 ORDER BY owner_id, role FOR NO KEY UPDATE")
            _ = try connection.query(CouponStore.locking([(TenantID(1), "WELCOME")]))
        }
    }
}
