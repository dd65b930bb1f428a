public import Primitives

extension PostgresPool {
    /// Runs the body in a transaction, under the tenant's row-level security where one is given.
    ///
    /// A transaction that the server undid (deadlock, serialization failure, lost before COMMIT) is run
    /// again, at most three times, so the body must have no other effects.
    public func transaction<T: Sendable>(
        tenant: TenantID?, file: StaticString = #fileID, line: UInt = #line,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let opening = TransactionOpening(
            tenant: tenant, configuration, clock: tenant.flatMap { tenantClock?($0) })
        return try await transaction(opening, file: file, line: line, body)
    }

    /// Reads with several statements that all see one moment, in a transaction of the tenant that cannot write.
    public func snapshot<T: Sendable>(
        tenant: TenantID, file: StaticString = #fileID, line: UInt = #line,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let opening = TransactionOpening(
            begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", tenant: tenant, configuration,
            clock: tenantClock?(tenant))
        return try await transaction(opening, file: file, line: line, body)
    }

    private func transaction<T: Sendable>(
        _ opening: TransactionOpening, file: StaticString, line: UInt,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await retrying { [clock] connection in
            let opened = try connection.open(opening, file: file, line: line)
            let time = TenantTime(real: clock.now(), aheadMilliseconds: try opening.clockAhead(opened))
            let transaction = Transaction(connection: connection, time)
            return try connection.finishingTransaction(file: file, line: line) { try body(transaction) }
        }
    }

    /// Reads with one statement in a read-only transaction of the tenant, all in one round trip.
    public func read<T: Sendable>(
        tenant: TenantID, _ statement: Statement, file: StaticString = #fileID, line: UInt = #line,
        _ decode: @escaping @Sendable (ResultSet) throws -> T
    ) async throws -> T {
        let opening = TransactionOpening(begin: "BEGIN READ ONLY", tenant: tenant, configuration)
        let statements = opening.statements + [statement, "COMMIT"]
        return try await retrying { connection in
            do {
                let results = try connection.pipeline(statements, file: file, line: line)
                return try decode(results[opening.statements.count])
            } catch var error as PostgresError {
                try connection.rollBackIfOpen()
                error.pipelineIndex = nil
                // A read changes nothing, so it may be repeated whatever became of it.
                error.mayHaveCommitted = false
                throw error
            }
        }
    }

    private func retrying<T: Sendable>(
        _ attempt: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        var retry = TransactionRetry()
        while true {
            do {
                return try await run(attempt)
            } catch {
                guard case .again(let wait) = retry.decide(error, unit: .random(in: 0..<1)) else {
                    throw error
                }
                // The thread is free meanwhile. A cancelled caller gets the error instead of another try.
                guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { throw error }
            }
        }
    }
}

extension Connection {
    @discardableResult
    func open(_ opening: TransactionOpening, file: StaticString, line: UInt) throws -> [ResultSet] {
        do {
            return try pipeline(opening.statements, file: file, line: line)
        } catch var error as PostgresError {
            try? rollBackIfOpen()
            // Nothing but the opening was sent.
            error.mayHaveCommitted = false
            throw error
        }
    }
}
