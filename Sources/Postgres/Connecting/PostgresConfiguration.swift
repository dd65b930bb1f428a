/// How to reach a PostgreSQL server and what a session there starts with.
public struct PostgresConfiguration: Sendable {
    /// A libpq URI or keyword/value string; several hosts are allowed, and it wins over our connection
    /// defaults.
    public var conninfo: String
    /// The role to act as; nil for the connecting user.
    public var role: String?
    public var applicationName: String
    /// 0 switches a timeout off.
    public var statementTimeoutMilliseconds = 30_000
    public var lockTimeoutMilliseconds = 10_000
    public var idleInTransactionTimeoutMilliseconds = 60_000
    public var connectTimeoutSeconds = 5
    /// More session settings, by name.
    public var settings: [String: String] = [:]
    /// False behind pgbouncer in transaction mode: statements stay unnamed, and settings travel with each
    /// transaction instead of the session.
    public var usesPreparedStatements = true
    /// How many statements a connection keeps prepared.
    public var preparedStatementsMax = 256
    /// Whether plans are thrown away from time to time, so that the next ones are made for tables as large as they are
    /// by then (`PlanAge`).
    public var replansAsTablesGrow = false
    /// How long a job of a pool waits for a server that cannot be reached.
    public var unavailableAfterMilliseconds = 5_000

    public init(conninfo: String, applicationName: String = "tollgate", role: String? = nil) {
        self.conninfo = conninfo
        self.applicationName = applicationName
        self.role = role
    }

    /// Everything a session has to be told, in a fixed order.
    var sessionSettings: [(name: String, value: String)] {
        var all: [(name: String, value: String)] = [
            ("statement_timeout", String(statementTimeoutMilliseconds)),
            ("lock_timeout", String(lockTimeoutMilliseconds)),
            ("idle_in_transaction_session_timeout", String(idleInTransactionTimeoutMilliseconds)),
            ("TimeZone", "UTC"),
        ]
        if let role { all.append(("role", role)) }
        return all + settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
