import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Previews by an operator, and changes of plan by hand", .database)
struct OperatorPreviewTests {
    @Test func `a preview moves nothing, and the command that names its moment comes to its figures`()
        async throws
    {
        try await withShop { market, shop, engine in
            let bought = try await buy(shop, market, engine)
            _ = try await buy(market.brio, market, engine)
            let (work, id) = (market.operatorWork, bought.subscriptions[0].id)
            market.clock.advance(days: 10)
            let before = try await market.database.contents(of: shop.tenant)

            let refund = try await work.previewRefund(
                bought.order, of: "alba", .init(amount: AmountText("2.50")))
            #expect(refund.answer.amount == shop.money(2_50) && refund.at == market.now)
            let cancelled = try await work.previewCancellation(id, of: "alba", .init(.now))
            #expect(cancelled.answer.refund == shop.money(8_00))
            let changed = try await work.previewPlanChange(of: id, of: "alba", .init(plan: "week"))
            #expect(changed.answer.net == shop.money(4_00 - 8_00))
            #expect(try await market.database.contents(of: shop.tenant) == before)

            // Fourteen minutes later the time is worth less, but the preview was shown.
            market.clock.advance(milliseconds: 14 * 60_000)
            let done = try await work.cancel(id, of: "alba", .init(.now, asOf: cancelled.at))
            #expect(done.answer.refund == cancelled.answer.refund)
            #expect(done.answer.balance == cancelled.answer.balance)
            #expect(done.answer.activeUntil == cancelled.answer.activeUntil)
            #expect(done.answer.refunds.map(\.amount) == cancelled.answer.refunds.map(\.amount))
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 12_00 + 8_00)
        }
    }

    @Test func `a moment that is too old or still to come is refused`() async throws {
        try await withShop { market, shop, engine in
            let id = try await buy(shop, market, engine).subscriptions[0].id
            let work = market.operatorWork
            let shown = try await work.previewCancellation(id, of: "alba", .init(.now)).at
            market.clock.advance(milliseconds: Preview.goodForMilliseconds + 1)
            let later = Instant(milliseconds: market.now.milliseconds + 1)
            for moment in [shown, later] {
                await #expect(throws: OperatorWork.Refusal.money(.previewOutOfDate)) {
                    try await work.cancel(id, of: "alba", .init(.now, asOf: moment))
                }
            }
            #expect(try await market.standing(of: id, in: shop).endedAt == nil)
        }
    }

    @Test
    func `a change of plan is charged once under its key, and equals what was expected or nothing is done`()
        async throws
    {
        try await withShop { market, shop, engine in
            let id = try await buy(shop, market, engine).subscriptions[0].id
            let work = market.operatorWork
            market.clock.advance(days: 10)
            let shown = try await work.previewPlanChange(of: id, of: "alba", .init(plan: "week"))
            let wrong = OperatorWork.PlanChangeRequest(plan: "week", expected: AmountText(signed: "-3.99"))
            await #expect(throws: OperatorWork.Refusal.money(.priceChanged(shop.money(-4_00)))) {
                try await work.changePlan(of: id, of: "alba", wrong)
            }
            await #expect(throws: OperatorWork.Refusal.planUnknown("moon")) {
                try await work.changePlan(of: id, of: "alba", .init(plan: "moon"))
            }
            let key = try #require(IdempotencyKey("ticket-18"))
            let request = OperatorWork.PlanChangeRequest(
                plan: "week", expected: AmountText(signed: "-4.00"), asOf: shown.at, key: key)
            let first = try await work.changePlan(of: id, of: "alba", request)
            let again = try await work.changePlan(of: id, of: "alba", request)
            #expect(!first.isRepeated && again.isRepeated && again.answer == first.answer)
            #expect(first.answer.net == shop.money(-4_00) && first.answer.credit == shown.answer.credit)
            #expect(first.answer.activeUntil.milliseconds == market.now.milliseconds + 7 * 86_400_000)
            #expect(try await market.balance(of: shop.ann, in: shop) == 100_00 - 12_00 + 4_00)
            #expect(try await market.events("subscription.plan_changed", in: shop) == 1)
        }
    }

    private func buy(_ shop: Shop, _ market: Market, _ engine: Engine) async throws -> PurchaseReceipt {
        try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
        guard let receipt = try await engine.submit(market.purchase(shop)).bought else {
            throw Surprise("nothing was bought")
        }
        return receipt
    }

    private func withShop(_ body: (Market, Shop, Engine) async throws -> Void) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.withEngine { engine in try await body(market, market.alba, engine) }
        }
    }
}

extension TestDatabase {
    /// What a tenant's money and rights are, row by row.
    fileprivate func contents(of tenant: TenantID) async throws -> [String] {
        try await owner.run { connection in
            try [
                "accounts", "orders", "terms", "subscriptions", "slots", "journal_entries", "outbox_events",
                "allocations",
            ]
            .flatMap { table in
                try connection.query(
                    Statement(
                        unsafeRaw:
                            "SELECT to_jsonb(t)::text FROM \(table) t WHERE tenant_id = \(tenant.number) ORDER BY 1"
                    )
                ).map { try $0.get(0, as: String.self) }
            }
        }
    }
}
