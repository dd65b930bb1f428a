/// Whether a transaction that failed is tried again from its beginning.
public struct TransactionRetry: Sendable {
    public enum Decision: Sendable, Equatable {
        case again(afterMilliseconds: Int)
        case giveUp
    }

    /// How often a transaction is tried again after its first failure: for half a second or so, by growing waits.
    public static let retriesMax = 6

    private var retries = 0

    public init() {}

    /// Decides about one failure; `unit` is random in 0..<1 and keeps two rivals from colliding again.
    public mutating func decide(_ error: any Error, unit: Double) -> Decision {
        guard retries < Self.retriesMax, Self.leavesNothingBehind(error) else { return .giveUp }
        retries += 1
        return .again(afterMilliseconds: Int(Double(5 << retries) * unit))
    }

    /// Whether the server said that the transaction is undone and would be worth another try.
    private static func leavesNothingBehind(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError, !error.mayHaveCommitted else { return false }
        if error.isConnectionLost || error.isStalePreparedStatement { return true }
        switch error.sqlState {
        case .serializationFailure, .deadlockDetected: return true
        // The primary has moved; the pool connects anew after this.
        case .readOnlyTransaction: return true
        default: return false
        }
    }
}
