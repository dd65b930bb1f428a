import Catalog
import Postgres
import Primitives
import Server
import TestSupport
import Testing

@testable import Billing

/// What the simulation found: engine and documents disagreed, and the documents were right.
@Suite("What is decided first", .database)
struct RefusalOrderTests {
    @Test func `a use that a refund gives back can be used by the next command of the same group`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await shop.coupon(
                "LASTONE", percent: 5_000, limit: 1, perCustomer: 1, on: database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            let topUp = TopUp(customer: shop.ann, amount: shop.money(100_00), reference: "settlement")
            let before = try await carryOut(
                [market.submission(.topUp(topUp), by: shop), market.purchase(shop, coupon: "LASTONE")],
                database)
            let bought = try before[1].get()
            let order = try #require(bought.bought).order
            let after = try await carryOut(
                [
                    market.submission(.refund(Refund(customer: shop.ann, order: order)), by: shop),
                    market.purchase(shop, coupon: "LASTONE"), market.purchase(shop, coupon: "LASTONE"),
                ], database)
            #expect(try after[1].get().bought != nil)
            #expect(after[2].refusal == .coupon(.exhausted))
        }
    }

    @Test func `a plan that is not sold by machine is heard of before its coupon`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await database.execute(
                """
                UPDATE plans SET price_minor = NULL WHERE code = 'nl';
                UPDATE plans SET duration_ms = NULL WHERE code = 'week'
                """)
            let results = try await carryOut(
                [
                    market.purchase(shop, plan: shop.nlPlan, coupon: "NOSUCH"),
                    market.purchase(shop, plan: shop.weekPlan, coupon: "NOSUCH"),
                    market.purchase(shop, plan: shop.dePlan, network: shop.de, coupon: "NOSUCH"),
                ], database)
            #expect(results.map(\.refusal) == [.planNotPriced, .planNotPriced, .couponUnknown])
        }
    }

    @Test func `money of a currency without books is a wrong amount, not an empty float`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let euros = Money(minor: 5_00, currency: try #require(Currency("EUR")))
            let topUp = FloatTopUp(amount: euros, reference: "prepaid")
            let results = try await carryOut(
                [market.submission(.floatTopUp(topUp), by: market.alba)], database)
            #expect(results[0].refusal == .amountInvalid)
        }
    }

    /// Stock, balance, float: a tenant that keeps no books in the currency counts as one whose float is empty.
    @Test func `an empty shelf is heard of first, an empty wallet next, a tenant without books last`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 1)
            let shop = market.alba
            try await database.execute("DELETE FROM accounts WHERE role = 'revenue'")
            let topUp = TopUp(customer: shop.ann, amount: shop.money(12_00), reference: "settlement")
            let results = try await carryOut(
                [
                    market.purchase(shop, quantity: 2), market.purchase(shop),
                    market.submission(.topUp(topUp), by: shop), market.purchase(shop),
                ], database)
            let short = Refusal.insufficientBalance(required: shop.money(12_00), available: shop.money(0))
            #expect(results.map(\.refusal) == [.soldOut, short, nil, .floatExhausted])
        }
    }

    @Test func `a wrong amount to refund is wrong, whatever is left of the payment`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            func refund(_ order: OrderID, _ minor: Int64?) -> Submission {
                market.submission(
                    .refund(Refund(customer: shop.ann, order: order, amount: minor.map(shop.money))), by: shop
                )
            }
            let topUp = TopUp(customer: shop.ann, amount: shop.money(12_00), reference: "settlement")
            let before = try await carryOut(
                [market.submission(.topUp(topUp), by: shop), market.purchase(shop)], database)
            let order = try #require(try before[1].get().bought).order
            let after = try await carryOut(
                [refund(order, nil), refund(order, 0), refund(order, nil)], database)
            let left = Refusal.refundExceedsPayment(refundable: shop.money(0))
            #expect(after.map(\.refusal) == [nil, .amountInvalid, left])
        }
    }

    @Test func `what a wallet cannot give is short of it, even where the balance would leave Int64`() {
        let tenant = TenantID(1)
        let wallet = AccountKey.wallet(tenant, CustomerID(bits: IdentifierBits(high: 1, low: 1)), .usd)
        let revenue = AccountKey.own(tenant, .revenue, .usd)
        let books = Books([
            Account(
                id: AccountID(bits: IdentifierBits(high: 2, low: 1)), key: wallet, balance: -10, floor: -.max,
                postings: 1),
            Account(
                id: AccountID(bits: IdentifierBits(high: 2, low: 2)), key: revenue, balance: 0, floor: nil,
                postings: 0),
        ])
        let leg = Leg(debit: wallet, credit: revenue, amount: Money(minor: .max, currency: .usd))
        do throws(Books.PostingRefusal) {
            try books.check([leg])
            Issue.record("a wallet gave more than there is")
        } catch {
            guard case .belowFloor(wallet) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    private func carryOut(
        _ submissions: [Submission], _ database: TestDatabase
    ) async throws -> [Result<Answer, Refusal>] {
        let now = database.clock.now()
        let seed = submissions[0].id.bits.low
        return try await database.owner.run { connection in
            var work = LedgerWork(seed: seed, stock: SlotStock())
            return try connection.withTransaction { _ in
                try work.carryOut(submissions, on: connection, at: now)
            }
        }
    }
}

extension Result<Answer, Refusal> {
    fileprivate var refusal: Refusal? {
        if case .failure(let refusal) = self { refusal } else { nil }
    }
}
