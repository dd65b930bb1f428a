import Billing
import Catalog
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("Subscriptions as an operator looks them up", .database)
struct SubscriptionReadingTests {
    @Test func `a list is newest first, of what was asked for, and stands by the clock`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let month = try await market.bought(in: shop, leaving: 0, quantity: 2).map(\.id)
            let week = try await market.bought(in: shop, plan: shop.weekPlan, leaving: 0, by: shop.ben)[0].id
            let theirs = try await market.bought(in: market.brio, leaving: 0)[0].id
            let reading = market.reading
            func listed(_ change: (inout SubscriptionFilter) -> Void) async throws -> [SubscriptionID] {
                var filter = SubscriptionFilter()
                change(&filter)
                return try await reading.subscriptions(of: "alba", filter).items.map(\.id)
            }
            let all = [week, month[1], month[0]]
            #expect(try await listed { _ in } == all)
            #expect(try await listed { $0.customer = "ben" } == [week])
            #expect(try await listed { $0.plan = "nl" } == [month[1], month[0]])
            #expect(try await listed { $0.state = .active } == all)
            #expect(try await listed { ($0.limit, $0.before) = (1, week) } == [month[1]])
            #expect(try await reading.subscriptions(of: "alba", .init(limit: 2)).next == month[1])
            #expect(try await reading.subscriptions(of: "alba", .init(limit: 3)).next == nil)
            #expect(try await reading.subscriptions(of: "brio", .init()).items.map(\.id) == [theirs])

            // A week has passed and no job has looked.
            market.clock.advance(milliseconds: 7 * 86_400_000 - 1)
            #expect(try await listed { $0.state = .expired } == [])
            market.clock.advance(milliseconds: 1)
            #expect(try await listed { $0.state = .expired } == [week])
            #expect(try await listed { $0.state = .active } == [month[1], month[0]])
            let order = try await reading.subscription(month[0], of: "alba").subscription.order
            try await market.withEngine { _ = try await $0.submit(market.refund(order, of: shop)) }
            #expect(try await listed { $0.state = .ended } == [month[1], month[0]])
        }
    }

    @Test func `a sandbox's stand by the sandbox's clock`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            for shop in [market.alba, market.brio] { _ = try await market.bought(in: shop, leaving: 0) }
            try await market.moveClock(ofBrioTo: Market.month)
            let (live, sandbox) = (
                try await market.reading.subscriptions(of: "alba", .init()),
                try await market.reading.subscriptions(of: "alba-sandbox", .init(state: .expired))
            )
            #expect(live.items.map(\.state) == [.active] && sandbox.items.map(\.state) == [.expired])
        }
    }

    @Test func `one is shown with its periods, ports, promise and failed renewals, and with no secret`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.letPlansRenew()
            try await shop.coupon(
                "AGAIN", percent: 25_00, renewals: 2, on: database.owner, id: market.ids.next(at: market.now),
                at: market.now)
            let bought = try await market.withEngine { engine in
                try await market.topUp(shop.ann, 18_00, in: shop, with: engine)
                return try #require(try await engine.submit(market.purchase(shop, coupon: "AGAIN")).bought)
            }
            let issued = bought.subscriptions[0]
            market.clock.set(issued.period.end)
            #expect(try await market.renew().renewed == 1)
            let end = try await market.standing(of: issued.id, in: shop).activeUntil
            market.clock.set(end)
            #expect(try await market.renew().failed == 1)

            let shown = try await market.reading.subscription(issued.id, of: "alba")
            let it = shown.subscription
            #expect(it.state == .expired && it.periods == 2 && it.ports == 1 && !it.isTrial)
            #expect(it.plan == "nl" && it.dialect == .storefront && it.order == bought.order)
            #expect(it.renewsAt != nil && it.activeUntil == end)
            #expect(shown.terms.map(\.amount) == [shop.money(9_00), shop.money(9_00)])
            #expect(shown.terms.map(\.kind) == [.purchase, .renewal])
            #expect(shown.terms.map(\.period.end) == [issued.period.end, end])
            #expect(
                shown.promise
                    == SubscriptionDetails.Promise(coupon: "AGAIN", renewals: 2, left: 1, endedReason: nil))
            #expect(shown.attempts.map(\.reason) == ["insufficient_balance"])
            #expect(shown.attempts.map(\.period) == [2])
            let unit = issued.units[0]
            #expect(shown.ports.map(\.port) == [unit.port] && shown.ports[0].username == unit.username)
            #expect(shown.ports[0].network == "NL-AMS" && shown.ports[0].host == "alba-ams-1")

            let sealed: [UInt8] = try await database.owner.run { connection in
                try connection.query(
                    "SELECT secret FROM slots WHERE tenant_id = \(unit.tenant) AND id = \(unit.slot)")[0].get(
                        0)
            }
            let secret = try CredentialSeal.market.open(
                sealed, tenant: unit.tenant, slot: unit.slot, version: 1)
            let said = String(decoding: shown.json.encoded(), as: UTF8.self) + shown.lines.joined()
            for word in [secret.password, secret.vlessUUID, secret.shadowsocksKey] {
                #expect(!said.contains(word))
            }
        }
    }

    @Test func `a port that has gone back keeps its place and no login; what is another's is unknown`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let issued = try await market.bought(in: shop, leaving: 0)[0]
            let order = try await market.reading.subscription(issued.id, of: "alba").subscription.order
            try await market.withEngine { _ = try await $0.submit(market.refund(order, of: shop)) }
            let shown = try await market.reading.subscription(issued.id, of: "alba")
            #expect(shown.subscription.state == .ended && shown.subscription.ports == 0)
            #expect(shown.ports.map(\.releasedAt) == [market.now] && shown.ports[0].username == nil)
            #expect(shown.lines.contains { $0.contains("went back 2026-01-31T00:00:00.000Z") })
            await #expect(throws: OperatorWork.Refusal.subscriptionUnknown(issued.id)) {
                try await market.reading.subscription(issued.id, of: "brio")
            }
        }
    }
}
