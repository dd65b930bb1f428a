public import Primitives

/// What `COPY … TO STDOUT` writes, in chunks, no faster than it is read.
///
/// The statement begins with the first read. When the reader stops, is cancelled or lets go of the iterator,
/// the statement is cancelled on the server.
public struct CopyOutSequence: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    let pool: PostgresPool
    let statement: String
    let tenant: TenantID?
    let chunkBytes: Int
    let chunksMax: Int

    public func makeAsyncIterator() -> Iterator {
        Iterator(reader: CopyOutReader(self))
    }

    /// Reads the chunks of one run of the statement.
    public struct Iterator: AsyncIteratorProtocol {
        let reader: CopyOutReader

        public mutating func next() async throws -> [UInt8]? {
            try await reader.next()
        }
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
        CopyOutSequence(
            pool: self, statement: statement, tenant: tenant, chunkBytes: chunkBytes, chunksMax: chunksMax
        )
    }
}
