internal import CLibPQ

extension Connection {
    /// Runs one statement in one round trip; the first time it is prepared in the same one.
    public func query(
        _ statement: Statement, file: StaticString = #fileID, line: UInt = #line
    ) throws -> ResultSet {
        let site = CallSite(file: file, line: line)
        try prepareToSend([statement], site)
        guard configuration.usesPreparedStatements else { return try unprepared(statement, site) }

        guard let name = prepared.name(for: PreparedStatements.Key(statement)) else {
            do {
                return try runPipeline([statement], site)[0]
            } catch var error as PostgresError {
                error.pipelineIndex = nil
                throw error
            }
        }
        let wasInTransaction = isInTransaction
        let result = ParameterBuffers.with(statement.values) { values, lengths, formats in
            PQexecPrepared(handle, name, Int32(statement.values.count), values, lengths, formats, 1)
        }
        do {
            return try check(result, statement.text, risk: !wasInTransaction || statement.isCommit, site)
        } catch let error as PostgresError where error.isStalePreparedStatement {
            prepared.forgetAll()
            // Nothing was executed; inside a transaction the failure stands, for the transaction has failed
            // too.
            if wasInTransaction { throw error }
            return try runPipeline([statement], site)[0]
        }
    }

    /// Runs a script of several statements, without parameters, by the simple protocol.
    public func execute(_ script: String, file: StaticString = #fileID, line: UInt = #line) throws {
        let site = CallSite(file: file, line: line)
        try requireOpen(script, site)
        _ = try check(PQexec(handle, script), script, risk: true, site)
    }

    private func unprepared(_ statement: Statement, _ site: CallSite) throws -> ResultSet {
        let risk = !isInTransaction || statement.isCommit
        let types = statement.values.map(\.oid)
        let result = ParameterBuffers.with(statement.values) { values, lengths, formats in
            PQexecParams(handle, statement.text, Int32(types.count), types, values, lengths, formats, 1)
        }
        return try check(result, statement.text, risk: risk, site)
    }

    /// What has to be right before anything is sent.
    func prepareToSend(_ statements: [Statement], _ site: CallSite) throws {
        for statement in statements {
            try requireOpen(statement.text, site)
            guard statement.values.count <= Int(PQ_QUERY_PARAM_MAX_LIMIT) else {
                throw PostgresError(
                    message: "\(statement.values.count) parameters are more than the protocol takes",
                    statement: statement.text, file: site.file, line: site.line
                )
            }
        }
        // Round trips of their own, so they wait until they pay; inside a transaction they wait too.
        guard prepared.count > 0, PQtransactionStatus(handle) == PQTRANS_IDLE else { return }
        if prepared.evicted.count >= 16 {
            for name in prepared.takeEvicted() { PQclear(PQexec(handle, "DEALLOCATE \(name)")) }
        }
        if configuration.replansAsTablesGrow, planAge.isOver(at: .now) {
            PQclear(PQexec(handle, "DISCARD PLANS"))
        }
    }
}

extension PreparedStatements.Key {
    init(_ statement: Statement) {
        self.init(text: statement.text, types: statement.values.map(\.oid))
    }
}
