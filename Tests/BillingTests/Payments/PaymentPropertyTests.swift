import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

/// Random histories of two customers, kept in integers beside the ledger; the invariants are run at the end as well.
@Suite("Payments that go back and forth", .database)
struct PaymentPropertyTests {
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func `whatever is paid, spent, refunded, charged back and won, every book says the same`(
        seed: UInt64
    )
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 200)
            let engine = market.engine(seed: seed)
            let provider = FakeProvider()
            let desk = market.payments(engine, provider)
            var histories = [History(shop: market.alba), History(shop: market.brio)]
            var random = SplitMix64(seed: seed)
            for _ in 0..<80 {
                let place = Int.random(in: 0..<2, using: &random)
                try await histories[place].step(market, engine, desk, provider, &random)
                try await histories[place].check(market)
            }
            #expect(try await database.brokenInvariants().isEmpty)
            await engine.stop()
        }
    }

    /// What one customer has paid and lost, as a stranger would keep book of it.
    private struct History {
        let shop: Shop
        var payments: [Line] = []
        var wallet: Int64 = 0
        var debt: Int64 = 0
        var number = 0

        struct Line {
            let payment: Payment
            let paid: Int64
            var returned: Int64 = 0
            var disputes: [(name: String, minor: Int64, isOpen: Bool)] = []
            var left: Int64 { paid - returned }
        }

        private mutating func receive(_ minor: Int64) {
            let toDebt = min(debt, minor)
            debt -= toDebt
            wallet += minor - toDebt
        }

        private mutating func lose(_ minor: Int64) {
            let fromWallet = min(wallet, minor)
            wallet -= fromWallet
            debt += minor - fromWallet
        }

        mutating func step(
            _ market: Market, _ engine: Engine, _ desk: PaymentDesk, _ provider: FakeProvider,
            _ random: inout SplitMix64
        ) async throws {
            number += 1
            let minor = Int64.random(in: 1...40_00, using: &random)
            let place = payments.indices.randomElement(using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<3:
                let payment = try await market.open(minor, in: shop, at: desk)
                let paid = Bool.random(using: &random) ? minor : minor + 1
                provider.pay(payment.session ?? "", shop.money(paid))
                try await desk.take(
                    market.paidMessage(payment, shop.money(paid)), from: provider, of: shop.tenant)
                payments.append(Line(payment: payment, paid: paid))
                receive(paid)
            case 3..<5:
                let bought = await market.race([market.purchase(shop, plan: shop.weekPlan)], on: engine)[0]
                #expect(bought.isCarriedOut == (wallet >= 4_00))
                if wallet >= 4_00 { wallet -= 4_00 }
            case 5..<7:
                guard let place else { return }
                let line = payments[place]
                let asked = min(minor, max(1, line.left))
                let isPossible = asked <= line.left && asked <= wallet
                do {
                    let reversal = try await desk.refund(
                        shop.money(asked), of: line.payment.id, of: shop.tenant, reason: "random",
                        actor: "test")
                    #expect(isPossible && reversal.state == .returned)
                    payments[place].returned += asked
                    wallet -= asked
                } catch is PaymentRefusal {
                    #expect(!isPossible)
                }
            case 7:
                guard let place else { return }
                let name = "dp_\(shop.slug)_\(number)"
                let booked = min(minor, payments[place].left)
                try await desk.take(
                    market.disputeMessage(payments[place].payment, minor, .taken, named: name),
                    from: provider, of: shop.tenant)
                payments[place].returned += booked
                payments[place].disputes.append((name, booked, true))
                lose(booked)
            case 8:
                guard let place,
                    let dispute = payments[place].disputes.indices.randomElement(using: &random)
                else { return }
                let known = payments[place].disputes[dispute]
                try await desk.take(
                    market.disputeMessage(
                        payments[place].payment, max(1, known.minor), .won, named: known.name,
                        event: "evt_\(number)"), from: provider, of: shop.tenant)
                guard known.isOpen else { return }
                payments[place].disputes[dispute].isOpen = false
                payments[place].returned -= known.minor
                receive(known.minor)
            default:
                guard let place, payments[place].left > 0 else { return }
                let there = min(minor, payments[place].left)
                provider.refundThere(
                    FakeProvider.reference(payments[place].payment.id), shop.money(there))
                try await desk.take(
                    ProviderMessage(
                        name: "evt_there_\(shop.slug)_\(number)", kind: "refund",
                        content: .refunds(of: FakeProvider.reference(payments[place].payment.id))),
                    from: provider, of: shop.tenant)
                payments[place].returned += there
                lose(there)
            }
        }

        func check(_ market: Market) async throws {
            #expect(try await market.balance(of: shop.ann, in: shop) == wallet)
            #expect(try await market.debt(of: shop.ann, in: shop) == debt)
            #expect(try await market.setAside(in: shop) == 0)
            let outside = payments.reduce(0) { $0 + $1.left }
            #expect(try await market.ledgerBalance("outside", in: shop) == outside)
        }
    }
}
