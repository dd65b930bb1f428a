/// One step of the schema: SQL that is run once, and queries that must find nothing wrong before and after
/// it.
public struct Migration: Sendable, Hashable {
    /// Number and name, as the folder is called: `0007-orders`.
    public var name: String
    /// The SQL to run, without a transaction of its own.
    public var up: String
    /// Queries whose rows are reasons not to begin.
    public var checkBefore: String?
    /// Queries whose rows are reasons to roll back.
    public var checkAfter: String?

    public init(name: String, up: String, checkBefore: String? = nil, checkAfter: String? = nil) {
        self.name = name
        self.up = up
        self.checkBefore = checkBefore
        self.checkAfter = checkAfter
    }

    /// The SHA-256 of `up` in hex, computed by the database.
    public func checksum(on connection: Connection) throws -> String {
        try connection.query("SELECT encode(sha256(\([UInt8](up.utf8))), 'hex')")[0].get(0)
    }
}
