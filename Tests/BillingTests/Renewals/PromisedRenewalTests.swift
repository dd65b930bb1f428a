import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

/// What nobody asks for is discounted as it was promised: the job's renewals take a promise as those by hand do.
@Suite("Automatic renewals at a promised discount", .database)
struct PromisedRenewalTests {
    struct Killed: Error {}

    /// 25 % off 12.00 and off one renewal, with just what that renewal costs left on the wallet.
    private func promised(_ market: Market) async throws -> IssuedSubscription {
        let shop = market.alba
        try await market.letPlansRenew()
        try await shop.coupon(
            "AGAIN", percent: 25_00, renewals: 1, on: market.database.owner,
            id: market.ids.next(at: market.now), at: market.now)
        return try await market.withEngine { engine in
            try await market.topUp(shop.ann, 18_00, in: shop, with: engine)
            let bought = try #require(try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
            return bought.subscriptions[0]
        }
    }

    @Test(arguments: EngineStep.allCases)
    func `an engine killed at any step, and the run again: one promise, one discount, one charge`(
        step: EngineStep
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            market.clock.set(try await promised(market).period.end)
            let doomed = market.engine(seed: 31) { passed in
                if passed == step { throw Killed() }
            }
            _ = try await market.renewals(doomed).run()
            await doomed.stop()
            try await market.renew()
            try await market.renew()
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await market.events("order.renewed", in: shop) == 1)
            #expect(try await market.count("coupon_redemptions", of: shop) == 2)
            #expect(try await sum(market) == 6_00)
        }
    }

    @Test func `the job keeps the promise once, and asks the list price of the next period`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let issued = try await promised(market)
            market.clock.set(issued.period.end)
            #expect(try await market.renew().renewed == 1)
            let standing = try await market.standing(of: issued.id, in: shop)
            market.clock.set(standing.activeUntil)
            // The wallet is empty: the list price is not there, and nothing is discounted a second time.
            let counts = try await market.renew()
            #expect(counts.renewed == 0 && counts.failed == 1)
            #expect(try await market.balance(of: shop.ann, in: shop) == 0)
            #expect(try await sum(market) == 6_00)
        }
    }

    /// What the coupon's standing redemptions took off.
    private func sum(_ market: Market) async throws -> Int64 {
        try await market.database.owner.run { connection in
            try connection.query("SELECT discounted_minor FROM coupons WHERE code = 'AGAIN'")[0].get(0)
        }
    }
}
