import HTTPTypes
import Primitives
import TestSupport

@testable import Server

extension AdminWorld {
    /// What the walk asks of an operation about those who buy: each on a customer and an order of its own.
    func fillBooks(
        _ example: inout AdminExample, of endpoint: AdminEndpoint, in owner: TenantID, number: Int
    ) async throws {
        let name = "walk\(number)"
        switch endpoint.name {
        case "createCustomer":
            example.body = ["email": .string("\(name)@example.test"), "username": .string(name)]
        case "getCustomer", "getBalance", "listStatement", "getCreditLimit", "listCustomerKeys":
            example.fill(try await customer(name, in: owner).description)
        case "updateCustomer":
            example.fill(try await customer(name, in: owner).description)
            example.headers[.ifMatch] = "*"
            example.body = ["active": false]
        case "creditCustomer", "debitCustomer":
            example.fill(try await customer(name, in: owner).description)
            example.body = [
                "amount": "1.50", "reference": .string("walk \(number)"), "reason": "for the walk",
            ]
        case "updateCreditLimit":
            example.fill(try await customer(name, in: owner).description)
            example.headers[.ifMatch] = "*"
            example.body = ["credit_limit": "5.00 USD"]
        case "updateCustomerGroup":
            example.fill(try await customer(name, in: owner).description)
            example.headers[.ifMatch] = "*"
            example.body = ["group": .string(try await group(in: owner))]
        case "createCustomerKey":
            example.fill(try await customer(name, in: owner).description)
            example.body = ["dialect": "gate", "scopes": ["buy"], "allowed_sources": ["192.0.2.0/24"]]
        case "revokeCustomerKey":
            let customer = try await customer(name, in: owner)
            example.fill(customer.description)
            example.path = example.path.replacing("{key}", with: try await key(of: customer, in: owner))
        case "getGateway": example.fill(try await gateway(of: owner).description)
        case "getRevenue", "getMargin", "getSubscriptionCounts":
            example.path += "?from=2026-01-01&to=2026-03-01&step=month"
        case "runJob": example.body = ["job": "coupons", "tenant": "alba"]
        case "getJobRun": example.fill(try await run().description)
        case "listCustomerPeople", "createCustomerPerson", "getCustomerPerson", "updateCustomerPerson",
            "resetCustomerPersonPassword", "resetCustomerPersonSecondFactor":
            try await fillPeople(&example, of: endpoint, in: owner, name)
        case "getPendingOrder", "settlePendingOrder", "cancelPendingOrder":
            example.fill(try await waiting(for: customer(name, in: owner), in: owner).description)
            switch endpoint.name {
            case "settlePendingOrder":
                example.body = ["amount": "10.00", "reference": .string(name), "memo": "for the walk"]
            case "cancelPendingOrder": example.body = ["reason": "for the walk"]
            default: break
            }
        case "openPayment":
            example.body = [
                "customer": .string(try await customer(name, in: owner).description), "amount": "25.00",
            ]
        case "getPayment", "refundPayment":
            example.fill(try await paid(25_00, by: customer(name, in: owner), in: owner).description)
            if endpoint.method == .post { example.body = ["amount": "2.50", "reason": "for the walk"] }
        default: try await fillBought(&example, of: endpoint, in: owner, name)
        }
    }

    private func fillPeople(
        _ example: inout AdminExample, of endpoint: AdminEndpoint, in owner: TenantID, _ name: String
    ) async throws {
        let customer = try await customer(name, in: owner)
        example.fill(customer.description)
        let (id, now): (UserID, Instant) = (admin.ids.next(at: clock.now()), clock.now())
        let secret: [UInt8]? = endpoint.name == "resetCustomerPersonSecondFactor" ? [0] : nil
        try await tenants.execute(
            """
            INSERT INTO customer_users (tenant_id, id, customer_id, username, email, password_hash, role, created_at,
                totp_secret, totp_confirmed_at, totp_last_step)
            VALUES (\(owner), \(id), \(customer), \(name), \("\(name)@people.test"), 'none', 'viewer', \(now),
                \(secret), \(secret.map { _ in now }), \(secret.map { _ in Int64(1) }))
            """)
        example.path = example.path.replacing("{person}", with: id.description)
        switch endpoint.name {
        case "createCustomerPerson":
            example.body = [
                "username": .string("\(name)-2"), "email": .string("\(name)@people2.test"), "role": "admin",
            ]
        case "updateCustomerPerson":
            example.headers[.ifMatch] = "*"
            example.body = ["role": "editor"]
        case "resetCustomerPersonPassword", "resetCustomerPersonSecondFactor":
            example.body = ["reason": "for the walk"]
        default: break
        }
    }

    private func fillBought(
        _ example: inout AdminExample, of endpoint: AdminEndpoint, in owner: TenantID, _ name: String
    ) async throws {
        guard endpoint.path.hasPrefix("/orders/{id}") || endpoint.path.hasPrefix("/subscriptions/{id}") else {
            return
        }
        let bought = try await buy(for: customer(name, in: owner), in: owner)
        let isOrder = endpoint.tag == "orders"
        example.fill(isOrder ? bought.order.description : bought.subscription.description)
        switch endpoint.name {
        case "refundOrder": example.body = ["amount": "2.50", "memo": "slow on Monday"]
        case "updateSubscription":
            example.headers[.ifMatch] = "*"
            example.body = ["note": "calls on Mondays"]
        case "unparkSubscription": try await park(bought.subscription, in: owner)
        case "cancelSubscription": example.body = ["way": "now"]
        case "previewPlanChange": example.path += "?plan=plus"
        case "changeSubscriptionPlan": example.body = ["plan": "plus"]
        default: break
        }
    }

    /// A key of a customer, made by their tenant's owner; its id.
    private func key(of customer: CustomerID, in owner: TenantID) async throws -> String {
        let slug = owner == TenantID(1) ? "alba" : "brio"
        let made = try await ask(
            .post, "/tenants/\(slug)/customers/\(customer)/keys", as: key(.owner),
            body: ["dialect": "gate"])
        return made.json["key"]?["id"]?.stringValue ?? "none"
    }

    /// The code of one that the tenant has.
    private func group(in owner: TenantID) async throws -> String {
        try await database.execute(
            """
            INSERT INTO customer_groups (tenant_id, id, code, name, created_at)
            VALUES (\(owner), gen_random_uuid(), 'walkers', 'Walkers', now()) ON CONFLICT DO NOTHING
            """)
        return "walkers"
    }

    private func run() async throws -> JobRunID {
        try await admin.jobs.runs.run(Errand(name: .coupons, errands: errands), JobProgress()).id
    }
}
