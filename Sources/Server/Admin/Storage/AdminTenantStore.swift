internal import Catalog
internal import Postgres
internal import Primitives

/// A tenant, as staff see it.
struct AdminTenant: Sendable, Hashable {
    let id: TenantID
    let slug: String
    var name: String
    let currency: Currency
    var timezone: String
    var graceMilliseconds: Int64
    var isActive: Bool
    let sandboxOf: TenantID?
    /// The slug of the tenant that it is the sandbox of.
    let sandboxOfSlug: String?
    /// In milliseconds.
    let clockAhead: Int64
    let createdAt: Instant
}

/// SQL of tenants, served or not.
enum AdminTenantStore {
    static func tenant(slug: String) -> Statement {
        Statement("\(columns) WHERE t.slug = $1" as String, [slug])
    }

    static func tenant(_ id: TenantID) -> Statement {
        Statement("\(columns) WHERE t.id = $1" as String, [id])
    }

    /// By slug, one more than a page holds.
    /// - Parameter scope: only these people's own and its sandbox; `nil`: all.
    static func tenants(_ scope: TenantID?, after slug: String?, limit: Int) -> Statement {
        Statement(
            """
            \(columns)
            WHERE ($1::bigint IS NULL OR t.id = $1 OR t.sandbox_of = $1) AND ($2::text IS NULL OR t.slug > $2)
            ORDER BY t.slug LIMIT $3
            """ as String, [scope, slug, Int64(limit + 1)])
    }

    static func tenants(_ result: ResultSet) throws -> [AdminTenant] {
        try result.map { row in
            AdminTenant(
                id: try row.get(0), slug: try row.get(1), name: try row.get(2), currency: try row.currency(3),
                timezone: try row.get(4), graceMilliseconds: try row.get(5), isActive: try row.get(6),
                sandboxOf: try row.get(7), sandboxOfSlug: try row.get(8), clockAhead: try row.get(9),
                createdAt: try row.get(10))
        }
    }

    /// Whether the tenant has a sandbox that is open.
    static func hasSandbox(_ id: TenantID) -> Statement {
        "SELECT EXISTS (SELECT FROM tenants WHERE sandbox_of = \(id) AND active)"
    }

    private static let columns = """
        SELECT t.id, t.slug, t.name, t.currency, t.timezone, t.grace_ms, t.active, t.sandbox_of, live.slug,
               t.clock_ahead_ms, t.created_at
        FROM tenants t LEFT JOIN tenants live ON live.id = t.sandbox_of
        """
}
