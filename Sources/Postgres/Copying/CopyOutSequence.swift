public import Primitives

/// What `COPY … TO STDOUT` writes, in chunks, no faster than it is read.
///
/// The statement begins with the first read. When the reader stops, is cancelled or lets go of the iterator,
/// the statement is cancelled on the server.
public struct CopyOutSequence: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    let stream: SnapshotStream

    public func makeAsyncIterator() -> SnapshotStream.Iterator {
        stream.makeAsyncIterator()
    }
}

extension PostgresPool {
    /// Streams `COPY … TO STDOUT`, under the tenant's row-level security where one is given.
    ///
    /// The statement takes no parameters, and a thread of the pool for as long as it is read: exports have a
    /// pool of their own, with a statement timeout that suits its slowest reader.
    public func copyOut(
        _ statement: String, tenant: TenantID? = nil, chunkBytes: Int = 65_536, chunksMax: Int = 8
    ) -> CopyOutSequence {
        let opening = TransactionOpening(begin: "BEGIN READ ONLY", tenant: tenant, configuration)
        let stream = SnapshotStream(pool: self, opening: opening, chunksMax: chunksMax) { transaction, send in
            // Rows may be a few bytes each: they are gathered into chunks that are worth a hand-over.
            var chunk: [UInt8] = []
            try transaction.connection.copyOut(statement) { row in
                chunk.append(contentsOf: row)
                guard chunk.count >= chunkBytes else { return }
                try send(chunk)
                chunk = []
            }
            if !chunk.isEmpty { try send(chunk) }
        }
        return CopyOutSequence(stream: stream)
    }
}
