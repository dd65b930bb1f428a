internal import Postgres
internal import Primitives

extension OperatorReading {
    /// A page of a tenant's subscriptions, newest first, as they stand by the tenant's clock.
    func subscriptions(
        of slug: String, _ filter: SubscriptionFilter
    ) async throws -> Page<SubscriptionView, SubscriptionID> {
        precondition(filter.limit > 0, "a page holds at least one subscription")
        return try await of(slug) { tenant, transaction in
            let customer = try filter.customer.map {
                try OperatorWork.customer($0, tenant.id, transaction).id
            }
            let statement = SubscriptionViewStore.page(filter, of: customer, tenant.id, at: transaction.now)
            let rows = try SubscriptionViewStore.subscriptions(
                transaction.query(statement), at: transaction.now)
            return Page(readingOneMore: rows, limit: filter.limit) { $0.id }
        }
    }

    func subscription(_ id: SubscriptionID, of slug: String) async throws -> SubscriptionDetails {
        try await of(slug) { tenant, transaction in
            let found = try SubscriptionViewStore.subscriptions(
                transaction.query(SubscriptionViewStore.one(id, of: tenant.id)), at: transaction.now)
            guard let subscription = found.first else { throw Refusal.subscriptionUnknown(id) }
            let parts = try transaction.pipeline(SubscriptionPartStore.parts(of: id, tenant.id))
            return try SubscriptionPartStore.details(subscription, parts)
        }
    }
}
