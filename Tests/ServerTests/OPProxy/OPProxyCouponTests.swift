import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

/// The vendor has no coupons (contract §2): no operation reads one, so none is used up and nobody is told of one.
@Suite("OP-Proxy without coupons", .database)
struct OPProxyCouponTests {
    @Test func `a coupon in a body is a member that no field has: the list price, and no use of it`()
        async throws
    {
        let database = try #require(TestDatabase.current)
        try await OPWorld.with(database) { world in
            let (volga, stage) = (world.volga, OPStage(world))
            let coupon: CouponID = world.parts.ids.next(at: world.clock.now())
            try await world.execute(
                """
                INSERT INTO coupons (tenant_id, id, code, percent_bps, currency, max_redemptions, created_at)
                VALUES (\(volga.id), \(coupon), 'HALF', 5000, 'RUB', 1, \(world.clock.now()))
                """)
            let before = try await world.balance("carol", of: volga)
            for (name, member) in [
                ("purchase-with-a-coupon", #""coupon":"HALF","couponCode":"HALF","promo_code":"HALF""#),
                ("purchase-with-an-unknown-coupon", #""coupon":"NOPE""#),
            ] {
                let bought = try await stage.play(
                    name, .post, "/purchase",
                    #"{"type":"ipv6_rotating","plan_id":"\#(volga.plan("v6"))",\#(member)}"#)
                #expect(bought.outcome == "200", "\(bought.body)")
            }
            #expect(try await world.balance("carol", of: volga) == before - 2 * 900_00)
            #expect(try await world.count("coupon_redemptions", volga) == 0)
            #expect(
                try await world.count("orders", volga, where: "coupon_id IS NULL AND discount_minor = 0") == 2
            )
            #expect(try await world.count("orders", world.neva) == 0)
        }
    }
}
