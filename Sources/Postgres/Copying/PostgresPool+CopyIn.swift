public import Primitives

extension PostgresPool {
    /// Feeds `COPY … FROM STDIN` from a sequence of chunks, in one transaction; answers the number of rows.
    ///
    /// An error of the sequence, or cancellation, leaves nothing behind.
    public func copyIn<Chunks: AsyncSequence & Sendable>(
        _ statement: String, tenant: TenantID? = nil, from chunks: Chunks, chunksMax: Int = 8
    ) async throws -> Int where Chunks.Element == [UInt8] {
        let intake = IntakeChannel(limit: chunksMax)
        async let copied = copy(statement, tenant, intake)
        do {
            for try await chunk in chunks {
                guard await intake.send(chunk) else { break }
            }
            // A cancelled sequence may simply end, and half of it must not be taken for the whole.
            try Task.checkCancellation()
        } catch {
            intake.finish(error)
            _ = try? await copied
            throw error
        }
        intake.finish()
        return try await copied
    }

    private func copy(_ statement: String, _ tenant: TenantID?, _ intake: IntakeChannel) async throws -> Int {
        let opening = TransactionOpening(tenant: tenant, configuration)
        defer { intake.abandon() }
        return try await run { connection in
            try connection.open(opening, file: #fileID, line: #line)
            return try connection.finishingTransaction {
                try connection.copyIn(statement) { try intake.receive() }
            }
        }
    }
}
