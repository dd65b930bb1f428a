internal import Postgres
internal import Primitives

/// With whose rights a part of a transaction of the admin API runs.
enum AdminRights: String, Sendable {
    /// Its own.
    case admin = "tollgate_admin"
    /// Those of who writes catalogues.
    case catalogue = "tollgate_catalogue"
    /// The doors': to read what belongs to the tenant, under its row-level security.
    case door = "tollgate_door"
    /// The engine's: the only writer of the ledger.
    case engine = "tollgate_engine"
}

extension Transaction {
    /// Runs a part of the transaction with another role's rights, and goes on with its own.
    ///
    /// So a movement of money, its record in the audit log and the answer that is remembered stand or fall together,
    /// and no role gets a right that is not its part. What the part throws ends the transaction, and the rights with it.
    /// - Parameter own: those that the transaction began with.
    func with<Result>(
        _ rights: AdminRights, insteadOf own: AdminRights = .admin, _ part: (Transaction) throws -> Result
    ) throws -> Result {
        _ = try query(AdminRightsStore.take(rights))
        let result = try part(self)
        _ = try query(AdminRightsStore.take(own))
        return result
    }
}
