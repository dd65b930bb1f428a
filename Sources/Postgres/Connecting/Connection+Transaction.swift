extension Connection {
    /// Runs the body between BEGIN and COMMIT; an error rolls back and is thrown on.
    public func withTransaction<T>(
        file: StaticString = #fileID, line: UInt = #line, _ body: (Connection) throws -> T
    ) throws -> T {
        _ = try query("BEGIN", file: file, line: line)
        return try finishingTransaction(file: file, line: line) { try body(self) }
    }

    /// Runs the body in the transaction that is open, and ends that transaction.
    func finishingTransaction<T>(
        file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> T
    ) throws -> T {
        do {
            let value = try body()
            _ = try query("COMMIT", file: file, line: line)
            return value
        } catch {
            do {
                try rollBackIfOpen()
            } catch let rollbackError {
                throw RollbackFailure(cause: error, rollback: rollbackError)
            }
            throw error
        }
    }

    /// Rolls back where a transaction is open; a lost connection has done so already, even one that is found lost
    /// only now.
    func rollBackIfOpen() throws {
        guard isInTransaction else { return }
        do {
            try execute("ROLLBACK")
        } catch let error as PostgresError where error.isConnectionLost {
            // Whoever is told of this would take a refusal for a fault, and nothing for perhaps something.
        }
    }
}

/// A transaction failed, and rolling it back failed too: both errors.
public struct RollbackFailure: Error, CustomStringConvertible {
    /// What the transaction failed with.
    public let cause: any Error
    /// What ROLLBACK failed with.
    public let rollback: any Error

    public var description: String { "\(cause); and the rollback failed: \(rollback)" }
}
