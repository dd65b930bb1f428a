internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// What an operator names to let a customer's order wait, found.
    struct Wish: Sendable {
        let tenant: TenantID
        let customer: CustomerID
        let plan: Plan
    }

    /// The customer and the plan of these names.
    func wish(customer: String, plan code: String, of tenant: String) async throws -> Wish {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let customer = try Self.customer(customer, tenant.id, transaction)
            let plans = try PlanStore.plans(transaction.query(PlanStore.all(of: tenant.id)))
            guard let plan = plans.first(where: { $0.code == code }) else { throw Refusal.planUnknown(code) }
            return Wish(tenant: tenant.id, customer: customer.id, plan: plan)
        }
    }

    /// The tenant of a slug.
    func tenantID(_ slug: String) async throws -> TenantID {
        try await pool.transaction(tenant: nil) { try Self.tenant(slug, $0).id }
    }

    /// A tenant's orders that wait for money or have, the newest first.
    func pendingOrders(
        of tenant: String, customer: String?, state: PendingOrderState?, limit: Int
    ) async throws -> [PendingOrder] {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let customer = try customer.map { try Self.customer($0, tenant.id, transaction).id }
            return try PendingOrderStore.orders(
                transaction.query(
                    PendingOrderStore.orders(of: tenant.id, customer: customer, state: state, limit: limit)))
        }
    }
}
