import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Orders and subscriptions, as staff work with them", .database)
struct AdminOrderTests {
    private let alba = TenantID(1)

    @Test func `a refund comes to what its preview said, once, and is on record under its own id`()
        async throws
    {
        let world = try await AdminWorld()
        let finance = world.person(.finance, of: 1)
        let bought = try await world.buy(for: world.customer("cleo", in: alba), in: alba)
        let path = "/tenants/alba/orders/\(bought.order)"
        let preview = try await world.ask(.get, "\(path)/refund-preview?amount=2.50", as: finance)
        #expect(preview.json["preview"]?["amount"] == "2.50 USD")
        #expect(try await world.balance(of: bought.customer, in: alba) == 90_00)
        let body: JSON = ["amount": "2.50", "as_of": preview.json["as_of"] ?? .null, "memo": "slow"]
        let first = try await world.ask(
            .post, "\(path)/refund", as: finance, [.idempotencyKey: "r"], body: body)
        let second = try await world.ask(
            .post, "\(path)/refund", as: finance, [.idempotencyKey: "r"], body: body)
        #expect((first.status, first.body) == (200, second.body))
        #expect(second.headers[.idempotencyHit] == "true")
        #expect(first.json["balance"] == "92.50 USD")
        let record = try #require(try await world.lastRecord(of: 1))
        #expect(
            (record.action, record.object, record.objectID) == ("refundOrder", "order", "\(bought.order)"))
        #expect(first.json["entry"] == .string(record.id.description) && record.after?["memo"] == "slow")

