internal import Catalog
internal import Postgres
internal import Primitives

/// Tenants and hosts: small tables that every door may read whole, because the host is what names the tenant.
enum TenantStore {
    static var active: Statement { Statement(activeTenants) }
    static func active(_ id: TenantID) -> Statement { Statement(activeTenant, [id]) }
    static var hosts: Statement { Statement(hostsOfActiveTenants) }

    static func tenants(_ result: ResultSet) throws -> [Tenant] {
        try result.map { row in
            guard let currency = Currency(try row.get(3, as: String.self)) else {
                throw Unreadable("the stored currency is not in ISO 4217")
            }
            return Tenant(
                id: try row.get(0), slug: try row.get(1), name: try row.get(2), currency: currency,
                timezone: try row.get(4), graceMilliseconds: try row.get(5), sandboxOf: try row.get(6),
                clockAhead: try row.get(7))
        }
    }

    static func hosts(_ result: ResultSet) throws -> [TenantDirectory.Host] {
        try result.map { row in
            TenantDirectory.Host(name: try row.get(0), tenant: try row.get(1), dialect: try row.get(2))
        }
    }

    private static let activeTenants = """
        SELECT id, slug, name, currency, timezone, grace_ms, sandbox_of, clock_ahead_ms
        FROM tenants WHERE active ORDER BY id
        """
    private static let activeTenant = """
        SELECT id, slug, name, currency, timezone, grace_ms, sandbox_of, clock_ahead_ms
        FROM tenants WHERE active AND id = $1
        """
    private static let hostsOfActiveTenants = """
        SELECT h.host, h.tenant_id, h.dialect FROM hosts h JOIN tenants t ON t.id = h.tenant_id
        WHERE t.active ORDER BY h.host
        """
}
