internal import Postgres
internal import Primitives

extension OperatorReading {
    /// A tenant's customers, by e-mail address.
    func customers(of slug: String) async throws -> [CustomerView] {
        try await of(slug) { tenant, transaction in
            try OperatorStore.customers(transaction.query(OperatorStore.customers(of: tenant.id)))
        }
    }

    /// A customer with their keys and the newest entries of their statement.
    func customer(
        _ name: String, of slug: String, entries: Int = 10
    ) async throws -> CustomerDetails {
        try await of(slug) { tenant, transaction in
            let customer = try OperatorWork.customer(name, tenant.id, transaction)
            let results = try transaction.pipeline([
                OperatorStore.keys(of: customer.id, tenant.id),
                EntryStore.statement(of: customer, tenant.id, before: nil, limit: entries),
            ])
            return CustomerDetails(
                customer: customer, keys: try OperatorStore.keys(results[0]),
                statement: try EntryStore.entries(results[1], customer.currency))
        }
    }

    func keys(of name: String, of slug: String) async throws -> [KeyView] {
        try await customer(name, of: slug, entries: 0).keys
    }

    /// A page of a customer's statement, newest first.
    ///
    /// - Parameter sequence: the place where the page before it ended; `nil` begins with the newest.
    func statement(
        of name: String, of slug: String, before sequence: Int64?, limit: Int
    ) async throws -> Page<EntryView, Int64> {
        precondition(limit > 0, "a page holds at least one entry")
        return try await of(slug) { tenant, transaction in
            let customer = try OperatorWork.customer(name, tenant.id, transaction)
            let entries = try EntryStore.entries(
                transaction.query(
                    EntryStore.statement(of: customer, tenant.id, before: sequence, limit: limit + 1)),
                customer.currency)
            return Page(readingOneMore: entries, limit: limit) { $0.sequence ?? 0 }
        }
    }
}
