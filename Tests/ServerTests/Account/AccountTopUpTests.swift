import Billing
import HTTPTypes
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Makes pages, and knows nothing else; it says no to more than a thousand.
final class PagesOnly: PaymentProvider {
    let name = "stripe"
    private let orders = Mutex<[PageOrder]>([])
    private let away = Atomic<Bool>(false)

    /// What pages were asked for.
    var asked: [PageOrder] { orders.withLock { $0 } }

    func setAway(_ isAway: Bool) { away.store(isAway, ordering: .relaxed) }

    func objection(to amount: Money) -> String? { amount.minor > 100_000 ? "too much" : nil }

    func openPage(for order: PageOrder) async throws(PaymentProviderProblem) -> PaymentPage {
        if away.load(ordering: .relaxed) { throw unreachable }
        if order.amount.minor == 66_600 { throw .refused(code: "no", message: "secret words") }
        orders.withLock { $0.append(order) }
        return PaymentPage(
            session: "cs_\(order.payment)", url: "https://pay.example/\(order.payment)", reference: nil,
            expiresAt: nil)
    }

    func page(_ session: String) async throws(PaymentProviderProblem) -> PageStanding { throw unreachable }
    func charge(_ order: ChargeOrder) async throws(PaymentProviderProblem) -> ProviderPayment {
        throw unreachable
    }
    func payment(_ reference: String) async throws(PaymentProviderProblem) -> ProviderPayment {
        throw unreachable
    }
    func refund(_ order: RefundOrder) async throws(PaymentProviderProblem) -> ProviderRefund {
        throw unreachable
    }
    func refunds(of reference: String) async throws(PaymentProviderProblem) -> [ProviderRefund] { [] }
    func message(
        _ body: [UInt8], _ headers: HTTPFields, at now: Instant
    ) throws(MessageRefusal) -> ProviderMessage { throw .notSigned }

    private var unreachable: PaymentProviderProblem {
        .unreachable(Fault(operation: "ask", isTransient: true, underlying: CancellationError()))
    }
}

@Suite("Top-ups at the account API", .database)
struct AccountTopUpTests {
    private func world(
        _ provider: PagesOnly? = PagesOnly(), _ body: (AccountWorld) async throws -> Void
    ) async throws {
        try await withDatabase { try await AccountWorld.with($0, provider: provider, body) }
    }

