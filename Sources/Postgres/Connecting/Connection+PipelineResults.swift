internal import CLibPQ

extension Connection {
    /// Reads every answer up to the sync, whatever failed on the way, so that the connection stays usable.
    func receive(
        _ steps: [PipelineStep], _ statements: [Statement], _ risk: Bool, _ site: CallSite
    ) throws -> [ResultSet] {
        var results: [ResultSet] = []
        results.reserveCapacity(statements.count)
        var failure: PostgresError?

        for step in steps {
            let index = step.statementIndex
            let result = PQgetResult(handle)
            if failure != nil && PQstatus(handle) == CONNECTION_OK {
                PQclear(result)
            } else {
                do {
                    let set = try check(result, statements[index].text, risk: risk, site)
                    switch step {
                    case .prepare(_, let key, let name): prepared.insert(name, for: key)
                    case .execute: results.append(set)
                    }
                } catch var error as PostgresError {
                    error.pipelineIndex = index
                    failure = failure ?? error
                }
            }
            guard isUsable else { throw failure ?? lost(statements[index].text, risk, site) }
            while let more = PQgetResult(handle) { PQclear(more) }
        }

        let last = statements.count - 1
        do {
            try receiveSync(statements[last].text, risk, site)
        } catch var error as PostgresError {
            error.pipelineIndex = last
            failure = failure ?? error
        }
        if let failure { throw failure }
        return results
    }

    /// Reads up to the sync; an error that comes here is the commit of the implicit transaction failing.
    private func receiveSync(_ text: String, _ risk: Bool, _ site: CallSite) throws {
        var failure: (any Error)?
        // A separator or two may stand before the sync; a broken connection answers nil for ever.
        var separatorsLeft = 4
        while isUsable, separatorsLeft > 0 {
            let result = PQgetResult(handle)
            if result == nil {
                separatorsLeft -= 1
            } else if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
                PQclear(result)
                if PQexitPipelineMode(handle) == 1, failure == nil { return }
                break
            } else {
                do {
                    _ = try check(result, text, risk: risk, site)
                } catch {
                    failure = failure ?? error
                }
            }
        }
        if let failure { throw failure }
        close()
        throw lost(text, risk, site)
    }

    /// Whether more can be read: a lost connection answers nil for ever, and a closed one must not be asked.
    private var isUsable: Bool {
        !isClosed && PQstatus(handle) == CONNECTION_OK
    }

    private func lost(_ text: String, _ risk: Bool, _ site: CallSite) -> PostgresError {
        var error = PostgresError(
            message: "the connection was lost", statement: text, isConnectionLost: true,
            file: site.file, line: site.line
        )
        error.mayHaveCommitted = risk
        return error
    }
}

extension PipelineStep {
    var statementIndex: Int {
        switch self {
        case .prepare(let index, _, _), .execute(let index): index
        }
    }
}
