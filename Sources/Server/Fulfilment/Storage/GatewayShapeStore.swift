internal import Postgres
internal import Primitives
internal import Provisioning

/// What a customer needs to know of a gateway to reach a port on it.
enum GatewayShapeStore {
    /// Every gateway of a tenant, active or not: ports are reached on both.
    static func all(of tenant: TenantID) -> Statement {
        Statement(allOfTenant, [tenant])
    }

    static func shapes(_ result: ResultSet) throws -> [GatewayID: GatewayShape] {
        var shapes: [GatewayID: GatewayShape] = [:]
        for row in result {
            shapes[try row.get(0)] = GatewayShape(
                host: try row.get(1), protocols: try row.get(2), vlessPort: try row.get(3),
                shadowsocksPort: try row.get(4))
        }
        return shapes
    }

    private static let allOfTenant = """
        SELECT id, host, protocols, vless_port, shadowsocks_port FROM gateways WHERE tenant_id = $1
        """
}
