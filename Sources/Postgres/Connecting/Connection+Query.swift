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
            // Nothing was executed; inside a transaction the failure stands, for the transaction has failed too.
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
        // A round trip of its own, so it waits until it pays; inside a transaction it waits too.
        guard prepared.evicted.count >= 16, PQtransactionStatus(handle) == PQTRANS_IDLE else { return }
        for name in prepared.takeEvicted() { PQclear(PQexec(handle, "DEALLOCATE \(name)")) }
    }

    /// Turns a result into rows or an error, and owns it from here on.
    ///
    /// `risk` says whether the work may stand although the answer got lost.
    func check(_ result: OpaquePointer?, _ text: String, risk: Bool, _ site: CallSite) throws -> ResultSet {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE:
            let set = ResultSet(result!, statement: text)
            // COMMIT of a failed transaction rolls back and calls it a success.
            guard Statement.commits(text), String(cString: PQcmdStatus(result)) == "ROLLBACK" else { return set }
            var error = PostgresError(
                message: "the transaction had failed, so COMMIT rolled it back", statement: text,
                file: site.file, line: site.line
            )
            error.sqlState = .inFailedTransaction
            throw error
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            PQclear(result)
            close()
            throw PostgresError(
                message: "COPY has functions of its own", statement: text, isConnectionLost: true,
                file: site.file, line: site.line
            )
        default:
            defer { PQclear(result) }
            var error = PostgresError(result: result, connection: handle, statement: text, site: site)
            error.mayHaveCommitted = risk && error.isConnectionLost
            if error.sqlState == .readOnlyTransaction { noteReadOnlyServer() }
            throw error
        }
    }
}

extension Connection {
    /// A refused write is the statement's fault, unless the server takes no writes at all: then the primary has
    /// moved, and only a new connection finds it.
    private func noteReadOnlyServer() {
        for parameter in ["in_hot_standby", "default_transaction_read_only"] {
            guard let value = PQparameterStatus(handle, parameter) else { continue }
            if String(cString: value) == "on" { sawReadOnlyServer = true }
        }
    }
}

extension Statement {
    var isCommit: Bool { Self.commits(text) }

    /// Whether the text ends a transaction; a guess on the safe side, by its first word.
    static func commits(_ text: String) -> Bool {
        func starts(with word: StaticString) -> Bool {
            var index = 0
            for byte in text.utf8.prefix(word.utf8CodeUnitCount) {
                guard byte | 0x20 == word.utf8Start[index] else { return false }
                index += 1
            }
            return index == word.utf8CodeUnitCount
        }
        return starts(with: "commit") || starts(with: "end")
    }
}

extension PreparedStatements.Key {
    init(_ statement: Statement) {
        self.init(text: statement.text, types: statement.values.map(\.oid))
    }
}
