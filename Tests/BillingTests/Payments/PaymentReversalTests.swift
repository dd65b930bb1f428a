import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Payments that go back", .database)
struct PaymentReversalTests {
    /// Lessons row 28 (sub2api #5191): a refund was asked for, the balance spent, and the full refund paid.
    @Test
    func `a refund sets its money aside when it is asked for, and is refused what the wallet does not hold`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let payment = try await market.paid(20_00, in: shop, at: desk, provider)
            provider.state.withLock { $0.losses = 1 }
            let held = try await desk.refund(
                shop.money(15_00), of: payment.id, of: shop.tenant, reason: "wrong account", actor: "olga")
            #expect(held.state == .held)
            #expect(try await market.balance(of: shop.ann, in: shop) == 5_00)
            #expect(try await market.setAside(in: shop) == 15_00)
            let purchase = market.purchase(shop)
            #expect(
                await market.race([purchase], on: engine)[0].refusal
                    == .insufficientBalance(required: shop.money(12_00), available: shop.money(5_00)))
            await #expect(throws: PaymentRefusal.money(.refundExceedsPayment(refundable: shop.money(5_00)))) {
                try await desk.refund(
                    shop.money(5_01), of: payment.id, of: shop.tenant, reason: "more", actor: "olga")
            }
            market.clock.advance(milliseconds: 60_000)
            #expect(try await market.rounds(desk).run().refunded == 1)
            let (after, reversals) = try #require(try await desk.payment(payment.id, of: shop.tenant))
            #expect(after.returned == shop.money(15_00) && after.held.isZero)
            #expect(reversals.map(\.state) == [.returned] && reversals[0].memo == "wrong account")
            #expect(try await market.balance(of: shop.ann, in: shop) == 5_00)
            #expect(try await market.ledgerBalance("outside", in: shop) == 5_00)

            // Spent money does not go back.
            _ = try await desk.adjust(
                shop.money(-4_00), of: shop.ann, of: shop.tenant, reason: "spent", actor: "olga")
            await #expect(
                throws: PaymentRefusal.money(
                    .insufficientBalance(required: shop.money(5_00), available: shop.money(1_00)))
            ) {
                try await desk.refund(of: payment.id, of: shop.tenant, reason: "rest", actor: "olga")
            }
            await engine.stop()
        }
    }

    @Test func `a refund that the provider refuses, or that bounces later, is the wallet's again`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let payment = try await market.paid(20_00, in: shop, at: desk, provider)
            provider.state.withLock { $0.declines = "charge_already_refunded" }
            await #expect(throws: PaymentRefusal.declined(code: "charge_already_refunded", message: "no")) {
                try await desk.refund(of: payment.id, of: shop.tenant, reason: "asked", actor: "olga")
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 20_00)
            provider.state.withLock { ($0.declines, $0.refundsArePending) = (nil, true) }
            let pending = try await desk.refund(
                shop.money(8_00), of: payment.id, of: shop.tenant, reason: "asked", actor: "olga")
            #expect(pending.state == .held)
            provider.turn(pending.id, into: .paid)
            market.clock.advance(days: 1)
            #expect(try await market.rounds(desk).run().refunded == 1)
            #expect(try await market.balance(of: shop.ann, in: shop) == 12_00)
            provider.turn(pending.id, into: .failed("lost_or_stolen_card"))
            for number in 1...2 {
                try await desk.take(
                    ProviderMessage(
                        name: "evt_bounce_\(number)", kind: "refund.failed",
                        content: .refunds(of: FakeProvider.reference(payment.id))), from: provider,
                    of: shop.tenant)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 20_00)
            let after = try #require(try await desk.payment(payment.id, of: shop.tenant))
            #expect(
                after.1.map(\.state) == [.released, .regained] && after.0.refundable == shop.money(20_00))
            await engine.stop()
        }
    }

    @Test func `what somebody pays back at the provider is booked once, whatever the wallet holds`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let payment = try await market.paid(20_00, in: shop, at: desk, provider)
            _ = try await engine.submit(market.purchase(shop))
            provider.refundThere(FakeProvider.reference(payment.id), shop.money(10_00))
            for number in 1...3 {
                try await desk.take(
                    ProviderMessage(
                        name: "evt_\(number)", kind: "charge.refunded",
                        content: .refunds(of: FakeProvider.reference(payment.id))), from: provider,
                    of: shop.tenant)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.debt(of: shop.ann, in: shop) == 2_00)
            #expect(try await desk.required(payment.id, of: shop.tenant).returned == shop.money(10_00))
            await engine.stop()
        }
    }

    /// Lessons row 34: a chargeback leaves the coupon used.
    @Test
    func `a chargeback is booked whole, later top-ups pay what it left owing, and a won dispute gives back`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            try await market.put("ONCE", in: shop, limit: 1)
            let payment = try await market.paid(20_00, in: shop, at: desk, provider)
            _ = try await engine.submit(market.purchase(shop, coupon: "ONCE"))
            let left = try await market.balance(of: shop.ann, in: shop)
            let spent = 20_00 - left
            for number in 1...2 {
                try await desk.take(
                    market.disputeMessage(payment, 20_00, .taken, event: "evt_\(number)"), from: provider,
                    of: shop.tenant)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.debt(of: shop.ann, in: shop) == spent)
            #expect(try await market.standing("ONCE", in: shop)[0] == 1, "the coupon stays used")
            #expect(try await market.events("payment.charged_back", in: shop) == 1)
            #expect(await market.race([market.purchase(shop)], on: engine)[0].refusal != nil)

            // Every kind of money that comes pays it first.
            try await market.topUp(shop.ann, 3_00, in: shop, with: engine)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.debt(of: shop.ann, in: shop) == spent - 3_00)
            let granted = try await desk.adjust(
                shop.money(1_00), of: shop.ann, of: shop.tenant, reason: "half of it is our fault",
                actor: "olga")
            #expect(granted.balance == shop.money(0))
            let second = try await market.paid(10_00, in: shop, at: desk, provider)
            #expect(second.credited == shop.money(10_00))
            #expect(try await market.balance(of: shop.ann, in: shop) == 10_00 - (spent - 4_00))
            #expect(try await market.debt(of: shop.ann, in: shop) == 0)
            #expect(try await market.events("wallet.debt_paid", in: shop) == 3)

            try await desk.take(market.disputeMessage(payment, 20_00, .won), from: provider, of: shop.tenant)
            try await desk.take(
                market.disputeMessage(payment, 20_00, .won, event: "evt_again"), from: provider,
                of: shop.tenant)
            #expect(try await market.balance(of: shop.ann, in: shop) == 34_00 - spent)
            #expect(try await desk.required(payment.id, of: shop.tenant).refundable == shop.money(20_00))
            await engine.stop()
        }
    }

    @Test
    func `a dispute's end that comes before its beginning, or before the payment, is booked all the same`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let payment = try await market.open(20_00, in: shop, at: desk)
            provider.pay(payment.session ?? "")
            let words = try await [
                desk.take(market.disputeMessage(payment, 20_00, .inquiry), from: provider, of: shop.tenant),
                desk.take(market.disputeMessage(payment, 20_00, .won), from: provider, of: shop.tenant),
                desk.take(market.disputeMessage(payment, 20_00, .taken), from: provider, of: shop.tenant),
                desk.take(market.paidMessage(payment), from: provider, of: shop.tenant),
            ]
            #expect(words == ["inquiry", "won", "taken before", "paid"])
            #expect(try await market.balance(of: shop.ann, in: shop) == 20_00)
            #expect(try await market.debt(of: shop.ann, in: shop) == 0)
            await engine.stop()
        }
    }

    @Test
    func `a bank comes before refunds that have not gone; beyond the payment nothing is taken from anybody`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let payment = try await market.paid(20_00, in: shop, at: desk, provider)
            provider.state.withLock { $0.refundsArePending = true }
            let refund = try await desk.refund(
                shop.money(15_00), of: payment.id, of: shop.tenant, reason: "asked", actor: "olga")
            try await desk.take(
                market.disputeMessage(payment, 20_00, .taken), from: provider, of: shop.tenant)
            let after = try #require(try await desk.payment(payment.id, of: shop.tenant))
            #expect(after.0.returned == shop.money(20_00) && after.0.held.isZero)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.setAside(in: shop) == 0)
            // The refund went all the same: the tenant's loss, and told.
            provider.turn(refund.id, into: .paid)
            try await desk.take(
                ProviderMessage(
                    name: "evt_r", kind: "refund.updated",
                    content: .refunds(of: FakeProvider.reference(payment.id))), from: provider,
                of: shop.tenant)
            let last = try #require(try await desk.payment(payment.id, of: shop.tenant))
            #expect(last.0.returned == shop.money(20_00))
            #expect(Set(last.1.map(\.state)) == [.returned])
            #expect(last.1.first { $0.id == refund.id }?.booked.isZero == true)
            #expect(try await market.debt(of: shop.ann, in: shop) == 0)
            await engine.stop()
        }
    }

    @Test func `a customer's credit limit is used before anything is owed`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            try await database.execute("UPDATE accounts SET floor_minor = -500 WHERE role = 'wallet'")
            let payment = try await market.paid(20_00, in: shop, at: desk, provider)
            _ = try await engine.submit(market.purchase(shop))
            try await desk.take(
                market.disputeMessage(payment, 20_00, .taken), from: provider, of: shop.tenant)
            #expect(try await market.balance(of: shop.ann, in: shop) == -5_00)
            #expect(try await market.debt(of: shop.ann, in: shop) == 7_00)
            await engine.stop()
        }
    }
}
