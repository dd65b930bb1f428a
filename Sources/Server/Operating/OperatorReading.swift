internal import Postgres
internal import Primitives

/// What an operator looks up of one tenant: each in one read-only transaction, under the tenant's row-level security.
///
/// Of another tenant's rows there is nothing to be seen, whatever a command names: they are unknown.
struct OperatorReading: Sendable {
    typealias Refusal = OperatorWork.Refusal

    /// Connections of the doors' role.
    let pool: PostgresPool

    /// Reads of a tenant, who is named by slug.
    func of<Result: Sendable>(
        _ slug: String, _ body: @escaping @Sendable (TenantView, Transaction) throws -> Result
    ) async throws -> Result {
        let tenant = try await pool.transaction(tenant: nil) { try OperatorWork.tenant(slug, $0) }
        return try await pool.snapshot(tenant: tenant.id) { try body(tenant, $0) }
    }
}
