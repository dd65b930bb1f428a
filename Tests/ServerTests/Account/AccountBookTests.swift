import Billing
import Catalog
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Balance, statement and orders at the account API", .database)
struct AccountBookTests {
    private func world(_ body: (AccountWorld) async throws -> Void) async throws {
        var settings = AccountAPI.Settings()
        settings.rateLimit = .off
        try await withDatabase { try await AccountWorld.with($0, settings: settings, body) }
    }

    /// All items of a list, page by page.
    private func all(
        _ path: String, limit: Int, as token: String, _ world: AccountWorld
    ) async throws -> [JSON] {
        var (items, cursor): ([JSON], String?) = ([], nil)
        repeat {
            let mark = path.contains("?") ? "&" : "?"
            let page = try await world.ask(
                .get, "\(path)\(mark)limit=\(limit)" + (cursor.map { "&cursor=\($0)" } ?? ""), as: token)
            #expect(page.outcome == "200", "\(page.body)")
            let here = page.json["items"]?.arrayValue ?? []
            #expect(here.count <= limit)
            items += here
            cursor = page.json["next_cursor"]?.stringValue
        } while cursor != nil
        return items
    }

    private func operate(_ world: AccountWorld) -> OperatorWork {
        OperatorWork(
            pool: world.database.owner, identifiers: world.parts.ids, random: SeededRandom(seed: 4),
            actor: "an operator")
    }

    @Test func `a balance is what the wallet has and what its credit allows`() async throws {
        try await world { world in
            let token = try await world.token("vic")
            try await world.database.execute(
                "UPDATE accounts SET floor_minor = -2500 WHERE role = 'wallet' AND owner_id IN "
                    + "(SELECT id FROM customers WHERE username = 'ann')")
            try await world.buy("month")
            let reply = try await world.ask(.get, "/v1/balance", as: token)
            #expect(reply.json["balance"] == ["amount": "88.00", "minor": 8_800, "currency": "EUR"])
            #expect(reply.json["credit_limit"]?["amount"] == "25.00")
            #expect(reply.json["available"]?["amount"] == "113.00")
            #expect(reply.json["owed"]?["amount"] == "0.00")
        }
    }

