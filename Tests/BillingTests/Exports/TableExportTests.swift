import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

/// Tables as CSV and JSON lines.
@Suite("Exported tables", .database)
struct TableExportTests {
    @Test func `every table says the same as CSV and as JSON to Python's readers, whatever people wrote`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine {
                try await market.trade(in: market.alba, with: $0, other: Currency("JPY")!)
            }
            let exports = market.exports
            for kind in ExportKind.allCases {
                let table = try await market.export(kind, .csv, of: market.alba, with: exports)
                let lines = try await market.export(kind, .jsonl, of: market.alba, with: exports)
                #expect(table.manifest.figures.totals == lines.manifest.figures.totals)
                #expect(table.manifest.figures.totals.rows >= 2, "\(kind)")
                try await table.withFile { table in
                    try await lines.withFile { lines in
                        try await Python.run(
                            ["\(TestPaths.repository)/Tests/python/export_tables.py", table, lines],
                            needing: "csv")
                    }
                }
                // The other shop has sold nothing, and nothing of this one is to be seen there.
                let theirs = try await market.export(kind, .csv, of: market.brio, with: exports)
                #expect(theirs.manifest.figures.totals.rows == 0 && theirs.records.isEmpty, "\(kind)")
            }
        }
    }

    @Test func `what the tables come to is what the ledger holds`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { try await market.trade(in: shop, with: $0) }
            let exports = market.exports
            let orders = try await market.export(.orders, of: shop, with: exports)
            let sold = try await market.sold(in: shop)
            #expect(orders.sum("total") == sold.paid && orders.sum("refunded") == sold.refunded)
            #expect(orders.sum("wholesale_refunded") == sold.wholesale)
            let revenue = try await market.ledgerBalance("revenue", in: shop)
            let wholesale = try await market.ledgerBalance("platform_revenue", in: shop)
            #expect(sold.paid - sold.refunded == revenue && revenue > 0)

            let margin = try await market.export(.wholesaleMargin, of: shop, with: exports)
            #expect(margin.sum("retail") == revenue && margin.sum("wholesale") == wholesale)
            #expect(margin.sum("margin") == revenue - wholesale)

            let postings = try await market.export(.postings, of: shop, with: exports)
            #expect(postings.sum("debit") == postings.sum("credit"))
            let balances = try await market.export(.balances, of: shop, with: exports)
            #expect(balances.sum("debit") == postings.sum("debit") && balances.sum("opening") == 0)
            let journal = try await market.export(.journal, of: shop, with: exports)
            #expect(journal.sum("amount") == postings.sum("debit"))
            #expect(
                journal.manifest.figures.totals.rows
                    == Int64(try await market.count("journal_entries", of: shop)))

            let coupons = try await market.export(.couponCost, of: shop, with: exports)
            let kept: Int64 = try await database.owner.run { connection in
                try connection.query(
                    """
                    SELECT coalesce(sum(amount_minor), 0)::bigint FROM coupon_redemptions
                    WHERE tenant_id = \(shop.tenant) AND state = 'committed'
                    """)[0].get(0)
            }
            #expect(coupons.sum("cost") == kept && kept > 0)

            let states = try await market.export(.orders, of: shop, with: exports).records.map { $0["state"] }
            #expect(states.count { $0 == "refunded" } == (try await refunded(shop, database)))
        }
    }

    private func refunded(_ shop: Shop, _ database: TestDatabase) async throws -> Int {
        try await database.owner.run { connection in
            Int(
                try connection.query(
                    "SELECT count(*) FROM orders WHERE tenant_id = \(shop.tenant) AND state = 'refunded'")[0]
                    .get(0, as: Int64.self))
        }
    }

    /// Clocks in Lord Howe go back by half an hour on 5 April 2026, and in Apia there is no change at all.
    @Test(arguments: [
        ("UTC", "2026-01-31T23:59:59.999Z", "2026-02-01T00:00:00Z"),
        ("America/New_York", "2026-02-01T04:59:59.999Z", "2026-02-01T05:00:00Z"),
        ("Pacific/Kiritimati", "2026-01-31T09:59:59.999Z", "2026-01-31T10:00:00Z"),
        ("Asia/Kathmandu", "2026-01-31T18:14:59.999Z", "2026-01-31T18:15:00Z"),
    ])
    func `a month is the tenant's own, and ends before its end`(
        zone: String, inside: String, outside: String
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.move(shop, to: zone)
            try await market.withEngine { engine in
                for (moment, minor) in [(inside, Int64(1_00)), (outside, 2_00)] {
                    market.clock.set(Instant(rfc3339: moment)!)
                    try await market.topUp(shop.ann, minor, in: shop, with: engine)
                }
            }
            let january = try await market.export(.journal, of: shop, from: "2026-01", to: "2026-02")
            #expect(january.sum("amount") == 1_00)
            let february = try await market.export(.journal, of: shop, from: "2026-02-01", to: "2026-03")
            #expect(february.sum("amount") == 2_00)
            let both = try await market.export(.journal, of: shop, from: inside, to: outside)
            #expect(both.sum("amount") == 1_00)
            #expect(january.manifest.scope.period.end == february.manifest.scope.period.start)
        }
    }

    @Test func `days on which clocks change have 23, 25 and 23.5 hours, and follow each other`() throws {
        for (zone, day, next, hours) in [
            ("Europe/Amsterdam", "2026-03-29", "2026-03-30", 23.0),
            ("Europe/Amsterdam", "2026-10-25", "2026-10-26", 25.0),
            ("Australia/Lord_Howe", "2026-04-05", "2026-04-06", 24.5),
            ("Australia/Lord_Howe", "2026-10-04", "2026-10-05", 23.5),
        ] {
            let zone = try ZoneDatabase.machine.zone(named: zone)
            let start = ExportBound(day)!.instant(in: zone)
            let end = ExportBound(next)!.instant(in: zone)
            #expect(Double(end.milliseconds(since: start)) / 3_600_000 == hours)
        }
    }

    @Test(arguments: [
        "", "2026", "2026-1", "2026-13", "2026-00", "2026-02-30", "2026-01-01T00:00:00", "26-01", "2026-01-",
        "+026-01", "２０２６-01", "2026-01-31 ", "tomorrow",
    ])
    func `what is no month, day or moment is refused`(text: String) {
        #expect(ExportBound(text) == nil)
    }

    @Test func `what cannot be asked is refused before anything is read`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let exports = market.exports
            let good = ExportRequest(
                tenant: "alba", kind: .orders, format: .csv, from: "2026-01", to: "2026-02")
            for (change, refusal) in [
                ({ $0.tenant = "nobody" }, .tenantUnknown("nobody")),
                ({ $0.from = "2026-02" }, .periodEmpty),
                ({ $0.to = "soon" }, .boundUnreadable(argument: "to", text: "soon")),
                ({ $0.recordedBefore = "x" }, .boundUnreadable(argument: "recorded-before", text: "x")),
                ({ $0.format = .hledger }, .formatUnfit(.orders, .hledger)),
                (
                    {
                        $0.kind = .deferredRevenue
                        $0.from = "1000-01"
                    }, .tooManyMonths(1_200)
                ),
            ] as [((inout ExportRequest) -> Void, ExportRefusal)] {
                var request = good
                change(&request)
                await #expect(throws: refusal) { _ = try await exports.scope(request) }
            }
        }
    }
}
