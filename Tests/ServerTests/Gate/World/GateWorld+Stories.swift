import Billing
import Postgres
import Primitives
import Testing

@testable import Server

extension GateWorld {
    /// Buys one subscription of a plan and gives back its id.
    func buy(_ plan: PlanID, by customer: GateCustomer, of tenant: GateTenant) async throws -> String {
        let reply = try await post(#"{"op":"purchase","planId":"\#(plan.gate)"}"#, by: customer, of: tenant)
        #expect(reply.outcome == "200", "\(reply.body)")
        return reply.subscriptionID
    }

    /// One subscription as its customer sees it now.
    func subscription(_ id: String, by customer: GateCustomer, of tenant: GateTenant) async throws -> JSON? {
        try await get("op=subscriptions", by: customer, of: tenant).subscriptions.first {
            $0["subscriptionId"]?.stringValue == id
        }
    }

    /// A session's header.
    func session(
        _ user: UserID, of customer: GateCustomer, at tenant: GateTenant, role: SessionRole
    ) async throws -> (
        String, String
    ) {
        let token = try await sessions.issue(for: user, of: customer.id, role: role, tenant: tenant.id)
        return ("Authorization", "Bearer \(token.text)")
    }
}

extension GateWorld {
    /// Gives the money of a customer's last order back, which ends what it bought.
    func refundLastOrder(of customer: GateCustomer, at tenant: GateTenant) async throws {
        let order: OrderID = try await database.owner.run { connection in
            try connection.query(
                """
                SELECT id FROM orders WHERE tenant_id = \(tenant.id) AND customer_id = \(customer.id)
                ORDER BY placed_at DESC, id DESC LIMIT 1
                """)[0].get(0)
        }
        let id: CommandID = ids.next(at: clock.now())
        _ = try await engine.submit(
            Submission(
                id: id, tenant: tenant.id, principal: nil, dialect: Gate.name,
                command: .refund(Refund(customer: customer.id, order: order))))
    }
}
