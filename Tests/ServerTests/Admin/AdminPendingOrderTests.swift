import HTTPTypes
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("Orders that wait for money, as staff work with them", .database)
struct AdminPendingOrderTests {
    private let alba = TenantID(1)

    private func money(_ amount: String, _ reference: String) -> JSON {
        ["amount": .string(amount), "reference": .string(reference), "memo": "by transfer"]
    }

    @Test func `money that has come buys the order once, with its record, and is no other tenant's`()
        async throws
    {
        let world = try await AdminWorld()
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let order = try await world.waiting(for: cleo, in: alba)
        let finance = world.person(.finance, of: 1)
        let path = "/tenants/alba/pending-orders/\(order)"
        let shown = try await world.ask(.get, path, as: world.key(.readOnly, of: 1))
        #expect(shown.json["state"] == "pending" && shown.json["total"] == "10.00 USD")
        let support = try await world.ask(
            .post, "\(path)/settle", as: world.person(.support, of: 1), body: money("10.00", "t-1"))
        #expect(support.outcome == "403 forbidden")
        let brio = world.key(.owner, of: 2)
        for (method, tail) in [(.get, ""), (.post, "/settle"), (.post, "/cancel")]
            as [(HTTPRequest.Method, String)]
        {
            let body: JSON? =
                switch tail {
                case "/settle": money("10.00", "t-1")
                case "/cancel": ["reason": "theirs"]
                default: nil
                }
            let reply = try await world.ask(
                method, "/tenants/brio/pending-orders/\(order)\(tail)", as: brio, body: body)
            #expect(reply.outcome == "404 not_found")
        }

        let key: HTTPFields = [.idempotencyKey: "s"]
        let first = try await world.ask(
            .post, "\(path)/settle", as: finance, key, body: money("12.00", "t-1"))
        let second = try await world.ask(
            .post, "\(path)/settle", as: finance, key, body: money("12.00", "t-1"))
        #expect((first.status, first.body) == (200, second.body), "\(first.body)")
        #expect(second.headers[.idempotencyHit] == "true")
        #expect(first.json["result"] == "bought" && first.json["balance"] == "2.00 USD")
        #expect(first.json["subscriptions"]?.arrayValue?.count == 1)
        let record = try #require(try await world.lastRecord(of: 1))
        #expect(
            (record.action, record.object, record.objectID)
                == ("settlePendingOrder", "pending_order", order.description))
        #expect(record.after?["reference"] == "t-1" && record.after?["memo"] == "by transfer")
        #expect(record.after?["amount"] == "12.00 USD" && record.actorName == finance.actor.name)
        let again = try await world.ask(
            .post, "\(path)/settle", as: finance, body: money("12.00", "t-1"))
        #expect((again.outcome, again.field) == ("409 reference_used", "reference"))
        let late = try await world.ask(
            .post, "\(path)/settle", as: finance, body: money("1.00", "t-2"))
        #expect(late.json["result"] == "too late" && late.json["balance"] == "3.00 USD")
        #expect(try await world.balance(of: cleo, in: alba) == 3_00)
    }

    @Test func `too little money waits on the wallet, and what is wrong leaves nothing`() async throws {
        let world = try await AdminWorld()
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let order = try await world.waiting(for: cleo, in: alba)
        let path = "/tenants/alba/pending-orders/\(order)/settle"
        let finance = world.key(.finance, of: 1)
        let before = try await world.marks()
        for (body, field) in [
            (["amount": "1.00", "reference": "r"], "memo"), (["amount": "1.00", "memo": "m"], "reference"),
            (["reference": "r", "memo": "m"], "amount"), (money("1.00 EUR", "r"), "amount"),
            (money("0", "r"), "amount"),
        ] as [(JSON, String)] {
            let reply = try await world.ask(.post, path, as: finance, body: body)
            #expect((reply.outcome, reply.field) == ("422 invalid_field", field))
        }
        #expect(try await world.marks() == before)
        let part = try await world.ask(.post, path, as: finance, body: money("9.99", "t-1"))
        #expect(part.json["result"] == "waits" && part.json["reason"] == "insufficient_balance")
        #expect(try await world.balance(of: cleo, in: alba) == 9_99)
        let rest = try await world.ask(.post, path, as: finance, body: money("0.01", "t-2"))
        #expect(rest.json["result"] == "bought")
    }

    @Test func `an order is taken back once, and found by its state`() async throws {
        let world = try await AdminWorld()
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let (one, two) = (
            try await world.waiting(for: cleo, in: alba), try await world.waiting(for: cleo, in: alba)
        )
        let support = world.person(.support, of: 1)
        let path = "/tenants/alba/pending-orders/\(one)/cancel"
        let reason: JSON = ["reason": "changed her mind"]
        let key: HTTPFields = [.idempotencyKey: "c"]
        let finance = try await world.ask(.post, path, as: world.key(.catalogue, of: 1), body: reason)
        #expect(finance.outcome == "403 forbidden")
        let first = try await world.ask(.post, path, as: support, key, body: reason)
        #expect(first.json == ["id": .string(one.description), "state": "cancelled"])
        #expect(try await world.ask(.post, path, as: support, key, body: reason).body == first.body)
        #expect(try await world.ask(.post, path, as: support, body: reason).outcome == "409 conflict")
        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.action, record.objectID) == ("cancelPendingOrder", one.description))
        #expect(record.before == ["state": "pending"])
        #expect(record.after == ["state": "cancelled", "reason": "changed her mind"])

        func found(_ query: String) async throws -> [String] {
            try await world.ask(.get, "/tenants/alba/pending-orders?\(query)", as: support)
                .json["items"]?.arrayValue?.map { $0["id"]?.stringValue ?? "" } ?? []
        }
        #expect(try await found("") == ["\(two)", "\(one)"])
        #expect(try await found("state=pending") == ["\(two)"])
        #expect(try await found("customer=\(cleo)&state=cancelled") == ["\(one)"])
        #expect(try await found("customer=\(world.tenants.alba.customer)") == [])
        let page = try await world.ask(.get, "/tenants/alba/pending-orders?limit=1", as: support)
        let cursor = try #require(page.json["next_cursor"]?.stringValue)
        #expect(try await found("limit=1&cursor=\(cursor)") == ["\(one)"])
    }

    @Test func `what an operator does with them at a shell is on the same record`() async throws {
        let world = try await AdminWorld()
        let cleo = try await world.customer("cleo", in: alba, balance: 0)
        let (one, two) = (
            try await world.waiting(for: cleo, in: alba), try await world.waiting(for: cleo, in: alba)
        )
        let settled = try await world.shell.settle(
            one, of: "alba", amount: Money(minor: 10_00, currency: .usd), reference: "t-1", memo: nil,
            stock: SlotStock())
        #expect(settled.json["result"] == "bought")
        #expect(try await world.shell.cancel(two, of: "alba", reason: "requested").state == .cancelled)
        await #expect(throws: OperatorWork.Refusal.money(.orderUnknown)) {
            try await world.shell.cancel(one, of: "brio", reason: "requested")
        }
        let log = try await world.ask(
            .get, "/tenants/alba/audit?object=pending_order", as: world.person(.owner))
        let items = try #require(log.json["items"]?.arrayValue)
        #expect(
            items.map { $0["action"] ?? .null } == [
                "cancelPendingOrder", "settlePendingOrder", "placePendingOrder", "placePendingOrder",
            ])
        #expect(items.allSatisfy { $0["actor"]?["name"] == "operator test" })
        let brio = try await world.ask(.get, "/tenants/brio/audit", as: world.person(.owner))
        #expect(brio.json["items"] == [])
    }
}