    @Test func `what a bank took back and the wallet had spent is told as owed, to whom it is`() async throws
    {
        try await world { world in
            let (alba, now) = (try #require(world.tenants["alba"]), world.clock.now())
            let payment: PaymentID = world.parts.ids.next(at: now)
            try await world.database.execute(
                """
                INSERT INTO payments (tenant_id, id, customer_id, provider, way, currency, amount_minor, state,
                                      credited_minor, opened_at, expires_at)
                SELECT tenant_id, '\(payment.bits.uuidString)', id, 'stripe', 'checkout', 'EUR', 90000, 'open', 0,
                       created_at, created_at + interval '1 day'
                FROM customers WHERE tenant_id = \(alba) AND username = 'ann'
                """)
            let desk = PaymentDesk(
                engine: world.engine, pool: world.parts.pool, providers: PaymentProviders { _ in nil },
                ids: world.parts.ids, clock: world.clock, logger: .quiet)
            let (found, _) = try #require(try await desk.payment(payment, of: alba))
            func take(_ step: PaymentMovement.Step) async throws {
                _ = try await world.engine.submit(
                    Submission(
                        id: world.parts.ids.next(at: now), tenant: alba, principal: nil,
                        dialect: DialectName(rawValue: "payments"),
                        command: .payment(PaymentMovement(of: found, step))))
            }
            try await take(.credit(found.amount, reference: "pi_1"))
            try await world.buy("dear")
            try await take(
                .takenBack(
                    world.parts.ids.next(at: now), .chargeback, found.amount, reference: "dp_1"))

            for (who, slug, balance, owed) in [
                ("vic", "alba", "0.00", "800.00"), ("bea", "alba", "100.00", "0.00"),
                ("vic", "brio", "100.00", "0.00"),
            ] {
                let token = try await world.token(who, of: slug)
                let reply = try await world.ask(.get, "/v1/balance", as: token, of: slug)
                #expect(reply.json["balance"]?["amount"] == .string(balance), "\(who) of \(slug)")
                #expect(reply.json["owed"]?["amount"] == .string(owed), "\(who) of \(slug)")
            }
        }
    }

    /// Whatever pages it comes in, the statement is one without gaps whose balances add up to the one of now.
    @Test(arguments: [1, 2, 3, 50])
    func `a statement adds up, whatever its pages`(limit: Int) async throws {
        try await world { world in
            let token = try await world.token("ada")
            for _ in 0..<3 {
                try await world.buy("month")
                world.clock.advance(milliseconds: 3_600_000)
            }
            try await world.buy("month", for: "ben")
            try await world.buy("month", of: "brio")
            let orders = try await all("/v1/orders", limit: limit, as: token, world)
            #expect(orders.count == 3)
            let id = OrderID(bits: IdentifierBits(uuidString: orders[0]["id"]?.stringValue ?? "")!)
            let refund = OperatorWork.RefundRequest(amount: AmountText("5"), memo: "he shouted")
            _ = try await operate(world).refund(id, of: "alba", refund)

            let entries = try await all("/v1/statement", limit: limit, as: token, world)
            #expect(
                entries.map { $0["reason"]?.stringValue } == [
                    "refund", "purchase", "purchase", "purchase", "top_up",
                ])
            #expect(entries.map { $0["sequence"]?.integralValue } == [5, 4, 3, 2, 1])
            var balance: Int64 = 0
            for entry in entries.reversed() {
                balance += entry["amount"]?["minor"]?.integralValue ?? 0
                #expect(entry["balance"]?["minor"]?.integralValue == balance)
            }
            let now = try await world.ask(.get, "/v1/balance", as: token)
            #expect(now.json["balance"]?["minor"]?.integralValue == balance)
            #expect(
                !entries.contains { "\($0)".contains("shouted") }, "an operator's memo is not for customers")
        }
    }

    @Test func `a statement is told of one reason, and of a time that ends before its end`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            world.clock.advance(milliseconds: 3_600_000)
            try await world.buy("month")
            world.clock.advance(milliseconds: 3_600_000)
            try await world.buy("month")
            func reasons(_ query: String) async throws -> [String?] {
                try await all("/v1/statement?\(query)", limit: 1, as: token, world).map {
                    $0["reason"]?.stringValue
                }
            }
            #expect(try await reasons("reason=purchase").count == 2)
            #expect(try await reasons("reason=top_up") == ["top_up"])
            #expect(try await reasons("from=2026-01-31T01:00:00Z&to=2026-01-31T02:00:00Z") == ["purchase"])
            #expect(try await reasons("from=2026-01-31T02:00:00%2B01:00") == ["purchase", "purchase"])
            #expect(try await reasons("from=2026-01-31T02:00:00.001Z") == [])
            for (query, outcome) in [
                ("reason=float_top_up", "400 invalid_reason"), ("from=yesterday", "400 invalid_from"),
                ("to=", "400 invalid_to"), ("cursor=0", "400 invalid_cursor"),
                ("cursor=x", "400 invalid_cursor"),
            ] {
                let reply = try await world.ask(.get, "/v1/statement?\(query)", as: token)
                #expect(reply.outcome == outcome)
            }
        }
    }

    /// What a customer sees is what an operator sees of them, of orders of every kind that there is.
    @Test func `orders are all of the customer's, of every kind, and no one else's`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            let bought = try await world.buy("month", #","quantity":2,"couponCode":"WELCOME""#)
            world.clock.advance(milliseconds: 1_000)
            let alba = try #require(world.tenants["alba"])
            let plan = try await world.planID("month", of: "alba")
            let renewal = try await world.ask(
                DoorRequest(
                    method: .post, target: "/t/alba/gate/api/proxy", host: "localhost",
                    headers: [
                        ("x-api-key", AccountWorld.key("ann", "alba")), ("Content-Type", "application/json"),
                    ],
                    body:
                        #"{"op":"renew","subscriptionId":"\#(bought.bits.base36String)","planId":"\#(plan.bits.base36String)"}"#
                ))
            #expect(renewal.outcome == "200", "\(renewal.body)")
            world.clock.advance(milliseconds: 1_000)
            let trial = try await world.ask(
                DoorRequest(
                    method: .post, target: "/t/alba/gate/api/proxy", host: "localhost",
                    headers: [
                        ("x-api-key", AccountWorld.key("ann", "alba")), ("Content-Type", "application/json"),
                    ], body: #"{"op":"trial","planId":"\#(plan.bits.base36String)"}"#))
            #expect(trial.outcome == "200", "\(trial.body)")
            world.clock.advance(milliseconds: 1_000)
            _ = try await operate(world).changePlan(
                of: bought, of: "alba", OperatorWork.PlanChangeRequest(plan: "renewing"))
            try await world.buy("month", for: "ben")

            let reading = OperatorReading(pool: world.database.pool(.door, threads: 1))
            let operators = try await reading.orders(of: "alba", OrderFilter(customer: "ann@example.com"))
            #expect(Set(operators.items.map(\.kind)) == [.purchase, .renewal, .trial, .planChange])
            for limit in [1, 3, 50] {
                let seen = try await all("/v1/orders", limit: limit, as: token, world)
                #expect(seen.map { $0["id"]?.stringValue } == operators.items.map(\.id.description))
            }
            for kind in ["purchase", "renewal", "trial", "plan_change", "usage"] {
                let seen = try await all("/v1/orders?kind=\(kind)", limit: 50, as: token, world)
                #expect(
                    seen.map { $0["id"]?.stringValue }
                        == operators.items.filter { $0.kind.rawValue == kind }.map(\.id.description))
            }
            let purchase = try #require(operators.items.last)
            let details = try await world.ask(.get, "/v1/orders/\(purchase.id)", as: token)
            #expect(details.json["subscriptions"]?.arrayValue?.count == 2)
            #expect(details.json["discount"]?["amount"] == "4.80")
            #expect(details.json["entries"]?.arrayValue?.first?["amount"]?["amount"] == "-19.20")
            #expect(!details.body.contains("wholesale"))
            _ = alba
            for (query, outcome) in [
                ("kind=gift", "400 invalid_kind"), ("state=lost", "400 invalid_state"),
                ("cursor=5", "400 invalid_cursor"),
            ] {
                #expect(try await world.ask(.get, "/v1/orders?\(query)", as: token).outcome == outcome)
            }
        }
    }

    @Test func `a receipt says what was sold and what was given back, to people and to programs`()
        async throws
    {
        try await world { world in
            let token = try await world.token("ada")
            try await world.buy("month", #","quantity":2,"repeatCount":3,"couponCode":"WELCOME""#)
            let orders = try await all("/v1/orders", limit: 5, as: token, world)
            let id = try #require(orders[0]["id"]?.stringValue)
            world.clock.advance(milliseconds: 1_000)
            _ = try await operate(world).refund(
                OrderID(bits: IdentifierBits(uuidString: id)!), of: "alba",
                OperatorWork.RefundRequest(amount: AmountText("7.60")))
            let receipt = try await world.ask(.get, "/v1/orders/\(id)/receipt", as: token)
            let line = try #require(receipt.json["lines"]?.arrayValue?.first)
            #expect(line["unit"]?["amount"] == "12.00" && line["amount"]?["amount"] == "72.00")
            #expect(receipt.json["discount"]?["amount"] == "14.40")
            #expect(receipt.json["total"]?["amount"] == "57.60")
            #expect(receipt.json["refunds"]?.arrayValue?.first?["amount"]?["amount"] == "7.60")
            #expect(receipt.json["paid"]?["amount"] == "50.00")
            let text = try await world.ask(
                .get, "/v1/orders/\(id)/receipt", as: token, headers: [("Accept", "text/plain, */*;q=0.1")])
            #expect(text.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(
                text.body == """
                    Receipt
                    Order     \(id)
                    Date      2026-01-31T00:00:00.000Z
                    Seller    Alba & Co
                    Buyer     ann, ann@example.com

                    Month: 2 for 3 periods at 12.00 EUR
                    List      72.00 EUR
                    Discount  14.40 EUR (WELCOME)
                    Total     57.60 EUR
                    Refund    7.60 EUR on 2026-01-31T00:00:01.000Z
                    Paid      50.00 EUR

                    """)
        }
    }
}
