import Catalog
import Foundation
import Postgres
import Primitives
import Server
import TestSupport
import Testing

@Suite("tollgate apply", .database)
struct ApplyTests {
    @Test func `the demo catalogue twice is nothing the second time`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            let first = try await office.apply(Office.demo())
            #expect(first.changedCount == 0 && first.deactivatedCount == 0 && first.warnings.isEmpty)
            #expect(first.generatedKeys.isEmpty)
            let before = try await office.everything()

            let second = try await office.apply(Office.demo())

            #expect(second.lines.isEmpty && second.warnings.isEmpty)
            #expect(second.text == "nothing to change\n")
            #expect(try await office.everything() == before)
            #expect(try await office.apply(Office.demo(), prune: true).lines.isEmpty)
            #expect(
                try await office.ask(
                    """
                    SELECT c.username, a.balance_minor::text, a.currency FROM customers c
                    JOIN accounts a ON a.tenant_id = c.tenant_id AND a.owner_id = c.id ORDER BY 1, 2
                    """) == [
                        "alice 100000 USD", "alice 1000000 USD", "bob 1199 USD", "carol 1000000 RUB",
                        "carol 15000000 RUB", "load 100000000 USD", "load 900000000 RUB",
                    ], "what stands twice is in a sandbox too")
            #expect(
                try await office.ask(
                    "SELECT balance_minor::text FROM accounts WHERE role = 'float' ORDER BY tenant_id")
                    == ["500000", "500000", "0", "0"])
        }
    }

    @Test func `what an apply has filled, the planner knows at once; a dry run leaves it be`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            // -1: never analysed.
            let known = "SELECT reltuples::bigint::text FROM pg_class WHERE oid = 'plans'::regclass"
            try await office.apply(shop, dryRun: true)
            #expect(try await office.ask(known) == ["-1"])
            try await office.apply(shop)
            #expect(try await office.ask(known) == ["2"])
        }
    }

    @Test func `two tenants with the same codes, customers and addresses have rows of their own`()
        async throws
    {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            #expect(
                try await office.ask(
                    "SELECT t.slug, p.code, p.price_minor::text, p.currency, p.sort_order::text FROM plans p JOIN tenants t ON t.id = p.tenant_id ORDER BY 1"
                ) == ["alba month 1200 EUR 10", "brio month 900 JPY 10"])
            #expect(
                try await office.ask(
                    "SELECT t.slug, c.email, a.balance_minor::text FROM customers c JOIN tenants t ON t.id = c.tenant_id JOIN accounts a ON a.tenant_id = t.id AND a.owner_id = c.id ORDER BY 1"
                ) == ["alba ann@example.com 10000", "brio ann@example.com 5000"])
            #expect(try await office.ask("SELECT country FROM networks WHERE code = 'NO'") == ["NO"])
        }
    }

    @Test func `an edited file changes what was edited, and says from what to what`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            var file = edited("price: \"12.00 EUR\"", "price: \"13.00 EUR\"")
            file = edited("threads: 5", "threads: 7, trial: 1h", in: file)
            file = edited("ports: 12001-12200", "ports: 12001-12300", in: file)
            file = edited("trials: true", "rate_limit: 5/1s", in: file)
            file = edited("password: secret", "password: changed", in: file)
            file = edited("username: ann\n", "username: anna\n        credit_limit: \"5 EUR\"\n", in: file)

            let report = try await office.apply(file)

            #expect(
                report.text == """
                    ~ alba gateway one: ports (12001-12200 -> 12001-12300)
                    ~ alba plan month: price (12.00 EUR -> 13.00 EUR), trial (none -> 1h), threads (5 -> 7)
                    ~ alba customer ann@example.com: username (ann -> anna), credit_limit (0.00 EUR -> 5.00 EUR)
                    ~ alba user ann: password (old -> new)
                    ~ alba key ann@example.com gate rk_…0000: trials (yes -> no), rate_limit (none -> 5/1s)
                    0 created, 5 changed, 0 deactivated

                    """)
            #expect(try await office.apply(file).lines.isEmpty)
            #expect(
                try await office.ask(
                    "SELECT version::text, price_minor::text FROM plan_versions WHERE tenant_id = 1 ORDER BY 1"
                )
                    == ["1 1200", "2 1300"])
            #expect(try await office.ask("SELECT version::text FROM plans WHERE tenant_id = 1") == ["2"])
            #expect(
                try await office.ask("SELECT desired_version::text FROM gateways ORDER BY tenant_id") == [
                    "1", "0",
                ])
            #expect(
                try await office.ask(
                    "SELECT floor_minor::text FROM accounts WHERE role = 'wallet' AND tenant_id = 1") == [
                        "-500"
                    ])
        }
    }

    @Test func `a dry run says everything and writes nothing`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            let plan = try await office.apply(shop, dryRun: true)
            #expect(plan.isDryRun && plan.createdCount > 10)
            #expect(
                plan.text.hasSuffix(
                    "to create, 0 to change, 0 to deactivate; this was a dry run, nothing was written\n"))
            #expect(try await office.everything().isEmpty)

            let done = try await office.apply(shop)
            #expect(done.lines == plan.lines)

            let before = try await office.everything()
            #expect(try await office.apply("tenants: []", dryRun: true, prune: true).deactivatedCount == 2)
            #expect(try await office.everything() == before)
        }
    }

    @Test func `what is left out is left alone, and with prune it is deactivated and nothing is deleted`()
        async throws
    {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let less = "tenants: [{slug: alba, name: Alba, currency: EUR, customers: []}]"
            #expect(try await office.apply(less).lines.isEmpty)

            let report = try await office.apply(less, prune: true)

            #expect(
                report.lines.map(\.description) == [
                    "- tenant brio", "- alba host gate.alba.test", "- alba network NL", "- alba network NO",
                    "- alba gateway one", "- alba plan month", "- alba coupon WELCOME",
                    "- alba customer ann@example.com",
                ])
            for table in ["networks", "gateways", "plans", "coupons", "customers"] {
                let kept = try await office.ask(
                    "SELECT DISTINCT tenant_id::text, active::text FROM \(table) ORDER BY 1")
                #expect(kept == ["1 false", "2 true"], "\(table)")
            }
            #expect(try await office.ask("SELECT host FROM hosts").isEmpty)
            #expect(try await office.apply(less, prune: true).lines.isEmpty)
            let again = try await office.apply(shop)
            #expect(again.changedCount == 7 && again.createdCount == 1)
        }
    }

    @Test func `a file that says nothing of customers prunes none`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let less =
                "tenants: [{slug: alba, name: Alba, currency: EUR}, {slug: brio, name: Brio, currency: JPY}]"
            let report = try await office.apply(less, prune: true)
            #expect(!report.lines.contains { ["customer", "user", "key"].contains($0.kind) })
        }
    }

    @Test func `one bad line writes nothing, not even what stands before it`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            for (old, new, message) in [
                (
                    "\"900 JPY\"", "\"900.5 JPY\"",
                    "shop.yaml:24:108: price: \"900.5\" is not in the units of JPY: whole numbers only"
                ),
                ("plans: [month]", "plans: [year]", "shop.yaml:11:79: tenant \"alba\" has no plan \"year\""),
                (
                    "127.0.0.2", "127.0.0.1",
                    "shop.yaml:22:65: ports 12001-12200 of 127.0.0.1 overlap with 12001-12200 of gateway \"one\" of tenant \"alba\""
                ),
            ] {
                await #expect {
                    try await office.apply(edited(old, new))
                } throws: { error in
                    #expect("\(error)" == message)
                    guard case .document = error as? ApplyError else { return false }
                    return true
                }
            }
            let rows = try await office.everything()
            #expect(rows.isEmpty)
        }
    }

    @Test func `two applies at once: one writes, the other finds it done`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            let reports = try await withThrowingTaskGroup(of: ApplyReport.self) { group in
                for _ in 0..<6 { group.addTask { try await office.apply(shop) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(reports.count { $0.lines.isEmpty } == 5)
            #expect(try await office.ask("SELECT count(*)::text FROM journal_entries") == ["3"])
            #expect(try await office.ask("SELECT count(*)::text FROM tenants") == ["2"])
        }
    }

    @Test func `the report for machines says the same`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let report = try await office.apply(edited("name: Month", "name: Moon"))
            #expect(
                String(decoding: report.json.encoded(), as: UTF8.self)
                    == #"{"dry_run":false,"created":0,"changed":1,"deactivated":0,"changes":[{"action":"change","#
                    + #""tenant":"alba","kind":"plan","name":"month","fields":[{"name":"name","old":"Month","new":"Moon"}]}],"#
                    + #""warnings":[],"keys":[]}"#)
        }
    }

    /// Processes keep the catalogue and keys in memory; whoever changes them tells them.
    @Test func `an apply tells the processes that run, a dry run and an idle one do not`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            let listener = NotificationListener(
                database.configuration(), channels: ["tollgate_catalogue", "tollgate_keys"], logger: .quiet)
            var events = listener.events().makeAsyncIterator()
            while let event = await events.next(), event != .connected {}

            try await office.apply(shop)
            try await office.apply(shop)
            try await office.apply(edited("name: Month", "name: Moon"), dryRun: true)
            try await office.ask("SELECT pg_notify('tollgate_keys', 'the end')")

            var heard: [String] = []
            while let event = await events.next() {
                guard case .notification(let channel, let payload) = event, payload.isEmpty else { break }
                heard.append(channel)
            }
            #expect(heard == ["tollgate_catalogue", "tollgate_keys"])
        }
    }
}
