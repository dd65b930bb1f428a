public import Postgres
public import Primitives

/// Reads how far the clocks of sandboxes were moved ahead.
public enum TenantClockStore {
    /// Every clock that is not the real one's.
    public static var moved: Statement { Statement(movedText) }

    /// Reads the rows of `moved`.
    public static func clocks(_ result: ResultSet) throws -> TenantClocks {
        var clocks = TenantClocks()
        for row in result { clocks.set(try row.get(1), of: try row.get(0)) }
        return clocks
    }

    /// One tenant's, in milliseconds: for a pool whose transactions are to have their tenant's time.
    public static func ahead(of tenant: TenantID) -> Statement { Statement(aheadText, [tenant]) }

    private static let movedText = "SELECT id, clock_ahead_ms FROM tenants WHERE clock_ahead_ms > 0"
    private static let aheadText = "SELECT clock_ahead_ms FROM tenants WHERE id = $1"
}
