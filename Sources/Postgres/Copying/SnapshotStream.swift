public import Primitives

/// Bytes that a body writes out of one snapshot of a tenant's rows, in chunks, no faster than they are read.
///
/// The transaction begins with the first read, cannot write, and sees one moment whatever else commits. When the reader
/// stops, is cancelled or lets go of the iterator, its statement is cancelled on the server and it is rolled back. It is
/// never tried again, for half of it may have been read.
public struct SnapshotStream: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    /// Takes a chunk; waits while the reader is behind, and throws once there is none.
    public typealias Sink = ([UInt8]) throws -> Void

    let pool: PostgresPool
    let opening: TransactionOpening
    let chunksMax: Int
    let body: @Sendable (Transaction, Sink) throws -> Void

    public func makeAsyncIterator() -> Iterator {
        Iterator(reader: StreamReader(self))
    }

    /// Reads the chunks of one run; copies of it read the same one.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        let reader: StreamReader

        public mutating func next() async throws -> [UInt8]? {
            try await reader.next()
        }
    }
}

extension PostgresPool {
    /// Streams what the body writes, in a transaction of the tenant that sees one moment and cannot write.
    ///
    /// It takes a thread of the pool for as long as it is read: what may be read slowly has a pool of its own, with a
    /// statement timeout that suits its slowest reader.
    ///
    /// - Parameter chunksMax: how many chunks may wait for the reader.
    public func stream(
        tenant: TenantID, chunksMax: Int = 8,
        _ body: @escaping @Sendable (Transaction, SnapshotStream.Sink) throws -> Void
    ) -> SnapshotStream {
        let opening = TransactionOpening(
            begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", tenant: tenant, configuration,
            clock: tenantClock?(tenant))
        return SnapshotStream(pool: self, opening: opening, chunksMax: chunksMax, body: body)
    }
}
