internal import Postgres
internal import Primitives

/// SQL of whose rights a transaction has.
enum AdminRightsStore {
    /// Until the transaction ends, or takes others.
    static func take(_ rights: AdminRights) -> Statement {
        "SELECT set_config('role', \(rights.rawValue), true)"
    }

    /// Whose rows the transaction sees, until it ends or turns to others.
    static func turn(to tenant: TenantID) -> Statement {
        "SELECT set_config('tollgate.tenant', \(String(tenant.number)), true)"
    }
}
