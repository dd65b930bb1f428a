import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Sandboxes of a catalogue file", .database)
struct SandboxApplyTests {
    private static let test = "rk_test_alba0000000000000000000000000000000"

    /// The shop, of whose tenants Alba has a sandbox and Ann a test key.
    private static let file = edited(
        "trials: true}]", "trials: true}, {dialect: gate, key: \(test)}]",
        in: edited("name: Alba", "name: Alba\n    sandbox: true"))

    private func inOffice(_ body: (Office) async throws -> Void) async throws {
        try await withDatabase { try await body(Office(database: $0)) }
    }

    @Test func `a sandbox is made once, with the catalogue and the customers who have a test key`()
        async throws
    {
        try await inOffice { office in
            let report = try await office.apply(Self.file)
            let lines = report.lines.map(\.description)
            for line in [
                "+ tenant alba-sandbox", "+ alba-sandbox plan month", "+ alba-sandbox coupon WELCOME",
                "+ alba-sandbox gateway one", "+ alba-sandbox customer ann@example.com",
                "+ alba-sandbox key ann@example.com gate rk_test_…0000",
                "+ alba-sandbox balance ann@example.com 10000.00 EUR",
            ] { #expect(lines.contains(line), "\(line) in \(lines)") }
            #expect(!lines.contains { $0.contains("brio-sandbox") || $0.contains("alba-sandbox host") })

            #expect(
                try await office.ask(
                    "SELECT slug, sandbox_of::text, clock_ahead_ms::text FROM tenants ORDER BY id") == [
                        "alba - 0", "alba-sandbox 1 0", "brio - 0",
                    ])
            #expect(
                try await office.ask(
                    "SELECT t.slug, k.hint FROM api_keys k JOIN tenants t ON t.id = k.tenant_id ORDER BY t.id"
                )
                    == ["alba rk_…0000", "alba-sandbox rk_test_…0000", "brio rk_…0000"])
            #expect(
                try await office.ask(
                    "SELECT t.slug, g.driver, g.last_port::text FROM gateways g JOIN tenants t ON t.id = g.tenant_id ORDER BY t.id"
                ) == ["alba simulated 12200", "alba-sandbox simulated 12200", "brio simulated 12200"])

