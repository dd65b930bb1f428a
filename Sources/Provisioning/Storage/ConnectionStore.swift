public import Postgres
public import Primitives

/// Reads what customers connect with.
public enum ConnectionStore {
    /// The columns of a `LiveConnection`, in the order in which `connection` reads them, over `source`.
    public static let columns = """
        a.subscription_id, a.slot_id, a.gateway_id, s.port, g.host, g.protocols, g.vless_port, g.shadowsocks_port, \
        n.id, n.code, n.city, n.country, n.type, s.username, s.secret, s.secret_version, \
        a.rotation_minutes, a.rotation_choices, a.rotated_at, a.expires_at
        """
    /// How many columns that is: where the next one of a longer list stands.
    public static let columnCount = 20

    /// Live allocations with their slots, gateways and networks; the condition on `a.released_at` is part of it, the
    /// tenant (`a.tenant_id`) is the caller's to name.
    public static let source = """
        allocations a \
        JOIN slots s ON s.tenant_id = a.tenant_id AND s.id = a.slot_id AND a.released_at IS NULL \
        JOIN gateways g ON g.tenant_id = a.tenant_id AND g.id = a.gateway_id \
        JOIN networks n ON n.tenant_id = a.tenant_id AND n.id = s.network_id
        """

    /// The live connections of these subscriptions, in no order.
    public static func connections(tenant: TenantID, subscriptions: [SubscriptionID]) -> Statement {
        Statement(bySubscriptionText, [tenant, subscriptions])
    }

    /// The live connections of a customer's subscriptions, newest subscription first.
    public static func connections(tenant: TenantID, customer: CustomerID) -> Statement {
        Statement(byCustomerText, [tenant, customer])
    }

    /// Reads one row, whose first column of `columns` stands at `start`.
    public static func connection(_ row: Row, startingAt start: Int = 0) throws -> LiveConnection {
        LiveConnection(
            subscription: try row.get(start), slot: try row.get(start + 1), gateway: try row.get(start + 2),
            port: try row.get(start + 3), host: try row.get(start + 4), protocols: try row.get(start + 5),
            vlessPort: try row.get(start + 6), shadowsocksPort: try row.get(start + 7),
            network: try network(row, startingAt: start + 8),
            username: try row.get(start + 13), sealedSecret: try row.get(start + 14),
            secretVersion: try row.get(start + 15), rotationMinutes: try row.get(start + 16),
            rotationChoices: try row.get(start + 17), rotatedAt: try row.get(start + 18),
            expiresAt: try row.get(start + 19)
        )
    }

    private static let bySubscriptionText = """
        SELECT \(columns) FROM \(source)
        WHERE a.tenant_id = $1 AND a.subscription_id = ANY($2::uuid[])
        """

    private static let byCustomerText = """
        SELECT \(columns) FROM \(source)
        JOIN subscriptions sub ON sub.tenant_id = a.tenant_id AND sub.id = a.subscription_id
        WHERE sub.tenant_id = $1 AND sub.customer_id = $2
        ORDER BY sub.id DESC
        """

    private static func network(_ row: Row, startingAt start: Int) throws -> ConnectionNetwork {
        ConnectionNetwork(
            id: try row.get(start), code: try row.get(start + 1), city: try row.get(start + 2),
            country: try row.get(start + 3), type: try row.get(start + 4)
        )
    }
}
