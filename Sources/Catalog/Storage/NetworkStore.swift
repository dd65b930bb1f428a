public import Postgres
public import Primitives

/// Reads a tenant's networks.
public enum NetworkStore {
    /// Every network of a tenant, active or not, by code.
    public static func all(of tenant: TenantID) -> Statement {
        Statement(allOfTenant, [tenant])
    }

    /// Reads the rows of the statement above.
    public static func networks(_ result: ResultSet) throws -> [Network] {
        try result.map { row in
            Network(
                id: try row.get(1), tenant: try row.get(0), code: try row.get(2), city: try row.get(3),
                country: try row.get(4), type: try row.get(5), exitClass: try row.get(6), asn: try row.get(7),
                asnOrg: try row.get(8), isActive: try row.get(9), lowStock: try row.get(10)
            )
        }
    }

    private static let allOfTenant = """
        SELECT tenant_id, id, code, city, country, type, exit_class, asn, asn_org, active, low_stock
        FROM networks WHERE tenant_id = $1 ORDER BY code
        """
}
