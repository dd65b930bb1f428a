import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("tollgate apply: who changed what", .database)
struct ApplyAuditTests {
    private func records(_ office: Office, _ slug: String) async throws -> [String] {
        try await office.ask(
            """
            SELECT actor_kind || ' ' || actor_name || ': ' || action || ' ' || object_kind || ' ' || object_id || ': '
                || coalesce(before::text, 'nothing') || ' -> ' || coalesce(after::text, 'nothing')
            FROM audit_log WHERE tenant_id = (SELECT id FROM tenants WHERE slug = '\(slug)') ORDER BY id
            """)
    }

    @Test func `every line of a report is a record in its tenant's log, and a dry run leaves none`()
        async throws
    {
        try await withDatabase { database in
            let office = Office(database: database)
            let dry = try await office.apply(shop, dryRun: true)
            #expect(try await office.ask("SELECT count(*)::text FROM audit_log") == ["0"])
            let report = try await office.apply(shop)
            #expect(report.lines.map(\.description) == dry.lines.map(\.description))
            for slug in ["alba", "brio"] {
                let lines = report.lines.filter { $0.tenant == slug }
                #expect(
                    try await records(office, slug)
                        == lines.map {
                            "operator tollgate apply: apply \($0.kind) \($0.name): nothing -> {\"created\": true}"
                        })
                #expect(!lines.isEmpty)
            }
            try await office.apply(shop)
            #expect(
                try await office.ask("SELECT count(*)::text FROM audit_log")
                    == ["\(report.lines.count)"], "the same file again changes nothing")
        }
    }

    @Test func `a change is on record from what to what, by whoever applied it, without a secret`()
        async throws
    {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            let brio = try await records(office, "brio")
            database.clock.advance(milliseconds: 1_000)
            let changed = CatalogueApply(
                pool: database.owner, dialects: .all, hasher: office.hasher, actor: "operator zoe")
            _ = try await changed.apply(
                Array(edited("price: \"12.00 EUR\"", "price: \"13.00 EUR\"").utf8), file: "shop.yaml")
            let last = try #require(try await records(office, "alba").last)
            #expect(
                last == """
                    operator operator zoe: apply plan month: {"price": "12.00 EUR"} -> {"price": "13.00 EUR"}
                    """)
            #expect(try await records(office, "brio") == brio)
            let all = try await office.ask("SELECT t::text FROM audit_log t").joined()
            #expect(!all.contains("rk_alba0") && !all.contains("secret") && !all.contains("$"))
        }
    }

    @Test func `what is left out is on record as closed`() async throws {
        try await withDatabase { database in
            let office = Office(database: database)
            try await office.apply(shop)
            // Within a millisecond two applies have ids in no order.
            database.clock.advance(milliseconds: 1)
            let report = try await office.apply(
                "tenants: [{slug: alba, name: Alba, currency: EUR}]", prune: true)
            let closed = report.lines.filter { $0.sign == .deactivate && $0.tenant == "brio" }
            #expect(closed.map(\.kind) == ["tenant"])
            #expect(
                try await records(office, "brio").last
                    == "operator tollgate apply: apply tenant brio: {\"active\": true} -> {\"active\": false}"
            )
        }
    }
}
