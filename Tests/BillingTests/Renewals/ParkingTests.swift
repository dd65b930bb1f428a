import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Parked renewals", .database)
struct ParkingTests {
    /// The plan's currency cannot be read: the engine halves its group until that one stands alone.
    @Test func `a poisoned row is parked and stops nobody, and goes on once it is repaired and let go`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let sound = try await market.bought(in: shop, leaving: 7 * 12_00, quantity: 7)
            let broken = try await market.bought(in: shop, plan: shop.dePlan, leaving: 14_00, by: shop.ben)[0]
            let neighbour = try await market.bought(in: market.brio, leaving: 12_00)[0]
            try await database.execute(
                "UPDATE plans SET currency = '???' WHERE tenant_id = 1 AND code = 'de'")
            market.clock.set(sound[0].period.end)

            let counts = try await market.renew()
            #expect((counts.renewed, counts.parked) == (8, 1))
            #expect(try await market.standing(of: neighbour.id, in: market.brio).nextPeriod == 2)
            #expect(try await market.standing(of: broken.id, in: shop).parkedReason == "fault")
            #expect(try await market.events("renewal.parked", in: shop) == 1)
            #expect(try await market.renew().due == 0)
            #expect(try await market.operatorWork.parked(of: "alba").map(\.id) == [broken.id])
            #expect(try await market.operatorWork.parked(of: "brio").isEmpty)

            try await database.execute(
                "UPDATE plans SET currency = 'USD' WHERE tenant_id = 1 AND code = 'de'")
            await #expect(throws: OperatorWork.Refusal.subscriptionParked(broken.id)) {
                try await market.operatorWork.change(broken.id, of: "alba", .on)
            }
            _ = try await market.operatorWork.change(broken.id, of: "alba", .unpark)
            #expect(try await market.renew().renewed == 1)
            #expect(try await market.balance(of: shop.ben, in: shop) == 0)
        }
    }

    @Test func `twelve failures on one day park it, and the next day has its own twelve`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            try await database.execute("UPDATE tenants SET grace_ms = 864000000")
            let issued = try await market.bought(in: shop, leaving: 0)[0]
            market.clock.set(issued.period.end)
            for _ in 0..<11 { try await runAgain(market) }
            #expect(try await market.standing(of: issued.id, in: shop).parkedReason == nil)
            market.clock.advance(days: 1)
            for _ in 0..<11 { try await runAgain(market) }
            #expect(try await market.standing(of: issued.id, in: shop).parkedReason == nil)
            try await runAgain(market)
            #expect(try await market.standing(of: issued.id, in: shop).parkedReason == "too_many_tries")
            #expect(try await market.events("renewal.parked", in: shop) == 1)
            #expect(try await market.events("renewal.failed", in: shop) == 1)
            #expect(try await market.attempts(at: 1, of: issued.id, in: shop)?.count == 23)
        }
    }

    /// Something of ours keeps saying that it is due: it costs four periods, not all that the customer has.
    @Test func `what runs away is stopped after four renewals a day`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            let issued = try await market.bought(in: shop, leaving: 1_000_00)[0]
            market.clock.set(issued.period.end)
            for _ in 0..<10 { try await runAgain(market) }
            let standing = try await market.standing(of: issued.id, in: shop)
            #expect(standing.parkedReason == "too_many_renewals")
            #expect(standing.nextPeriod == 5)
            #expect(try await market.balance(of: shop.ann, in: shop) == 1_000_00 - 4 * 12_00)
            #expect(try await market.events("renewal.parked", in: shop) == 1)

            // A renewal by hand is not counted and does not let it go.
            try await market.withEngine { _ = try await $0.submit(market.renewal(shop, of: issued.id)) }
            #expect(try await market.standing(of: issued.id, in: shop).parkedReason == "too_many_renewals")
            _ = try await market.operatorWork.change(issued.id, of: "alba", .unpark)
            #expect(try await market.renew().due == 0)
        }
    }

    /// A run, with everything due that renews itself.
    private func runAgain(_ market: Market) async throws {
        let now = market.now
        try await market.database.owner.run {
            _ = try $0.query("UPDATE subscriptions SET renews_at = \(now) WHERE renews_at IS NOT NULL")
        }
        _ = try await market.renew()
    }
}
