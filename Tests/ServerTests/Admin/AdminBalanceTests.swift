import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Balances, as finance works with them", .database)
struct AdminBalanceTests {
    private let alba = TenantID(1)

    @Test func `money that has arrived is booked once per reference, and says who booked it`() async throws {
        let world = try await AdminWorld()
        let finance = world.person(.finance, of: 1)
        let customer = try await world.customer("cleo", in: alba, balance: 0)
        let path = "/tenants/alba/customers/\(customer)"
        let body: JSON = ["amount": "25.00 USD", "reference": "transfer 7", "reason": "bank transfer"]
        let first = try await world.ask(.post, "\(path)/credits", as: finance, body: body)
        #expect((first.status, first.json["balance"]) == (201, "25.00 USD"))
        let again = try await world.ask(.post, "\(path)/credits", as: finance, body: body)
        #expect((again.outcome, again.field) == ("409 reference_used", "reference"))
        let granted = try await world.ask(
            .post, "\(path)/credits", as: finance,
            body: ["amount": "1", "reference": "sorry", "reason": "an outage", "kind": "grant"])
        #expect(granted.json["balance"] == "26.00 USD")
        let taken = try await world.ask(
            .post, "\(path)/debits", as: finance,
            body: ["amount": "6.00 USD", "reference": "fee", "reason": "a fee"])
        #expect((taken.json["amount"], taken.json["balance"]) == ("-6.00 USD", "20.00 USD"))

        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.action, record.objectID) == ("debitCustomer", customer.description))
        #expect(record.after?["reason"] == "a fee" && record.after?["balance"] == "20.00 USD")
        // The record bears the entry's id.
        #expect(record.after?["entry"] == .string(record.id.description))

        let newest = try await world.ask(.get, "\(path)/statement?limit=2", as: finance)
        let items = try #require(newest.json["items"]?.arrayValue)
        #expect(items.map { $0["reference"] ?? .null } == ["fee", "sorry"])
        #expect(items.map { $0["reason"] ?? .null } == ["adjustment", "adjustment"])
        #expect(items.allSatisfy { $0["actor"] == "finance@example.test" })
        let cursor = try #require(newest.json["next_cursor"]?.stringValue)
        let oldest = try await world.ask(.get, "\(path)/statement?cursor=\(cursor)", as: finance)
        #expect(oldest.json["items"]?.arrayValue?.map { $0["reference"] ?? .null } == ["transfer 7"])
        #expect(oldest.json["next_cursor"] == .null)
    }

    @Test(
        arguments: [
            (["amount": "0", "reference": "r", "reason": "x"], "amount"),
            (["amount": "-1.00 USD", "reference": "r", "reason": "x"], "amount"),
            (["amount": "1.001 USD", "reference": "r", "reason": "x"], "amount"),
            (["amount": "1.00 EUR", "reference": "r", "reason": "x"], "amount"),
            (["amount": 1, "reference": "r", "reason": "x"], "amount"),
            (["amount": "1.00", "reason": "x"], "reference"),
            (["amount": "1.00", "reference": "", "reason": "x"], "reference"),
            (["amount": "1.00", "reference": "r"], "reason"),
            (["amount": "1.00", "reference": "r", "reason": "x", "kind": "gift"], "kind"),
        ] as [(JSON, String)])
    func `what is wrong with a credit is said by field, and nothing moves`(
        body: JSON, field: String
    ) async throws {
        let world = try await AdminWorld()
        let path = "/tenants/alba/customers/\(world.tenants.alba.customer)/credits"
        let before = try await world.rows()
        let reply = try await world.ask(.post, path, as: world.person(.finance), body: body)
        #expect((reply.outcome, reply.field) == ("422 invalid_field", field))
        let after = try await world.rows()
        #expect(before == after)
    }

    @Test func `of twenty who book the same transfer at once, one does`() async throws {
        let world = try await AdminWorld()
        let customer = world.tenants.alba.customer
        let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await world.ask(
                        .post, "/tenants/alba/customers/\(customer)/credits", as: world.key(.finance, of: 1),
                        body: ["amount": "5.00", "reference": "transfer", "reason": "bank transfer"]
                    ).outcome
                }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == ["201": 1, "409 reference_used": 19])
        #expect(try await world.balance(of: customer, in: alba) == 5_00)
        let records = try await world.ask(
            .get, "/tenants/alba/audit?action=creditCustomer", as: world.person(.owner))
        #expect(records.json["items"]?.arrayValue?.count == 1)
    }

    @Test func `a credit limit never leaves the balance below it, whoever takes money meanwhile`()
        async throws
    {
        let world = try await AdminWorld()
        let finance = world.person(.finance)
        let customer = try await world.customer("cleo", in: alba, balance: 0)
        let path = "/tenants/alba/customers/\(customer)"
        let shown = try await world.ask(.get, "\(path)/credit-limit", as: finance)
        #expect(shown.json == ["credit_limit": "0.00 USD"])
        let tag = try #require(shown.headers[.eTag])
        let raised = try await world.ask(
            .patch, "\(path)/credit-limit", as: finance, [.ifMatch: tag], body: ["credit_limit": "50.00 USD"])
        #expect(raised.json == ["credit_limit": "50.00 USD"])
        let stale = try await world.ask(
            .patch, "\(path)/credit-limit", as: finance, [.ifMatch: tag], body: ["credit_limit": "60.00 USD"])
        #expect(stale.outcome == "412 precondition_failed")
        let record = try #require(try await world.lastRecord(of: 1))
        #expect(
            record.before == ["credit_limit": "0.00 USD"] && record.after == ["credit_limit": "50.00 USD"])

        let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<10 {
                group.addTask {
                    try await world.ask(
                        .post, "\(path)/debits", as: finance,
                        body: [
                            "amount": "10.00", "reference": .string("fee \(number)"), "reason": "a fee",
                        ]
                    ).outcome
                }
                group.addTask {
                    let limit = try await world.ask(
                        .patch, "\(path)/credit-limit", as: finance, [.ifMatch: "*"],
                        body: ["credit_limit": "20.00"])
                    return "limit \(limit.outcome)"
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(
            outcomes.isSubset(of: [
                "201", "409 insufficient_balance", "limit 200", "limit 409 balance_below_limit",
            ]))
        let balance = try await world.ask(.get, "\(path)/balance", as: finance)
        let limit = try #require(balance.json["credit_limit"]?.stringValue.flatMap { Money($0) })
        #expect(try await world.balance(of: customer, in: alba) >= -limit.minor)
        for text in ["-1.00 USD", "1.00 EUR", "much"] {
            let reply = try await world.ask(
                .patch, "\(path)/credit-limit", as: finance, [.ifMatch: "*"],
                body: ["credit_limit": .string(text)])
            #expect((reply.outcome, reply.field) == ("422 invalid_field", "credit_limit"))
        }
    }
}
