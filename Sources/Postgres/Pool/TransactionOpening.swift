internal import Primitives

/// What a transaction starts with, in the same round trip as its BEGIN.
struct TransactionOpening {
    let statements: [Statement]
    private let asksForClock: Bool

    /// - Parameter clock: asks how many milliseconds the tenant's clock is ahead.
    init(
        begin: Statement = "BEGIN", tenant: TenantID?, _ configuration: PostgresConfiguration,
        clock: Statement? = nil
    ) {
        var statements = [begin]
        if let tenant {
            statements.append(Statement(Self.setTenant, [String(tenant.number)]))
        }
        // Behind pgbouncer the session is shared with strangers, so each transaction brings its settings.
        if !configuration.usesPreparedStatements {
            for setting in configuration.sessionSettings {
                statements.append(Statement(Self.setLocal, [setting.name, setting.value]))
            }
        }
        if let clock { statements.append(clock) }
        asksForClock = clock != nil
        self.statements = statements
    }

    /// How many milliseconds the tenant's clock is ahead, of what the statements gave.
    func clockAhead(_ results: [ResultSet]) throws -> Int64 {
        guard asksForClock, let row = results.last?.first else { return 0 }
        return try row.get(0)
    }

    /// Row-level security reads this setting; `true` lets it end with the transaction.
    private static let setTenant = "SELECT set_config('tollgate.tenant', $1, true)"
    private static let setLocal = "SELECT set_config($1, $2, true)"
}
