import Billing
import Postgres
import Primitives
import TestSupport
import Testing

/// A server that is started with a wrong clock, and later with the right one: money and paid time outlive it.
@Suite("A wrong clock", .database)
struct WrongClockTests {
    private let month: Int64 = 30 * 86_400_000

    @Test(arguments: [-3_600_000, 365 * 86_400_000] as [Int64])
    func `a clock that is wrong for a while loses nothing paid, and no id comes twice`(
        shift: Int64
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 60)
            let shop = market.alba
            let right = market.now
            let before = try await bought(in: market, seed: 1)

            market.clock.set(Instant(milliseconds: right.milliseconds + shift))
            let wrong = try await bought(in: market, seed: 2)
            try await market.withEngine { engine in
                let renewed = try #require(
                    try await engine.submit(market.renewal(shop, of: before[0].id)).renewed)
                // From the paid end; from now where that is over for this clock. Never from earlier.
                let start = max(before[0].period.end, market.now)
                #expect(renewed.activeUntil.milliseconds == start.milliseconds + month)
            }

            market.clock.set(right)
            let after = try await bought(in: market, seed: 3)
            try await market.withEngine { engine in
                for issued in before + wrong {
                    let now = try await activeUntil(issued.id, in: market)
                    let renewed = try #require(
                        try await engine.submit(market.renewal(shop, of: issued.id)).renewed)
                    #expect(renewed.activeUntil.milliseconds == max(now, market.now).milliseconds + month)
                }
            }
            let all = (before + wrong + after).map(\.id)
            #expect(Set(all).count == all.count)
            #expect(try await market.count("subscriptions", of: shop) == all.count)
            #expect(wrong.allSatisfy { $0.period.end.milliseconds - $0.period.start.milliseconds == month })
        }
    }

    /// Ten subscriptions from an engine of its own, as of a server that has just been started.
    private func bought(in market: Market, seed: UInt64) async throws -> [IssuedSubscription] {
        let shop = market.alba
        let engine = market.engine(seed: seed)
        try await market.topUp(shop.ann, 1_000_00, in: shop, with: engine)
        let results = await market.race((0..<10).map { _ in market.purchase(shop) }, on: engine)
        await engine.stop()
        return results.compactMap(\.bought).flatMap(\.subscriptions)
    }

    private func activeUntil(_ subscription: SubscriptionID, in market: Market) async throws -> Instant {
        try await market.database.owner.run { connection in
            try connection.query("SELECT active_until FROM subscriptions WHERE id = \(subscription)")[0].get(
                0)
        }
    }
}
