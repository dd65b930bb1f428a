public import Postgres
public import Primitives

extension CatalogueReads {
    /// What one tenant's catalogue is shown from, without a lock: for one snapshot. Results go to `shown`.
    public static func statements(of tenant: TenantID) -> [Statement] {
        [
            Statement(tenantAndSandbox, [tenant]), Statement(hostsOfTenant, [tenant]),
            Statement(gatewaysOfTenant, [tenant]), NetworkStore.all(of: tenant), PlanStore.all(of: tenant),
            CouponStore.all(of: tenant), CustomerGroupStore.all(of: tenant),
        ]
    }

    /// Reads the results of `statements(of:)`; that a gateway is in use is said of active ones only.
    public static func shown(_ results: [ResultSet]) throws -> CatalogueRows {
        precondition(results.count == 7, "there is one result for each statement")
        return CatalogueRows(
            tenants: try results[0].map(tenant), hosts: try results[1].map(host),
            networks: try NetworkStore.networks(results[3]), gateways: try results[2].map(gateway),
            plans: try PlanStore.plans(results[4]), coupons: try CouponStore.coupons(results[5]),
            groups: try CustomerGroupStore.groups(results[6]))
    }

    private static let tenantAndSandbox = """
        SELECT id, slug, name, currency, timezone, grace_ms, active, sandbox_of FROM tenants
        WHERE id = $1 OR sandbox_of = $1 ORDER BY id
        """

    private static let hostsOfTenant = """
        SELECT host, tenant_id, dialect FROM hosts WHERE tenant_id = $1 ORDER BY host
        """

    private static let gatewaysOfTenant = """
        SELECT tenant_id, id, name, network_id, host, first_port, last_port, shared_port, protocols, vless_port,
               shadowsocks_port, driver, active, active AS in_use
        FROM gateways WHERE tenant_id = $1 ORDER BY name
        """
}
