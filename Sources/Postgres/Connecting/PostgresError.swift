/// What the server refused, or how the connection to it failed.
///
/// The description is for the log: it names statement and call site and never a bound value. `detail` may
/// repeat values of a row, so it stays out of it.
public struct PostgresError: Error, Sendable {
    /// The server's code; nil where the client found the problem by itself.
    public var sqlState: SQLState?
    public var message: String
    public var detail: String?
    public var hint: String?
    public var schema: String?
    public var table: String?
    public var column: String?
    /// The violated constraint: stores turn its name into a refusal.
    public var constraint: String?
    /// The text of the statement, without its values.
    public var statement: String
    /// Which statement of a pipeline failed.
    public var pipelineIndex: Int?
    /// Whether the connection is gone and with it any open transaction.
    public var isConnectionLost: Bool
    /// Whether the work may have been committed although no answer came: look it up before doing it again.
    public var mayHaveCommitted: Bool
    /// The server function that raised the error; tells a stale prepared statement from other refusals.
    var routine: String?
    public var file: StaticString
    public var line: UInt

    /// An error that the client found by itself.
    public init(
        message: String, statement: String = "", isConnectionLost: Bool = false,
        file: StaticString = #fileID, line: UInt = #line
    ) {
        self.message = message
        self.statement = statement
        self.isConnectionLost = isConnectionLost
        mayHaveCommitted = false
        self.file = file
        self.line = line
    }

    /// Whether the same work, unchanged, may succeed later.
    public var isTransient: Bool {
        if isConnectionLost { return true }
        guard let sqlState else { return false }
        switch sqlState {
        case .serializationFailure, .deadlockDetected, .lockNotAvailable, .queryCanceled, .cannotConnectNow,
            .tooManyConnections, .readOnlyTransaction, .idleInTransactionTimeout:
            return true
        default: return sqlState.category == "08" || sqlState.category == "53"
        }
    }

    /// A prepared statement whose tables changed under it; preparing it anew helps.
    public var isStalePreparedStatement: Bool {
        sqlState == .undefinedPreparedStatement
            || (sqlState == .featureNotSupported && routine == "RevalidateCachedQuery")
    }
}

extension PostgresError: CustomStringConvertible {
    public var description: String {
        var text = sqlState.map { "[\($0.rawValue)] " } ?? ""
        text += safeMessage
        if let pipelineIndex { text += " (statement \(pipelineIndex) of a pipeline)" }
        if let constraint { text += ", constraint \(constraint)" }
        if let table { text += ", table \(table)" }
        if mayHaveCommitted { text += "; it may have been committed all the same" }
        if !statement.isEmpty { text += ", in: \(statement.prefix(300))" }
        return text + ", at \(file):\(line)"
    }

    /// Data exceptions quote the offending value; everything else in quotes is a name.
    private var safeMessage: String {
        guard let sqlState, sqlState.category == "22" else { return message }
        return message.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset.isMultiple(of: 2) ? String($0.element) : "\"…\"" }
            .joined()
    }
}
