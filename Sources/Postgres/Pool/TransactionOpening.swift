internal import Primitives

/// What a transaction starts with, in the same round trip as its BEGIN.
struct TransactionOpening {
    let statements: [Statement]

    init(begin: Statement = "BEGIN", tenant: TenantID?, _ configuration: PostgresConfiguration) {
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
        self.statements = statements
    }

    /// Row-level security reads this setting; `true` lets it end with the transaction.
    private static let setTenant = "SELECT set_config('tollgate.tenant', $1, true)"
    private static let setLocal = "SELECT set_config($1, $2, true)"
}
