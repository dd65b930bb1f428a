internal import Postgres
internal import Primitives

extension OperatorReading {
    /// A page of a tenant's orders, newest first.
    func orders(of slug: String, _ filter: OrderFilter) async throws -> Page<OrderView, OrderID> {
        precondition(filter.limit > 0, "a page holds at least one order")
        return try await of(slug) { tenant, transaction in
            let customer = try filter.customer.map {
                try OperatorWork.customer($0, tenant.id, transaction).id
            }
            let rows = try OrderViewStore.orders(
                transaction.query(OrderViewStore.page(filter, of: customer, tenant.id)))
            return Page(readingOneMore: rows, limit: filter.limit) { $0.id }
        }
    }

    func order(_ id: OrderID, of slug: String) async throws -> OrderDetails {
        try await of(slug) { tenant, transaction in
            let found = try OrderViewStore.orders(transaction.query(OrderViewStore.one(id, of: tenant.id)))
            guard let order = found.first else { throw Refusal.orderUnknown(id) }
            let made = try transaction.query(OrderViewStore.made(by: order, of: tenant.id))
            let entries = try transaction.query(EntryStore.entries(of: order, tenant.id))
            return OrderDetails(
                order: order, subscriptions: try OrderViewStore.made(made),
                entries: try EntryStore.entries(entries, order.price.total.currency))
        }
    }
}
