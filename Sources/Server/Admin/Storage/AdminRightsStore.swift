internal import Postgres

/// SQL of whose rights a transaction has.
enum AdminRightsStore {
    /// Until the transaction ends, or takes others.
    static func take(_ rights: AdminRights) -> Statement {
        "SELECT set_config('role', \(rights.rawValue), true)"
    }
}