        let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await world.ask(
                        .post, "\(path)/refund", as: finance, [.idempotencyKey: "rest \(number)"], body: [:]
                    ).outcome
                }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == ["200": 1, "409 refund_exceeds_payment": 19])
        #expect(try await world.balance(of: bought.customer, in: alba) == 100_00)
        let shown = try await world.ask(.get, path, as: finance)
        #expect(shown.json["order"]?["state"] == "refunded")
        #expect(shown.json["entries"]?.arrayValue?.count == 3)
    }

    // Sessions are over after twelve hours; keys are not.
    @Test func `orders are found by customer, state, kind and time`() async throws {
        let world = try await AdminWorld()
        let (cleo, dora) = (
            try await world.customer("cleo", in: alba), try await world.customer("dora", in: alba)
        )
        let first = try await world.buy(for: cleo, in: alba)
        world.clock.advance(milliseconds: AdminWorld.day)
        let second = try await world.buy("plus", for: dora, in: alba)
        _ = try await world.buy(for: world.customer("cleo", in: TenantID(2)), in: TenantID(2))
        _ = try await world.ask(
            .post, "/tenants/alba/orders/\(first.order)/refund", as: world.key(.finance), body: [:])
        func orders(_ query: String) async throws -> [JSON] {
            try await world.ask(.get, "/tenants/alba/orders?\(query)", as: world.key(.readOnly, of: 1))
                .json["items"]?.arrayValue?.map { $0["id"] ?? .null } ?? []
        }
        let (one, two): (JSON, JSON) = (.string("\(first.order)"), .string("\(second.order)"))
        #expect(try await orders("") == [two, one])
        #expect(try await orders("customer=\(cleo)") == [one])
        #expect(try await orders("state=refunded") == [one])
        #expect(try await orders("kind=renewal") == [])
        #expect(try await orders("from=2026-02-01T00:00:00Z") == [two])
        #expect(try await orders("to=2026-02-01T00:00:00Z") == [one])
        let page = try await world.ask(.get, "/tenants/alba/orders?limit=1", as: world.key(.owner))
        let cursor = try #require(page.json["next_cursor"]?.stringValue)
        _ = try await world.buy(for: cleo, in: alba)
        #expect(try await orders("limit=1&cursor=\(cursor)") == [one])
    }

    @Test func `a cancellation and a change of plan come to what their previews said`() async throws {
        let world = try await AdminWorld()
        let support = world.key(.support, of: 1)
        let bought = try await world.buy(for: world.customer("cleo", in: alba), in: alba)
        let path = "/tenants/alba/subscriptions/\(bought.subscription)"
        world.clock.advance(milliseconds: 15 * AdminWorld.day)
        let change = try await world.ask(.get, "\(path)/plan-change-preview?plan=plus", as: support)
        #expect(change.json["preview"]?["net"] == "10.00 USD")
        let moment = change.json["as_of"] ?? .null
        let wrong = try await world.ask(
            .post, "\(path)/change-plan", as: support,
            body: ["plan": "plus", "as_of": moment, "expected_total": "9.99"])
        #expect(wrong.outcome == "409 amount_changed")
        let changed = try await world.ask(
            .post, "\(path)/change-plan", as: support,
            body: ["plan": "plus", "as_of": moment, "expected_total": "10.00"])
        #expect((changed.status, changed.json["balance"]) == (200, "80.00 USD"))
        let unknown = try await world.ask(
            .post, "\(path)/change-plan", as: support, body: ["plan": "nothing"])
        #expect((unknown.outcome, unknown.field) == ("422 invalid_field", "plan"))
        let same = try await world.ask(.post, "\(path)/change-plan", as: support, body: ["plan": "plus"])
        #expect(same.outcome == "409 plan_not_eligible")

        let ending = try await world.ask(.get, "\(path)/cancellation-preview", as: support)
        #expect(ending.json["preview"]?["refund"] == "15.00 USD")
        let cancelled = try await world.ask(
            .post, "\(path)/cancel", as: support,
            body: ["way": "now", "as_of": ending.json["as_of"] ?? .null, "expected_refund": "15.00 USD"])
        #expect((cancelled.status, cancelled.json["balance"]) == (200, "95.00 USD"))
        let over = try await world.ask(.post, "\(path)/cancel", as: support, body: ["way": "now"])
        #expect(over.outcome == "409 subscription_ended")
        let actions = try await world.ask(
            .get, "/tenants/alba/audit?object=subscription", as: world.key(.owner))
        #expect(
            actions.json["items"]?.arrayValue?.map { $0["action"] ?? .null }
                == ["cancelSubscription", "changeSubscriptionPlan"])
    }

    @Test func `notes and renewals are changed against the ETag, and the parked are found and let go`()
        async throws
    {
        let world = try await AdminWorld()
        let support = world.person(.support, of: 1)
        let bought = try await world.buy(for: world.customer("cleo", in: alba), in: alba)
        let path = "/tenants/alba/subscriptions/\(bought.subscription)"
        let tag = try #require(try await world.ask(.get, path, as: support).headers[.eTag])
        let changed = try await world.ask(
            .patch, path, as: support, [.ifMatch: tag],
            body: ["note": "calls on Mondays", "auto_renew": true])
        #expect(changed.json["subscription"]?["note"] == "calls on Mondays")
        #expect(changed.json["subscription"]?["renews_at"]?.stringValue != nil)
        let stale = try await world.ask(.patch, path, as: support, [.ifMatch: tag], body: ["note": .null])
        #expect(stale.outcome == "412 precondition_failed")
        let same = try await world.ask(
            .patch, path, as: support, [.ifMatch: "*", .idempotencyKey: "same"], body: ["auto_renew": true])
        #expect(same.body == changed.body)
        let record = try #require(try await world.lastRecord(of: 1))
        #expect(record.before?["note"] == .null && record.after?["note"] == "calls on Mondays")

        let early = try await world.ask(.post, "\(path)/unpark", as: support)
        #expect(early.outcome == "409 subscription_not_parked")
        try await world.park(bought.subscription, in: alba)
        let refused = try await world.ask(
            .patch, path, as: support, [.ifMatch: "*"], body: ["auto_renew": true])
        #expect(refused.outcome == "409 subscription_parked")
        func parked() async throws -> Int? {
            try await world.ask(.get, "/tenants/alba/subscriptions?parked=true", as: support)
                .json["items"]?.arrayValue?.count
        }
        #expect(try await parked() == 1)
        let free = try await world.ask(.post, "\(path)/unpark", as: support)
        #expect(free.json["subscription"]?["parked"] == .null)
        #expect(try await parked() == 0)
        let cleared = try await world.ask(.patch, path, as: support, [.ifMatch: "*"], body: ["note": .null])
        #expect(cleared.json["subscription"]?["note"] == .null)
    }

    @Test func `what an operator does at a shell is on the same record`() async throws {
        let world = try await AdminWorld()
        let bought = try await world.buy(for: world.customer("cleo", in: alba), in: alba)
        let work = OperatorWork(
            pool: world.database.owner, identifiers: world.admin.ids, random: SystemRandom(),
            actor: "operator test")
        _ = try await work.refund(bought.order, of: "alba", .init(amount: AmountText("1.00")))
        _ = try await work.change(bought.subscription, of: "alba", .on)
        let key = try await work.createKey(
            for: "cleo", of: "alba", in: Gate.name, Gate.keyForm, OperatorWork.KeyRights())
        _ = try await work.revokeKey(key.text, of: "alba")
        _ = try await work.revokeKey(key.text, of: "alba")
        _ = try await work.cancel(bought.subscription, of: "alba", .init(.now))
        let log = try await world.ask(.get, "/tenants/alba/audit", as: world.person(.owner))
        let items = try #require(log.json["items"]?.arrayValue)
        #expect(
            items.map { $0["action"] ?? .null } == [
                "cancelSubscription", "revokeCustomerKey", "createCustomerKey", "updateSubscription",
                "refundOrder", "creditCustomer", "createCustomer",
            ])
        #expect(items.allSatisfy { $0["actor"]?["kind"] == "operator" })
        #expect(!log.body.contains(key.text))
    }
}