    @Test func `a top-up is a page where the customer pays, and shows what has come of it`() async throws {
        let provider = PagesOnly()
        try await world(provider) { world in
            let token = try await world.token("eve")
            let made = try await world.ask(
                .post, "/v1/top-ups", #"{"amount":"25.00","save_card":true}"#, as: token)
            #expect(made.outcome == "201", "\(made.body)")
            let id = try #require(made.json["id"]?.stringValue)
            #expect(made.json["url"]?.stringValue == "https://pay.example/\(id)")
            #expect(made.json["state"] == "open" && made.json["credited"]?["minor"] == 0)
            let order = try #require(provider.asked.first)
            #expect(
                order.savesMethod && order.email == "ann@example.com"
                    && order.amount.description == "25.00 EUR")
            let shown = try await world.ask(.get, "/v1/top-ups/\(id)", as: token)
            #expect(shown.body == made.body)
            let listed = try await world.ask(.get, "/v1/top-ups?state=open", as: token)
            #expect(listed.json["items"]?.arrayValue?.count == 1)
            #expect(
                try await world.ask(.get, "/v1/top-ups?state=paid", as: token).json["items"]?.arrayValue?
                    .count == 0)
            let balance = try await world.ask(.get, "/v1/balance", as: token)
            #expect(balance.json["balance"]?["amount"] == "100.00", "nobody has paid yet")
            let bea = try await world.token("bea")
            #expect(try await world.ask(.get, "/v1/top-ups/\(id)", as: bea).outcome == "404 not_found")
        }
    }

    @Test func `twenty times the same request under one key open one payment`() async throws {
        let provider = PagesOnly()
        try await world(provider) { world in
            let token = try await world.token("eve")
            func ask(_ amount: String) async throws -> DoorReply {
                try await world.ask(
                    .post, "/v1/top-ups", #"{"amount":"\#(amount)"}"#, as: token,
                    headers: [("Idempotency-Key", "one")])
            }
            let replies = try await withThrowingTaskGroup(of: DoorReply.self) { group in
                for _ in 0..<20 { group.addTask { try await ask("25.00") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let made = replies.filter { $0.outcome == "201" }
            #expect(!made.isEmpty && Set(made.map { $0.json["id"] }).count == 1)
            #expect(Set(replies.map(\.outcome)).isSubset(of: ["201", "409 idempotency_key_in_flight"]))
            #expect(try await world.office.ask("SELECT count(*)::text FROM payments") == ["1"])
            #expect(Set(provider.asked.map(\.payment)).count == 1)
            #expect(try await ask("25.00").headers[.init("Idempotency-Hit")!] == "true")
            #expect(try await ask("26.00").outcome == "409 idempotency_key_reused")
        }
    }

    /// The row is there before the provider is asked: the same key goes on with it.
    @Test func `a provider that is away is asked again under the same key`() async throws {
        let provider = PagesOnly()
        try await world(provider) { world in
            let token = try await world.token("eve")
            provider.setAway(true)
            let headers = [("Idempotency-Key", "one")]
            let first = try await world.ask(
                .post, "/v1/top-ups", #"{"amount":"25.00"}"#, as: token, headers: headers)
            #expect(first.outcome == "503 unavailable")
            provider.setAway(false)
            let second = try await world.ask(
                .post, "/v1/top-ups", #"{"amount":"25.00"}"#, as: token, headers: headers)
            #expect(second.outcome == "201" && second.json["url"]?.stringValue != nil)
            #expect(try await world.office.ask("SELECT count(*)::text FROM payments") == ["1"])
        }
    }

    @Test(arguments: [
        ("{}", "400 invalid_amount"), (#"{"amount":25}"#, "400 invalid_amount"),
        (#"{"amount":"0"}"#, "400 invalid_amount"), (#"{"amount":"-1.00"}"#, "400 invalid_amount"),
        (#"{"amount":"1.001"}"#, "400 invalid_amount"), (#"{"amount":"1000.01"}"#, "400 invalid_amount"),
        (#"{"amount":"1.00","save_card":1}"#, "400 invalid_save_card"),
        (#"{"amount":"666.00"}"#, "402 top_up_declined"),
    ])
    func `what cannot be collected is refused, in our own words`(body: String, outcome: String) async throws {
        try await world { world in
            let reply = try await world.ask(.post, "/v1/top-ups", body, as: try await world.token("eve"))
            #expect(reply.outcome == outcome)
            #expect(!reply.body.contains("secret"))
        }
    }

    @Test func `without a provider nothing is offered`() async throws {
        try await world(nil) { world in
            let token = try await world.token("ada")
            let made = try await world.ask(.post, "/v1/top-ups", #"{"amount":"25.00"}"#, as: token)
            #expect(made.outcome == "409 top_ups_not_offered")
            let listed = try await world.ask(.get, "/v1/top-ups", as: token)
            #expect(listed.json["items"] == [])
        }
    }

    @Test func `automatic top-ups take a kept card, and an admin who says so`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            let body = #"{"threshold":"10.00","amount":"50.00","per_day":2}"#
            #expect(try await world.ask(.get, "/v1/auto-top-up", as: token).json["on"] == false)
            #expect(
                try await world.ask(.put, "/v1/auto-top-up", body, as: token).outcome == "409 card_missing")
            try await world.database.execute(
                "INSERT INTO saved_payment_methods (tenant_id, customer_id, provider, payer, method, saved_at) "
                    + "SELECT tenant_id, id, 'stripe', 'cus_1', 'pm_1', created_at FROM customers "
                    + "WHERE username = 'ann'")
            let on = try await world.ask(.put, "/v1/auto-top-up", body, as: token)
            #expect(on.json["on"] == true && on.json["threshold"]?["amount"] == "10.00", "\(on.body)")
            #expect(on.json["per_day"] == 2 && on.json["parked"] == false)
            for (bad, outcome) in [
                (#"{"threshold":"x","amount":"50.00"}"#, "400 invalid_threshold"),
                (#"{"threshold":"0","amount":"0"}"#, "400 invalid_amount"),
                (#"{"threshold":"0","amount":"5","per_day":25}"#, "400 invalid_per_day"),
            ] {
                #expect(try await world.ask(.put, "/v1/auto-top-up", bad, as: token).outcome == outcome)
            }
            let bea = try await world.token("bea")
            #expect(try await world.ask(.get, "/v1/auto-top-up", as: bea).json["on"] == false)
            #expect(try await world.ask(.delete, "/v1/auto-top-up", as: token).json["on"] == false)
        }
    }
}
