internal import CLibPQ

extension Connection {
    /// Runs a script of queries and shows the first rows that any of them finds, as `column=value` pairs.
    func firstRowsAsText(
        of script: String, limit: Int, file: StaticString = #fileID, line: UInt = #line
    ) throws -> [String] {
        let site = CallSite(file: file, line: line)
        try requireOpen(script, site)
        guard PQsendQuery(handle, script) == 1 else {
            throw PostgresError(result: nil, connection: handle, statement: script, site: site)
        }
        var rows: [String] = []
        var failure: (any Error)?
        while let result = PQgetResult(handle) {
            if failure == nil, PQresultStatus(result) == PGRES_TUPLES_OK {
                for row in 0..<PQntuples(result) where rows.count < limit {
                    rows.append(Self.text(result, row))
                }
                PQclear(result)
            } else if failure == nil {
                do { _ = try check(result, script, risk: false, site) } catch { failure = error }
            } else {
                PQclear(result)
            }
        }
        if let failure { throw failure }
        return rows
    }

    private static func text(_ result: OpaquePointer, _ row: Int32) -> String {
        (0..<PQnfields(result)).map { column in
            let name = String(cString: PQfname(result, column))
            let isNull = PQgetisnull(result, row, column) == 1
            return "\(name)=\(isNull ? "NULL" : String(cString: PQgetvalue(result, row, column)))"
        }.joined(separator: " ")
    }
}
