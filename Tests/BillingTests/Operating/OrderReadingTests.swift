import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Orders as an operator looks them up", .database)
struct OrderReadingTests {
    @Test func `a list is newest first, and of what was asked for`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let orders = try await market.makeOrders()
            let reading = market.reading
            func listed(_ change: (inout OrderFilter) -> Void) async throws -> [OrderID] {
                var filter = OrderFilter()
                change(&filter)
                return try await reading.orders(of: "alba", filter).items.map(\.id)
            }
            let (purchase, renewal) = (orders.purchase.order, orders.renewal.order)
            let (trial, refunded) = (orders.trial.order, orders.refunded.order)
            let day: Int64 = 86_400_000
            func days(_ count: Int64) -> Instant {
                Instant(milliseconds: ManualClock.start.milliseconds + count * day)
            }

            #expect(try await listed { _ in } == [refunded, trial, renewal, purchase])
            #expect(try await listed { $0.customer = "ann" } == [trial, renewal, purchase])
            #expect(try await listed { $0.customer = "ben@example.com" } == [refunded])
            #expect(try await listed { $0.customer = market.alba.ben.description } == [refunded])
            #expect(try await listed { $0.state = .refunded } == [refunded])
            #expect(try await listed { $0.state = .paid } == [trial, renewal, purchase])
            #expect(try await listed { $0.kind = .purchase } == [refunded, purchase])
            #expect(try await listed { ($0.kind, $0.customer) = (.renewal, "ben") } == [])
            // Half-open: from the one moment on, before the other.
            #expect(try await listed { ($0.from, $0.to) = (days(1), days(3)) } == [trial, renewal])
            #expect(try await listed { $0.to = days(0) } == [])
            #expect(try await listed { $0.before = trial } == [renewal, purchase])
            #expect(
                try await reading.orders(of: "brio", OrderFilter()).items.map(\.id)
                    == [orders.elsewhere.order])
        }
    }

    @Test func `pages follow each other without gap, whatever is ordered meanwhile`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            var bought: [OrderID] = []
            try await market.withEngine { engine in
                try await market.topUp(shop.ann, 100_00, in: shop, with: engine)
                func buy() async throws -> OrderID {
                    try #require(
                        try await engine.submit(market.purchase(shop, plan: shop.weekPlan)).bought
                    ).order
                }
                for _ in 0..<7 { bought.append(try await buy()) }
                var filter = OrderFilter(limit: 3)
                var seen: [OrderID] = []
                for _ in 0..<3 {
                    let page = try await market.reading.orders(of: "alba", filter)
                    seen += page.items.map(\.id)
                    #expect(page.next == (seen.count < 7 ? seen.last : nil))
                    filter.before = page.next
                    _ = try await buy()
                }
                #expect(seen == bought.reversed())
            }
        }
    }

    @Test func `an order is shown with its price, what it made and every entry of it`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let orders = try await market.makeOrders()
            try await database.execute(
                """
                INSERT INTO api_keys (hash, tenant_id, id, customer_id, dialect, hint, created_at)
                VALUES (sha256('ann'), \(shop.tenant), '\(shop.annKey)', '\(shop.ann)', 'opproxy', 'opx_live_12…', timestamptz '2026-01-31Z')
                """)
            let shown = try await market.reading.order(orders.purchase.order, of: "alba")
            #expect(
                shown.order.price
                    == OrderView.Price(
                        list: shop.money(24_00), discount: shop.money(12_00), total: shop.money(12_00),
                        refunded: shop.money(2_50), wholesale: nil, wholesaleRefunded: shop.money(0)))
            #expect(shown.order.state == .paid && shown.order.coupon == "HALF" && shown.order.quantity == 2)
            #expect(shown.order.orderedBy == "opx_live_12…" && shown.order.email == "ann@example.com")
            #expect(shown.subscriptions.map(\.id) == orders.purchase.subscriptions.map(\.id))
            #expect(shown.subscriptions[0].activeUntil == orders.renewal.activeUntil)
            #expect(shown.entries.map(\.reason) == ["purchase", "refund"])
            #expect(shown.entries.map(\.amount) == [shop.money(-12_00), shop.money(2_50)])
            #expect(shown.entries.map(\.balance) == [shop.money(88_00), shop.money(78_50)])
            #expect(shown.lines[0].contains("12.00 USD  2.50 USD given back  nl  ann@example.com"))

            let renewed = try await market.reading.order(orders.renewal.order, of: "alba")
            #expect(renewed.order.renewed == orders.purchase.subscriptions[0].id)
            #expect(renewed.subscriptions.map(\.id) == [orders.purchase.subscriptions[0].id])
            // A trial leaves an entry that moved nothing.
            let trial = try await market.reading.order(orders.trial.order, of: "alba")
            #expect(trial.entries.map(\.amount) == [shop.money(0)] && trial.entries[0].balance == nil)
            let refunded = try await market.reading.order(orders.refunded.order, of: "alba")
            #expect(refunded.order.state == .refunded && refunded.subscriptions[0].endedAt != nil)
        }
    }

    @Test func `what is another tenant's is unknown, and so is whoever is nobody's`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let orders = try await market.makeOrders()
            let (reading, theirs) = (market.reading, orders.elsewhere.order)
            await #expect(throws: OperatorWork.Refusal.orderUnknown(theirs)) {
                try await reading.order(theirs, of: "alba")
            }
            #expect(try await reading.order(theirs, of: "brio").order.id == theirs)
            let stranger = market.brio.ann.description
            await #expect(throws: OperatorWork.Refusal.customerUnknown(stranger)) {
                try await reading.orders(of: "alba", OrderFilter(customer: stranger))
            }
            await #expect(throws: OperatorWork.Refusal.tenantUnknown("solo")) {
                try await reading.orders(of: "solo", OrderFilter())
            }
            // The doors' role sees nothing of anybody where no tenant is set.
            let seen: Int = try await reading.pool.transaction(tenant: nil) {
                try $0.query(OrderViewStore.one(theirs, of: market.brio.tenant)).count
            }
            #expect(seen == 0)
        }
    }
}
