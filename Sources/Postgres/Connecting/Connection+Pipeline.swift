internal import CLibPQ

extension Connection {
    /// Runs statements as one segment of pipeline mode: one sync, one round trip.
    ///
    /// Outside of a transaction they form one. The first error is thrown with the index of its statement;
    /// whatever stood after it was not run.
    public func pipeline(
        _ statements: [Statement], file: StaticString = #fileID, line: UInt = #line
    ) throws -> [ResultSet] {
        let site = CallSite(file: file, line: line)
        guard !statements.isEmpty else { return [] }
        try prepareToSend(statements, site)
        let wasInTransaction = isInTransaction
        do {
            return try runPipeline(statements, site)
        } catch let error as PostgresError where error.isStalePreparedStatement {
            prepared.forgetAll()
            // Only where nothing has been executed can it be sent again.
            guard error.pipelineIndex == 0, !wasInTransaction, !isInTransaction else { throw error }
            return try runPipeline(statements, site)
        }
    }

    func runPipeline(_ statements: [Statement], _ site: CallSite) throws -> [ResultSet] {
        let risk = !isInTransaction || statements.contains(where: \.isCommit)
        guard PQenterPipelineMode(handle) == 1 else {
            throw PostgresError(result: nil, connection: handle, statement: statements[0].text, site: site)
        }
        var steps: [PipelineStep] = []
        do {
            for index in statements.indices { try send(statements[index], index, site, &steps) }
            guard PQpipelineSync(handle) == 1 else { throw sendFailure(statements[0], 0, site) }
        } catch {
            // Without its sync the server rolls the segment back, and closing makes sure that none follows.
            close()
            throw error
        }
        return try receive(steps, statements, risk, site)
    }

    private func send(
        _ statement: Statement, _ index: Int, _ site: CallSite, _ steps: inout [PipelineStep]
    ) throws {
        let count = Int32(statement.values.count)
        guard configuration.usesPreparedStatements else {
            let types = statement.values.map(\.oid)
            let sent = ParameterBuffers.with(statement.values) { values, lengths, formats in
                PQsendQueryParams(handle, statement.text, count, types, values, lengths, formats, 1)
            }
            guard sent == 1 else { throw sendFailure(statement, index, site) }
            steps.append(.execute(index))
            return
        }
        let key = PreparedStatements.Key(statement)
        var name = prepared.name(for: key) ?? steps.lazy.compactMap { $0.name(preparing: key) }.first
        if name == nil {
            let made = prepared.makeName()
            guard PQsendPrepare(handle, made, statement.text, count, key.types) == 1 else {
                throw sendFailure(statement, index, site)
            }
            steps.append(.prepare(index, key, made))
            name = made
        }
        let sent = ParameterBuffers.with(statement.values) { values, lengths, formats in
            PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
        }
        guard sent == 1 else { throw sendFailure(statement, index, site) }
        steps.append(.execute(index))
    }

    private func sendFailure(_ statement: Statement, _ index: Int, _ site: CallSite) -> PostgresError {
        var error = PostgresError(result: nil, connection: handle, statement: statement.text, site: site)
        error.pipelineIndex = index
        error.isConnectionLost = true
        return error
    }
}

/// One thing that the server answers within a pipeline.
enum PipelineStep {
    case prepare(Int, PreparedStatements.Key, String)
    case execute(Int)

    func name(preparing wanted: PreparedStatements.Key) -> String? {
        if case .prepare(_, let key, let name) = self, key == wanted { name } else { nil }
    }
}
