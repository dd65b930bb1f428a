import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

/// The same arguments give the same bytes.
@Suite("Exports of a closed period", .database)
struct ClosedPeriodTests {
    @Test
    func
        `what was closed gives the same bytes after refunds, cancellations and renewals, in every kind and format`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 60)
            let shop = market.alba
            let engine = market.engine()
            try await market.trade(in: shop, with: engine)
            let open = try await market.engineWork(before: engine)
            let closed = market.now
            market.clock.advance(milliseconds: ExportManifest.settlingMilliseconds)
            let exports = market.exports
            let before = try await everything(market, closed, exports)
            #expect(before.allSatisfy { $0.manifest.isFinal })
            // What comes after the books were closed concerns orders, terms and coupons from before.
            for submission in open { _ = try await engine.submit(submission) }
            market.clock.advance(days: 40)
            try await market.topUp(shop.ben, 9_99, in: shop, with: engine)
            await engine.stop()
            let after = try await everything(market, closed, exports)
            for (first, second) in zip(before, after) {
                let kind = first.manifest.scope.kind
                #expect(first.bytes == second.bytes, "\(kind) \(first.manifest.scope.format)")
                #expect(first.manifest.sha256 == second.manifest.sha256)
            }
            // Without the bound they are others, or this test would show nothing.
            for kind in [ExportKind.orders, .journal, .balances, .deferredRevenue, .couponCost] {
                let known = try await market.export(
                    kind, of: shop, recordedBefore: closed.rfc3339(), with: exports)
                #expect(
                    try await market.export(kind, of: shop, with: exports).bytes != known.bytes, "\(kind)")
            }
        }
    }

    private func everything(
        _ market: Market, _ closed: Instant, _ exports: Exports
    ) async throws -> [Exported] {
        var all: [Exported] = []
        for kind in ExportKind.allCases {
            for format in kind.formats {
                all.append(
                    try await market.export(
                        kind, format, of: market.alba, recordedBefore: closed.rfc3339(), with: exports))
            }
        }
        return all
    }

    @Test func `the same data give the same bytes, and the moment stands in the manifest`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { try await market.trade(in: market.alba, with: $0) }
            let exports = market.exports
            for kind in ExportKind.allCases {
                let first = try await market.export(kind, of: market.alba, with: exports)
                market.clock.advance(milliseconds: 1)
                let second = try await market.export(kind, of: market.alba, with: exports)
                #expect(first.bytes == second.bytes && !first.manifest.isFinal)
                #expect(
                    second.manifest.figures.takenAt.milliseconds(since: first.manifest.figures.takenAt) == 1)
            }
        }
    }

    @Test func `a manifest is final once nothing recorded before its bound can still arrive`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let bound = market.now.rfc3339()
            func isFinal() async throws -> Bool {
                try await market.export(.orders, of: market.alba, recordedBefore: bound).manifest.isFinal
            }
            #expect(try await !isFinal())
            market.clock.advance(milliseconds: ExportManifest.settlingMilliseconds - 1)
            #expect(try await !isFinal())
            market.clock.advance(milliseconds: 1)
            #expect(try await isFinal())
        }
    }

    /// Balances, entries and closing balances of a journal are three statements of one snapshot.
    @Test func `an export beside purchases agrees with itself`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 200)
            let shop = market.alba
            let engine = market.engine()
            try await market.topUp(shop.ann, 10_000_00, in: shop, with: engine)
            let bought = Noted(0)
            let buying = Task {
                while !Task.isCancelled {
                    _ = try? await engine.submit(market.purchase(shop, plan: shop.weekPlan))
                    bought.note { $0 += 1 }
                }
            }
            let exports = market.exports
            var rows: Set<Int64> = []
            try await eventually("exports of three moments") {
                let journal = try await market.export(.journal, .hledger, of: shop, with: exports)
                rows.insert(journal.manifest.figures.totals.rows)
                #expect(journal.sum("debit") == journal.sum("credit"))
                #expect(try await !Oracle.hledger(journal).isEmpty)
                let balances = try await market.export(.balances, of: shop, with: exports)
                #expect(balances.sum("debit") == balances.sum("credit"))
                return rows.count >= 3
            }
            buying.cancel()
            await buying.value
            await engine.stop()
            #expect(bought.current > 0)
        }
    }
}

extension Market {
    /// Commands that take back, later, of what is bought here now; each concerns rows that stay as they are written.
    fileprivate func engineWork(before engine: Engine) async throws -> [Submission] {
        let shop = alba
        func bought(_ submission: Submission) async throws -> PurchaseReceipt {
            guard let receipt = try await engine.submit(submission).bought else {
                throw Surprise("no purchase")
            }
            return receipt
        }
        let refunded = try await bought(purchase(shop, repeatCount: 3, coupon: "HALF"))
        let cancelled = try await bought(purchase(shop, plan: shop.weekPlan, repeatCount: 9))
        let kept = try await bought(purchase(shop, plan: shop.weekPlan, repeatCount: 9))
        let changed = try await bought(purchase(shop, plan: shop.nlPlan))
        clock.advance(days: 2)
        return [
            refund(refunded.order, of: shop),
            cancellation(shop, of: cancelled.subscriptions[0].id),
            cancellation(shop, of: kept.subscriptions[0].id, keepsMoney: true),
            planChange(shop, of: changed.subscriptions[0].id, to: shop.weekPlan),
        ]
    }
}
