internal import CLibPQ

/// Why a connection could not be made; libpq keeps no SQLSTATE for it, only the message.
enum ConnectFailure {
    static func error(for handle: OpaquePointer, _ site: CallSite) -> PostgresError {
        let message = String(cString: PQerrorMessage(handle)).trimmedLines
        var error = PostgresError(message: message, isConnectionLost: true, file: site.file, line: site.line)
        error.sqlState = sqlState(in: message)
        return error
    }

    /// The few that decide something: all else is "cannot connect".
    private static func sqlState(in message: String) -> SQLState? {
        if message.contains("too many clients") || message.contains("too many connections")
            || message.contains("connection slots are reserved")
        {
            return .tooManyConnections
        }
        if message.contains("the database system is") { return .cannotConnectNow }
        if message.contains("session is read-only") { return .readOnlyTransaction }
        return nil
    }
}