            let before = try await office.everything()
            let again = try await office.apply(Self.file)
            #expect(again.lines.isEmpty && again.warnings.isEmpty, "\(again.text)")
            #expect(try await office.everything() == before)
        }
    }

    @Test func `an edit changes both, and nobody else`() async throws {
        try await inOffice { office in
            try await office.apply(Self.file)
            let report = try await office.apply(edited("12.00 EUR", "13.00 EUR", in: Self.file))
            #expect(
                report.lines.map(\.description) == [
                    "~ alba plan month: price (12.00 EUR -> 13.00 EUR)",
                    "~ alba-sandbox plan month: price (12.00 EUR -> 13.00 EUR)",
                ])
            #expect(
                try await office.ask("SELECT tenant_id::text, version::text FROM plans ORDER BY tenant_id")
                    == ["1 2", "2 2", "3 1"])
        }
    }

    @Test func `pruning reaches into the sandbox and spares the doubles of who is listed`() async throws {
        try await inOffice { office in
            try await office.apply(Self.file)
            let work = OperatorWork(
                pool: office.database.owner, identifiers: SequentialIdentifiers(),
                random: SeededRandom(seed: 2), actor: "a test")
            let people =
                "        users: [{username: ann, email: ann@example.com, password: secret, role: admin}]\n"
            let withBen = edited(
                people, people + "      - {email: ben@example.com, username: ben}\n", in: Self.file)
            try await office.apply(withBen)
            _ = try await work.createKey(
                for: "ben", of: "alba", in: Gate.name, Gate.keyForm, .init(), for: .test)
            let kept = try await office.apply(withBen, prune: true)
            #expect(kept.lines.isEmpty, "\(kept.text)")

            let without = withBen.replacing(
                "    coupons: [{code: WELCOME, percent_off: \"20\", max_redemptions: 10, plans: [month]}]\n",
                with: "")
            let pruned = try await office.apply(without, prune: true)
            #expect(
                pruned.lines.map(\.description) == [
                    "- alba coupon WELCOME", "- alba-sandbox coupon WELCOME",
                ])
            let gone = try await office.apply(
                without.replacing("      - {email: ben@example.com, username: ben}\n", with: ""), prune: true)
            #expect(
                gone.lines.map(\.description) == [
                    "- alba customer ben@example.com", "- alba-sandbox customer ben@example.com",
                ], "\(gone.text)")
        }
    }

    @Test func `a tenant that says nothing of a sandbox any more has its sandbox closed, and back as it was`()
        async throws
    {
        try await inOffice { office in
            try await office.apply(Self.file)
            let closed = try await office.apply(shop)
            #expect(closed.lines.map(\.description) == ["- tenant alba-sandbox"])
            #expect(try await office.apply(shop).lines.isEmpty)
            #expect(try await office.apply(shop, prune: true).lines.isEmpty)
            let opened = try await office.apply(Self.file)
            #expect(opened.lines.map(\.description) == ["~ tenant alba-sandbox: active (no -> yes)"])
        }
    }

    @Test func `a tenant that has the name already is not taken over`() async throws {
        try await inOffice { office in
            try await office.apply(shop)
            try await office.ask(
                "UPDATE tenants SET slug = 'alba-sandbox' WHERE slug = 'brio' RETURNING slug")
            let before = try await office.everything()
            let error = await #expect(throws: ApplyError.self) { try await office.apply(Self.file) }
            #expect(error.map { "\($0)" }?.contains("is there already and no sandbox") == true)
            #expect(try await office.everything() == before)
        }
    }

    /// Ten uses of the coupon, worth 40.00, and a debt of 5.00 in the sandbox; the live tenant has neither.
    @Test func `what was used up in a sandbox does not keep the live catalogue from being changed`()
        async throws
    {
        try await inOffice { office in
            let file = edited(
                "username: ann\n", "username: ann\n        credit_limit: \"50.00 EUR\"\n", in: Self.file)
            try await office.apply(file)
            try await office.ask(
                """
                UPDATE coupons SET redeemed_count = 10, discounted_minor = 4000 WHERE tenant_id = 2 RETURNING code
                """)
            try await office.ask(
                "UPDATE accounts SET balance_minor = -500 WHERE tenant_id = 2 AND role = 'wallet' RETURNING role"
            )
            let edit = edited(
                "credit_limit: \"50.00 EUR\"", "credit_limit: \"1.00 EUR\"",
                in: edited("max_redemptions: 10", "max_redemptions: 3, budget: \"30.00 EUR\"", in: file))
            let report = try await office.apply(edit)
            #expect(
                Set(report.lines.map(\.description)) == [
                    "~ alba coupon WELCOME: budget (none -> 30.00 EUR), max_redemptions (10 -> 3)",
                    "~ alba-sandbox coupon WELCOME: budget (none -> 40.00 EUR)",
                    "~ alba customer ann@example.com: credit_limit (50.00 EUR -> 1.00 EUR)",
                    "~ alba-sandbox customer ann@example.com: credit_limit (50.00 EUR -> 5.00 EUR)",
                ])
            #expect(try await office.apply(edit).lines.isEmpty)
            // The books were bent for this: put back what the invariants look for.
            try await office.ask(
                "UPDATE coupons SET redeemed_count = 0, discounted_minor = 0 WHERE tenant_id = 2 RETURNING code"
            )
            try await office.ask(
                "UPDATE accounts SET balance_minor = 1000000 WHERE tenant_id = 2 AND role = 'wallet' RETURNING role"
            )
        }
    }

    @Test func `a test key that is left out is made for the sandbox and shown once`() async throws {
        try await inOffice { office in
            let file = Self.file.replacing("key: \(Self.test)", with: "test: true")
            let report = try await office.apply(file)
            let key = try #require(report.generatedKeys.first)
            #expect(key.tenant == "alba-sandbox" && Gate.keyForm.accepts(key.key, for: .test))
            #expect(try await office.apply(file).lines.isEmpty)
        }
    }

    @Test func `the demo catalogue has sandboxes whose ports are no second claim`() async throws {
        try await inOffice { office in
            try await office.apply(Office.demo())
            #expect(
                try await office.ask("SELECT slug FROM tenants WHERE sandbox_of IS NOT NULL ORDER BY id") == [
                    "acme-sandbox", "volga-sandbox",
                ])
        }
    }
}
