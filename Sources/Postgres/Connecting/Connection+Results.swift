internal import CLibPQ

extension Connection {
    /// Turns a result into rows or an error, and owns it from here on.
    ///
    /// `risk` says whether the work may stand although the answer got lost.
    func check(_ result: OpaquePointer?, _ text: String, risk: Bool, _ site: CallSite) throws -> ResultSet {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE:
            let set = ResultSet(result!, statement: text)
            // COMMIT of a failed transaction rolls back and calls it a success.
            guard Statement.commits(text), String(cString: PQcmdStatus(result)) == "ROLLBACK" else {
                return set
            }
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
            // A send that failed leaves half of what was sent behind it: nothing more may follow.
            if error.sqlState == nil { close() }
            throw error
        }
    }

    /// A refused write is the statement's fault, unless the server takes no writes at all: then the primary
    /// has moved, and only a new connection finds it.
    private func noteReadOnlyServer() {
        for parameter in ["in_hot_standby", "default_transaction_read_only"] {
            guard let value = PQparameterStatus(handle, parameter) else { continue }
            if String(cString: value) == "on" { sawReadOnlyServer = true }
        }
    }
}
