internal import Postgres
internal import Primitives

/// SQL of the comparison of what the books, the orders and the shelves say.
enum ReconcileStore {
    /// Before the first question of a transaction: it must not write, and it reads whole tables (see `AuditSession`).
    static let settings: [Statement] = [
        "SET TRANSACTION READ ONLY",
        "SET LOCAL enable_nestloop = off",
        "SET LOCAL work_mem = '64MB'",
    ]

    /// The first rows of an invariant with how many there are; of one tenant, or of all.
    static func findings(_ invariant: String, of tenant: TenantID?, limit: Int) -> Statement {
        """
        SELECT found.tenant_id, tenant.slug, found.problem, count(*) OVER ()
        FROM (
        \(unsafeRaw: invariant)
        ) AS found
        LEFT JOIN tenants AS tenant ON tenant.id = found.tenant_id
        WHERE \(tenant)::bigint IS NULL OR found.tenant_id = \(tenant)
        ORDER BY found.tenant_id, found.problem LIMIT \(limit)
        """
    }

    static func findings(_ result: ResultSet) throws -> (first: [String], count: Int) {
        let first = try result.map { row in
            let slug: String? = try row.get(1)
            let tenant = try slug ?? String(row.get(0, as: Int64.self))
            return "tenant \(tenant): \(try row.get(2, as: String.self))"
        }
        return (first, try result.first?.get(3) ?? 0)
    }
}
