import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Money from a payment provider", .database)
struct PaymentTests {
    @Test func `a page is opened, paid and credited once, however often the provider says so`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let provider = FakeProvider()
            let desk = market.payments(engine, provider)
            for shop in [market.alba, market.brio] {
                let payment = try await market.open(25_00, in: shop, at: desk)
                #expect(payment.state == .open && payment.url == "https://pay.test/\(payment.session ?? "")")
                #expect(try await desk.settle(payment.id, of: shop.tenant).state == .open, "nobody has paid")
                provider.pay(payment.session ?? "")
                let words = try await [
                    desk.take(market.paidMessage(payment), from: provider, of: shop.tenant),
                    desk.take(market.paidMessage(payment), from: provider, of: shop.tenant),
                    desk.take(market.paidMessage(payment, named: "evt_2"), from: provider, of: shop.tenant),
                ]
                #expect(words == ["paid", "replayed", "paid"])
                let settled = try await desk.settle(payment.id, of: shop.tenant)
                #expect(settled.state == .paid && settled.credited == shop.money(25_00) && settled.url == nil)
                #expect(try await market.balance(of: shop.ann, in: shop) == 25_00)
                #expect(try await market.events("wallet.topped_up", in: shop) == 1)
            }
            let other = try await market.open(1_00, in: market.alba, at: desk)
            #expect(try await desk.payment(other.id, of: market.brio.tenant) == nil, "another tenant's")
            #expect(try await desk.payments(of: market.alba.tenant, limit: 1).next != nil)
            #expect(
                try await desk.payments(of: market.brio.tenant, customer: market.brio.ann, limit: 9).items
                    .count == 1)
            await engine.stop()
        }
    }

    /// Lessons row 43 and row 8: what was really paid is credited, and never lost.
    @Test(arguments: [24_00, 26_00] as [Int64])
    func `another amount than was asked for is credited as it was paid, and told`(minor: Int64) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let payment = try await market.open(25_00, in: shop, at: desk)
            try await desk.take(
                market.paidMessage(payment, shop.money(minor)), from: provider, of: shop.tenant)
            #expect(try await market.balance(of: shop.ann, in: shop) == minor)
            #expect(try await market.events("payment.amount_differs", in: shop) == 1)
            #expect(try await desk.required(payment.id, of: shop.tenant).credited == shop.money(minor))
            await engine.stop()
        }
    }

    /// Lessons row 8 (Xboard): a payment after its time vanished.
    @Test func `money that comes after a payment has expired or failed lands on the wallet`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let payment = try await market.open(25_00, in: shop, at: desk)
            market.clock.advance(days: 2)
            #expect(try await market.rounds(desk).run().expired == 1)
            #expect(try await desk.required(payment.id, of: shop.tenant).state == .expired)
            #expect(try await market.rounds(desk).run().named.line == "nothing to do")
            try await database.execute("UPDATE customers SET active = false")
            try await desk.take(market.paidMessage(payment), from: provider, of: shop.tenant)
            #expect(try await market.balance(of: shop.ann, in: shop) == 25_00, "closed or not")
            #expect(try await desk.required(payment.id, of: shop.tenant).state == .paid)
            await engine.stop()
        }
    }

    @Test func `a payment that nobody has asked for is its customer's where they are known, else it is told`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            func message(_ event: String, _ reference: String, _ customer: CustomerID?) -> ProviderMessage {
                ProviderMessage(
                    name: event, kind: "payment",
                    content: .payment(
                        ProviderPayment(
                            reference: reference, state: .paid(shop.money(7_00)),
                            names: OurNames(customer: customer), saved: nil)))
            }
            for event in ["evt_1", "evt_2"] {
                try await desk.take(message(event, "pi_x", shop.ann), from: provider, of: shop.tenant)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 7_00)
            let found = try await desk.payments(of: shop.tenant, limit: 9).items
            #expect(found.map(\.way) == [.found] && found[0].reference == "pi_x")
            // A neighbour's customer is nobody here.
            let words = try await [
                desk.take(message("evt_3", "pi_y", market.brio.ann), from: provider, of: shop.tenant),
                desk.take(message("evt_4", "pi_y", nil), from: provider, of: shop.tenant),
            ]
            #expect(words == ["unassigned", "unassigned"])
            #expect(try await market.events("payment.unassigned", in: shop) == 1)
            await engine.stop()
        }
    }

    @Test func `another currency is not credited and told; money credited by hand is not credited again`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let payment = try await market.open(25_00, in: shop, at: desk)
            let euros = Money(minor: 25_00, currency: Currency("EUR")!)
            try await desk.take(market.paidMessage(payment, euros), from: provider, of: shop.tenant)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.events("payment.not_credited", in: shop) == 1)
            #expect(try await desk.required(payment.id, of: shop.tenant).problem?.contains("EUR") == true)

            let other = try await market.open(9_00, in: shop, at: desk)
            _ = try await desk.credit(
                shop.money(9_00), to: shop.ann, of: shop.tenant,
                reference: Payment.journalReference("stripe", FakeProvider.reference(other.id)),
                reason: "the message did not come", actor: "olga")
            try await desk.take(market.paidMessage(other), from: provider, of: shop.tenant)
            #expect(try await market.balance(of: shop.ann, in: shop) == 9_00)
            await engine.stop()
        }
    }

    @Test func `whoever cannot pay is told why, and no row is left of it`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let nobody = market.payments(engine, provider, takes: false)
            #expect(
                try await paymentRefusal { try await market.open(1_00, in: shop, at: nobody) }
                    == .providerMissing)
            let euros = Money(minor: 1_00, currency: Currency("EUR")!)
            #expect(
                try await paymentRefusal {
                    try await desk.open(euros, for: shop.ann, of: shop.tenant, actor: "a")
                } == .money(.amountInvalid))
            #expect(
                try await paymentRefusal {
                    try await desk.open(shop.money(0), for: shop.ann, of: shop.tenant, actor: "a")
                } == .money(.amountInvalid))
            #expect(
                try await paymentRefusal {
                    try await desk.open(shop.money(1_00), for: market.brio.ann, of: shop.tenant, actor: "a")
                } == .customerUnknown)
            #expect(try await market.count("payments", of: shop) == 0)
            provider.state.withLock { $0.declines = "amount_too_small" }
            #expect(
                try await paymentRefusal { try await market.open(1, in: shop, at: desk) }
                    == .declined(code: "amount_too_small", message: "no"))
            #expect(try await desk.payments(of: shop.tenant, limit: 9).items.map(\.state) == [.failed])
            await engine.stop()
        }
    }

    @Test func `a provider that gives no answer leaves a payment that is opened again by its id`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, provider) = (market.alba, FakeProvider())
            let desk = market.payments(engine, provider)
            let id: PaymentID = market.ids.next(at: market.now)
            provider.state.withLock { $0.silences = 1 }
            await #expect(throws: PaymentProviderProblem.self) {
                try await desk.open(
                    shop.money(5_00), for: shop.ann, of: shop.tenant, as: id, actor: "ann")
            }
            let again = try await desk.open(
                shop.money(5_00), for: shop.ann, of: shop.tenant, as: id, actor: "ann")
            let third = try await desk.open(
                shop.money(5_00), for: shop.ann, of: shop.tenant, as: id, actor: "ann")
            #expect(again.session != nil && third == again)
            #expect(provider.state.withLock { $0.pages.count } == 1)
            await engine.stop()
        }
    }

    @Test func `money by hand has its reason and its reference in the journal, once per reference`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let (shop, desk) = (market.alba, market.payments(engine, FakeProvider()))
            let receipt = try await desk.credit(
                shop.money(10_00), to: shop.ann, of: shop.tenant, reference: "bank-77", reason: "a transfer",
                actor: "olga")
            #expect(receipt.balance == shop.money(10_00))
            await #expect(throws: PaymentRefusal.money(.referenceUsed)) {
                try await desk.credit(
                    shop.money(10_00), to: shop.ben, of: shop.tenant, reference: "bank-77", reason: "again",
                    actor: "olga")
            }
            let taken = try await desk.adjust(
                shop.money(-4_00), of: shop.ann, of: shop.tenant, reason: "a mistake", actor: "olga")
            #expect(taken.balance == shop.money(6_00))
            await #expect(throws: PaymentRefusal.self) {
                try await desk.adjust(
                    shop.money(-6_01), of: shop.ann, of: shop.tenant, reason: "too much", actor: "olga")
            }
            let entry: (String, String) = try await database.owner.run { connection in
                let row = try connection.query(
                    "SELECT memo, actor FROM journal_entries WHERE tenant_id = 1 AND reference = 'bank-77'")[
                        0]
                return (try row.get(0), try row.get(1))
            }
            #expect(entry.0 == "a transfer" && entry.1 == "olga")
            await engine.stop()
        }
    }
}

/// What the desk refuses, as an error.
func paymentRefusal<T>(_ body: () async throws -> T) async throws -> PaymentRefusal? {
    do {
        _ = try await body()
        return nil
    } catch let refusal as PaymentRefusal {
        return refusal
    }
}
