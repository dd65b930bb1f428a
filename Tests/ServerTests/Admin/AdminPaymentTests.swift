import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Payments, as staff work with them", .database)
struct AdminPaymentTests {
    private let alba = TenantID(1)

    private func body(_ customer: CustomerID, _ amount: String) -> JSON {
        ["customer": .string(customer.description), "amount": .string(amount)]
    }

    @Test func `a page is made once under its key, on record, and is the tenant's alone`() async throws {
        let world = try await AdminWorld()
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let support = world.person(.support, of: 1)
        let key: HTTPFields = [.idempotencyKey: "page"]
        let ask = body(cleo, "25.00")
        let made = try await world.ask(.post, "/tenants/alba/payments", as: support, key, body: ask)
        let again = try await world.ask(.post, "/tenants/alba/payments", as: support, key, body: ask)
        #expect((made.status, made.body) == (201, again.body))
        #expect((made.headers[.idempotencyHit], again.headers[.idempotencyHit]) == (nil, "true"))
        let id = try #require(made.json["id"]?.stringValue)
        #expect(made.json["url"]?.stringValue == "https://pay.test/\(id)")
        #expect(made.json["actor"]?.stringValue == support.actor.name)
        #expect(world.till.pages.map(\.customer) == [cleo])
        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.action, record.object, record.objectID) == ("openPayment", "payment", id))
        #expect(record.after?["amount"] == "25.00 USD" && record.after?["customer"] == ask["customer"])

        let other = try await world.ask(
            .post, "/tenants/alba/payments", as: support, key, body: body(cleo, "26.00"))
        #expect(other.outcome == "409 idempotency_key_reused")
        #expect(try await world.ask(.get, "/tenants/alba/payments/\(id)", as: support).status == 200)
        let brio = world.key(.owner, of: 2)
        #expect(try await world.ask(.get, "/tenants/brio/payments/\(id)", as: brio).status == 404)
        #expect(try await world.ask(.get, "/tenants/brio/payments", as: brio).json["items"] == [])
        let theirs = try await world.ask(
            .post, "/tenants/brio/payments", as: brio, body: body(cleo, "25.00"))
        #expect((theirs.outcome, theirs.field) == ("422 invalid_field", "customer"))
    }

    @Test func `what cannot be collected is refused and leaves nothing`() async throws {
        let world = try await AdminWorld()
        let finance = world.key(.finance, of: 1)
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let shut = try await world.customer("shut", in: alba, balance: 0)
        try await world.tenants.execute("UPDATE customers SET active = false WHERE id = \(shut)")
        let toy = try await world.customer("toy", in: TenantID(3), balance: 0)
        let before = try await world.marks()
        for (slug, customer, amount, outcome) in [
            ("alba", cleo, "2000.00", "422 invalid_field"), ("alba", cleo, "25.00 EUR", "422 invalid_field"),
            ("alba", cleo, "25.001", "422 invalid_field"), ("alba", cleo, "-1", "422 invalid_field"),
            ("alba", shut, "25.00", "409 customer_closed"),
            ("alba-sandbox", toy, "25.00", "409 payments_not_offered"),
        ] {
            let reply = try await world.ask(
                .post, "/tenants/\(slug)/payments", as: finance, body: body(customer, amount))
            #expect(reply.outcome == outcome, "\(amount): \(reply.body)")
        }
        #expect(try await world.marks() == before)
    }

    /// The payment's row, its record and its key are written before anybody is asked.
    @Test func `a provider that is away, or says no, is told of, and the same key goes on`() async throws {
        let world = try await AdminWorld()
        let finance = world.key(.finance, of: 1)
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let key: HTTPFields = [.idempotencyKey: "away"]
        world.till.setAway(true)
        let away = try await world.ask(
            .post, "/tenants/alba/payments", as: finance, key, body: body(cleo, "25.00"))
        #expect(away.outcome == "503 unavailable" && away.headers[.retryAfter] != nil)
        world.till.setAway(false)
        let made = try await world.ask(
            .post, "/tenants/alba/payments", as: finance, key, body: body(cleo, "25.00"))
        #expect(made.status == 201 && made.json["url"]?.stringValue != nil)
        for _ in 0..<2 {
            let declined = try await world.ask(
                .post, "/tenants/alba/payments", as: finance, [.idempotencyKey: "no"],
                body: body(cleo, "666.00"))
            #expect(declined.outcome == "409 payment_declined")
        }
        let all = try await world.ask(.get, "/tenants/alba/payments", as: finance)
        #expect(
            all.json["items"]?.arrayValue?.map { $0["state"]?.stringValue ?? "" } == ["failed", "open"])
    }

    @Test func `a refund is set aside with its record and paid once, and not more than came`() async throws {
        let world = try await AdminWorld()
        let finance = world.person(.finance, of: 1)
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let payment = try await world.paid(25_00, by: cleo, in: alba)
        let path = "/tenants/alba/payments/\(payment)/refund"
        let part: JSON = ["amount": "10.00", "reason": "paid twice"]
        let support = try await world.ask(.post, path, as: world.person(.support, of: 1), body: part)
        #expect(support.outcome == "403 forbidden")
        let foreign = try await world.ask(
            .post, "/tenants/brio/payments/\(payment)/refund", as: world.key(.owner, of: 2), body: part)
        #expect(foreign.outcome == "404 not_found")
        let key: HTTPFields = [.idempotencyKey: "r"]
        let first = try await world.ask(.post, path, as: finance, key, body: part)
        let second = try await world.ask(.post, path, as: finance, key, body: part)
        #expect((first.status, first.body) == (200, second.body), "\(first.body)")
        #expect(first.json["state"] == "returned" && first.json["reason"] == "paid twice")
        #expect(second.headers[.idempotencyHit] == "true")
        #expect(try await world.balance(of: cleo, in: alba) == 15_00)
        #expect(world.till.refunds.map(\.minor) == [10_00])
        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.action, record.objectID) == ("refundPayment", payment.description))
        #expect(record.after?["amount"] == "10.00 USD" && record.after?["reason"] == "paid twice")

        let rest: JSON = ["reason": "all of it"]
        let tooMuch = try await world.ask(
            .post, path, as: finance, body: ["amount": "15.01", "reason": "more"])
        #expect(tooMuch.outcome == "409 refund_exceeds_payment")
        world.till.setAway(true)
        let held = try await world.ask(.post, path, as: finance, [.idempotencyKey: "rest"], body: rest)
        #expect((held.status, held.json["state"]) == (200, "held"))
        #expect(try await world.balance(of: cleo, in: alba) == 0)
        world.till.setAway(false)
        let gone = try await world.ask(.post, path, as: finance, [.idempotencyKey: "rest"], body: rest)
        #expect(gone.json["state"] == "returned" && gone.json["id"] == held.json["id"])
        let shown = try await world.ask(.get, "/tenants/alba/payments/\(payment)", as: finance)
        #expect(shown.json["payment"]?["returned"] == "25.00 USD")
        #expect(shown.json["reversals"]?.arrayValue?.count == 2)
    }

    @Test func `what the provider does not pay back the wallet has again, and what it does not hold stays`()
        async throws
    {
        let world = try await AdminWorld()
        let finance = world.key(.finance, of: 1)
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let payment = try await world.paid(20_00, by: cleo, in: alba)
        let path = "/tenants/alba/payments/\(payment)/refund"
        for _ in 0..<2 {
            let no = try await world.ask(
                .post, path, as: finance, [.idempotencyKey: "no"], body: ["amount": "6.66", "reason": "x"])
            #expect(no.outcome == "409 payment_declined")
            #expect(try await world.balance(of: cleo, in: alba) == 20_00)
        }
        _ = try await world.buy(for: cleo, in: alba)
        let spent = try await world.ask(.post, path, as: finance, body: ["reason": "all"])
        #expect(spent.outcome == "409 insufficient_balance")
        let open = try await world.ask(
            .post, "/tenants/alba/payments", as: finance, body: body(cleo, "5.00"))
        let unpaid = try await world.ask(
            .post, "/tenants/alba/payments/\(open.json["id"]?.stringValue ?? "")/refund", as: finance,
            body: ["reason": "x"])
        #expect(unpaid.outcome == "409 payment_not_paid")
    }

    @Test func `payments are found by customer, state and time, page by page`() async throws {
        let world = try await AdminWorld()
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let dora = try await world.customer("dora", in: alba, balance: 0)
        let one = try await world.paid(1_00, by: cleo, in: alba)
        world.clock.advance(milliseconds: AdminWorld.day)
        let two = try await world.paid(2_00, by: dora, in: alba)
        let reader = world.key(.readOnly, of: 1)
        func found(_ query: String) async throws -> [String] {
            try await world.ask(.get, "/tenants/alba/payments?\(query)", as: reader)
                .json["items"]?.arrayValue?.map { $0["id"]?.stringValue ?? "" } ?? []
        }
        #expect(try await found("") == ["\(two)", "\(one)"])
        #expect(try await found("customer=\(cleo)") == ["\(one)"])
        #expect(try await found("state=paid") == ["\(two)", "\(one)"])
        #expect(try await found("state=open") == [])
        #expect(try await found("since=2026-02-01T00:00:00Z") == ["\(two)"])
        let page = try await world.ask(.get, "/tenants/alba/payments?limit=1", as: reader)
        let cursor = try #require(page.json["next_cursor"]?.stringValue)
        #expect(try await found("limit=1&cursor=\(cursor)") == ["\(one)"])
        let wrong = try await world.ask(.get, "/tenants/alba/payments?state=lost", as: reader)
        #expect((wrong.outcome, wrong.field) == ("400 invalid_query", "state"))
    }

    @Test func `what an operator does with payments at a shell is on the same record`() async throws {
        let world = try await AdminWorld()
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let desk = world.admin.payments()
        let opened = try await world.shell.openPayment(
            Money(minor: 25_00, currency: .usd), by: "cleo", of: "alba", savesMethod: false, at: desk)
        #expect(opened.url == "https://pay.test/\(opened.id)")
        await #expect(throws: PaymentRefusal.notPaid) {
            try await world.shell.refundPayment(nil, of: opened.id, of: alba, reason: "early", at: desk)
        }
        let paid = try await world.paid(20_00, by: cleo, in: alba)
        let back = try await world.shell.refundPayment(
            Money(minor: 5_00, currency: .usd), of: paid, of: alba, reason: "ticket 17", at: desk)
        #expect(back.state == .returned)
        await #expect(throws: PaymentRefusal.paymentUnknown) {
            try await world.shell.refundPayment(nil, of: paid, of: TenantID(2), reason: "theirs", at: desk)
        }
        let log = try await world.ask(
            .get, "/tenants/alba/audit?object=payment", as: world.person(.owner))
        let items = try #require(log.json["items"]?.arrayValue)
        #expect(items.map { $0["action"] ?? .null } == ["refundPayment", "openPayment"])
        #expect(items.first?["after"]?["reason"] == "ticket 17")
        #expect(items.allSatisfy { $0["actor"]?["name"] == "operator test" })
    }
}
