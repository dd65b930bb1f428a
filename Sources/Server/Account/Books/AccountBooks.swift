internal import Postgres
internal import Primitives

/// What a customer looks up of their money: each in one read-only transaction under the doors' role and the tenant's
/// row-level security, and always by the customer who asks.
struct AccountBooks: Sendable {
    /// Connections of the doors' role, planned for what is asked.
    let pool: PostgresPool

    /// Which entries of a statement are asked for, the newest first.
    struct StatementFilter: Sendable {
        var reason: String?
        /// From this instant on, and before the other one.
        var from: Instant?
        var to: Instant?
        /// Only what is older than this place.
        var before: Int64?
        var limit = AccountAPI.Paging.usual
    }

    /// What is on the wallet; `nil` where the customer is gone.
    func wallet(of caller: Principal) async throws -> CustomerView? {
        try await pool.snapshot(tenant: caller.tenant) { try Self.wallet(of: caller, $0) }
    }

    func statement(
        of caller: Principal, _ filter: StatementFilter
    ) async throws -> Page<EntryView, Int64> {
        try await pool.snapshot(tenant: caller.tenant) { transaction in
            guard let wallet = try Self.wallet(of: caller, transaction) else {
                return Page(items: [], next: nil)
            }
            let rows = try EntryStore.entries(
                transaction.query(EntryStore.page(of: wallet, caller.tenant, filter)), wallet.currency)
            return Page(readingOneMore: rows, limit: filter.limit) { $0.sequence ?? 0 }
        }
    }

    func orders(of caller: Principal, _ filter: OrderFilter) async throws -> Page<OrderView, OrderID> {
        try await pool.snapshot(tenant: caller.tenant) { transaction in
            let rows = try OrderViewStore.orders(
                transaction.query(
                    OrderViewStore.page(ofOnly: caller.customer, filter, caller.tenant)))
            return Page(readingOneMore: rows, limit: filter.limit) { $0.id }
        }
    }

    /// `nil` where it is nobody's, or another's.
    func order(_ id: OrderID, of caller: Principal) async throws -> OrderDetails? {
        try await pool.snapshot(tenant: caller.tenant) { transaction in
            let found = try OrderViewStore.orders(
                transaction.query(OrderViewStore.one(id, of: caller.tenant)))
            guard let order = found.first, order.customer == caller.customer else { return nil }
            let results = try transaction.pipeline([
                OrderViewStore.made(by: order, of: caller.tenant),
                EntryStore.entries(of: order, caller.tenant),
            ])
            return OrderDetails(
                order: order, subscriptions: try OrderViewStore.made(results[0]),
                entries: try EntryStore.entries(results[1], order.price.total.currency))
        }
    }

    private static func wallet(
        of caller: Principal, _ transaction: Transaction
    ) throws -> CustomerView? {
        try OperatorStore.customers(
            transaction.query(OperatorStore.customer(caller.customer, of: caller.tenant))
        ).first
    }
}
