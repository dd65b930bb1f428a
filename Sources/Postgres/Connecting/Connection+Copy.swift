internal import CLibPQ

extension Connection {
    /// Runs `COPY … TO STDOUT` and hands on each row's bytes; they are valid only during the call.
    ///
    /// Where `chunk` throws, the statement is cancelled and drained, and the connection can be used again.
    /// Answers how many rows were copied.
    @discardableResult
    public func copyOut(
        _ statement: String, file: StaticString = #fileID, line: UInt = #line,
        _ chunk: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int {
        let site = CallSite(file: file, line: line)
        try startCopy(statement, PGRES_COPY_OUT, site)
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(handle, &buffer, 0)
            guard length > 0 else { break }
            defer { PQfreemem(buffer) }
            do {
                try chunk(UnsafeRawBufferPointer(start: buffer, count: Int(length)))
            } catch {
                makeCanceller().cancel()
                drainCopy()
                throw error
            }
        }
        return try finishCopy(statement, site)
    }

    /// Runs `COPY … FROM STDIN` with the bytes that `next` hands out until it answers nil.
    ///
    /// Where `next` throws, nothing is kept. A row that the server refuses is an error at the end of the
    /// input, for libpq does not look for it before. Answers how many rows were copied.
    @discardableResult
    public func copyIn(
        _ statement: String, file: StaticString = #fileID, line: UInt = #line,
        _ next: () throws -> [UInt8]?
    ) throws -> Int {
        let site = CallSite(file: file, line: line)
        try startCopy(statement, PGRES_COPY_IN, site)
        do {
            while let bytes = try next() {
                let sent = bytes.withUnsafeBytes { raw in
                    PQputCopyData(
                        handle, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count))
                }
                // The reason follows as the result of the statement.
                guard sent == 1 else { break }
            }
        } catch {
            PQputCopyEnd(handle, "the sender gave up")
            drainCopy()
            throw error
        }
        PQputCopyEnd(handle, nil)
        return try finishCopy(statement, site)
    }

    private func startCopy(_ statement: String, _ direction: ExecStatusType, _ site: CallSite) throws {
        try requireOpen(statement, site)
        // With parameters, even none, libpq refuses a second statement behind a semicolon.
        let result = PQexecParams(handle, statement, 0, nil, nil, nil, nil, 0)
        if PQresultStatus(result) == direction {
            PQclear(result)
        } else {
            _ = try check(result, statement, risk: !isInTransaction, site)
            throw PostgresError(
                message: "the statement is no COPY", statement: statement, file: site.file, line: site.line
            )
        }
    }

    private func finishCopy(_ statement: String, _ site: CallSite) throws -> Int {
        let risk = PQtransactionStatus(handle) != PQTRANS_INTRANS
        let result = PQgetResult(handle)
        defer { while let more = PQgetResult(handle) { PQclear(more) } }
        return try check(result, statement, risk: risk, site).affected
    }

    private func drainCopy() {
        var buffer: UnsafeMutablePointer<CChar>?
        while PQgetCopyData(handle, &buffer, 0) > 0 { PQfreemem(buffer) }
        while let result = PQgetResult(handle) { PQclear(result) }
    }
}
