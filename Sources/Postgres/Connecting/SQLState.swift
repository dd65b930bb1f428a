/// The five characters by which PostgreSQL names a kind of error.
public struct SQLState: RawRepresentable, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let notNullViolation = SQLState(rawValue: "23502")
    public static let foreignKeyViolation = SQLState(rawValue: "23503")
    public static let uniqueViolation = SQLState(rawValue: "23505")
    public static let checkViolation = SQLState(rawValue: "23514")
    public static let exclusionViolation = SQLState(rawValue: "23P01")

    public static let serializationFailure = SQLState(rawValue: "40001")
    public static let deadlockDetected = SQLState(rawValue: "40P01")
    public static let lockNotAvailable = SQLState(rawValue: "55P03")
    /// Cancelled: by a request to cancel or by `statement_timeout`.
    public static let queryCanceled = SQLState(rawValue: "57014")

    public static let inFailedTransaction = SQLState(rawValue: "25P02")
    public static let idleInTransactionTimeout = SQLState(rawValue: "25P03")
    /// Writing on a standby, a demoted primary, or in a transaction that said READ ONLY.
    public static let readOnlyTransaction = SQLState(rawValue: "25006")

    public static let syntaxError = SQLState(rawValue: "42601")
    public static let undefinedTable = SQLState(rawValue: "42P01")
    public static let undefinedColumn = SQLState(rawValue: "42703")
    public static let insufficientPrivilege = SQLState(rawValue: "42501")
    public static let featureNotSupported = SQLState(rawValue: "0A000")
    public static let undefinedPreparedStatement = SQLState(rawValue: "26000")
    public static let dateTimeFieldOverflow = SQLState(rawValue: "22008")

    public static let adminShutdown = SQLState(rawValue: "57P01")
    public static let crashShutdown = SQLState(rawValue: "57P02")
    /// Starting up, shutting down or recovering.
    public static let cannotConnectNow = SQLState(rawValue: "57P03")
    public static let tooManyConnections = SQLState(rawValue: "53300")

    /// The first two characters: the class of the error.
    public var category: Substring { rawValue.prefix(2) }
}
