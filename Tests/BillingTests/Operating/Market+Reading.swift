import Billing
import Catalog
import Primitives
import TestSupport

@testable import Server

extension Market {
    /// What an operator looks up: one connection of the doors' role.
    var reading: OperatorReading {
        OperatorReading(
            pool: database.pool(.door, threads: 1, tenantClock: { TenantClockStore.ahead(of: $0) }))
    }

    /// Orders of several kinds at both shops, a day between two of them.
    struct Orders {
        /// Ann's, with a coupon, of two; some of its money was given back since.
        let purchase: PurchaseReceipt
        let renewal: RenewalReceipt
        let trial: PurchaseReceipt
        /// Ben's, given back whole.
        let refunded: PurchaseReceipt
        /// Of the other shop's Ann.
        let elsewhere: PurchaseReceipt
    }

    func makeOrders() async throws -> Orders {
        try await alba.coupon(
            "HALF", percent: 50_00, on: database.owner, id: ids.next(at: now), at: now)
        return try await withEngine { engine in
            for shop in [alba, brio] {
                for customer in [shop.ann, shop.ben] {
                    try await topUp(customer, 100_00, in: shop, with: engine)
                }
            }
            func submit(_ submission: Submission) async throws -> Answer {
                let answer = try await engine.submit(submission)
                clock.advance(days: 1)
                return answer
            }
            let purchase = try await submit(purchase(alba, quantity: 2, coupon: "HALF")).bought
            guard let purchase else { throw Surprise("no purchase") }
            let trial = Trial(customer: alba.ann, plan: alba.nlPlan, networks: [alba.nl])
            guard
                let renewal = try await submit(renewal(alba, of: purchase.subscriptions[0].id)).renewed,
                let tried = try await submit(submission(.trial(trial), by: alba)).bought,
                let refunded = try await submit(self.purchase(alba, plan: alba.weekPlan, by: alba.ben))
                    .bought,
                let elsewhere = try await submit(self.purchase(brio)).bought
            else { throw Surprise("an order was not carried out") }
            _ = try await submit(refund(refunded.order, of: alba, by: alba.ben))
            _ = try await submit(refund(purchase.order, of: alba, minor: 2_50))
            return Orders(
                purchase: purchase, renewal: renewal, trial: tried, refunded: refunded, elsewhere: elsewhere)
        }
    }
}
