public import Postgres
public import Primitives

/// What an account has asked: its request log, newest first.
public struct RequestHistory: Sendable {
    private let pool: PostgresPool

    /// - Parameter pool: connections of the doors' role.
    public init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Which part of the log is wanted.
    public struct Query: Sendable, Hashable {
        /// From this instant on.
        public var since: Instant?
        /// To this instant, itself included.
        public var until: Instant?
        /// Only what is older than this entry, which has to be one of the account's own.
        public var before: LoggedRequestID?
        public var limit: Int

        /// - Precondition: a page holds at least one entry.
        public init(
            since: Instant? = nil, until: Instant? = nil, before: LoggedRequestID? = nil, limit: Int
        ) {
            precondition(limit > 0, "a page holds at least one entry")
            self.since = since
            self.until = until
            self.before = before
            self.limit = limit
        }
    }

    public typealias Entries = Page<LoggedRequest, LoggedRequestID>

    /// A page of an account's log.
    ///
    /// Entries that are added meanwhile are newer and shift nothing; one that another process writes late stands where
    /// its time puts it.
    /// - Returns: `nil` where `before` names no entry of the account.
    public func page(
        of customer: CustomerID, tenant: TenantID, _ query: Query
    ) async throws -> Entries? {
        let statement = RequestHistoryStore.page(of: customer, tenant, query)
        return try await pool.read(tenant: tenant, statement) { result in
            guard try RequestHistoryStore.knowsCursor(result) else { return nil }
            let rows = try RequestHistoryStore.entries(result, of: customer, tenant)
            return Page(readingOneMore: rows, limit: query.limit) { $0.id }
        }
    }
}
