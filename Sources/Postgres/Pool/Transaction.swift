public import Primitives

/// A transaction that is open: the connection it runs on and the one instant at which it happens.
public struct Transaction {
    public let connection: Connection
    /// The pool's clock, read once when the transaction began.
    public let realNow: Instant
    /// The same moment by the tenant's own clock, where the transaction is a tenant's and the pool knows their clocks.
    public let now: Instant

    init(connection: Connection, _ time: TenantTime) {
        self.connection = connection
        realNow = time.real
        now = time.now
    }

    /// Runs one statement in one round trip.
    public func query(
        _ statement: Statement, file: StaticString = #fileID, line: UInt = #line
    ) throws -> ResultSet {
        try connection.query(statement, file: file, line: line)
    }

    /// Runs several statements in one round trip.
    public func pipeline(
        _ statements: [Statement], file: StaticString = #fileID, line: UInt = #line
    ) throws -> [ResultSet] {
        try connection.pipeline(statements, file: file, line: line)
    }
}
