import Postgres
import Primitives
import TestSupport

@testable import Server

/// Requests without a door: two tenants, each with two customers, and a recorder beside them.
struct RecordedWorld: Sendable {
    let database: TestDatabase
    let recorder: RequestRecorder
    let ids = SequentialIdentifiers()
    let history: RequestHistory

    static let (alba, brio) = (TenantID(1), TenantID(2))
    let (ann, ben): (CustomerID, CustomerID)

    init(_ database: TestDatabase, settings: RequestRecorder.Settings = .init()) {
        self.database = database
        recorder = RequestRecorder(
            pool: database.pool(.recorder, threads: 1), settings: settings, logger: .quiet)
        history = RequestHistory(pool: database.pool(.door))
        ann = ids.next(at: database.clock.now())
        ben = ids.next(at: database.clock.now())
    }

    /// A request at this moment.
    @discardableResult
    func ask(
        _ customer: CustomerID, of tenant: TenantID = alba, path: String = "/services", status: Int = 200
    ) -> LoggedRequest {
        let request = LoggedRequest(
            tenant: tenant, id: ids.next(at: database.clock.now()), customer: customer,
            principal: customer.retyped(), dialect: "gate", method: "GET", path: path, route: "services.list",
            status: status, microseconds: 1_234, address: "192.0.2.1", requestID: "request-1")
        recorder.record(request)
        return request
    }

    func page(
        _ customer: CustomerID, of tenant: TenantID = alba, since: Instant? = nil, until: Instant? = nil,
        before: LoggedRequestID? = nil, limit: Int = 50
    ) async throws -> RequestHistory.Entries? {
        try await history.page(
            of: customer, tenant: tenant, .init(since: since, until: until, before: before, limit: limit))
    }

    /// Everything that was recorded, through to the last row.
    func written() async throws -> Int {
        try await database.owner.run { try $0.query("SELECT count(*) FROM request_log")[0].get(0) }
    }

    /// The days that the table has shares for.
    func days() async throws -> [String] {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT inhrelid::regclass::text FROM pg_inherits
                WHERE inhparent = 'request_log'::regclass ORDER BY 1
                """
            ).map { try $0.get(0) }
        }
    }
}

/// Runs a recorder while the body runs, and stops it as a graceful stop does.
func running(_ recorder: RequestRecorder, _ body: () async throws -> Void) async throws {
    let running = Task { await recorder.run() }
    do {
        try await body()
    } catch {
        recorder.stop()
        await running.value
        throw error
    }
    recorder.stop()
    await running.value
}
