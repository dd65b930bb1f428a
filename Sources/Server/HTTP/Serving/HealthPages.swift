internal import HTTPTypes
public import Postgres
internal import Primitives
internal import Synchronization

/// Whether the process is to be given work: said to load balancers, and set once when it begins to stop.
public final class ServingState: Sendable {
    private let stopping = Atomic(false)

    public init() {}

    public var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// From now on the process is not ready; what it has accepted it still finishes.
    public func stop() { stopping.store(true, ordering: .relaxed) }
}

/// `/health` (the process is alive) and `/health/ready` (it can do its work).
public struct HealthPages: Sendable {
    /// One thing that must work before the process is ready.
    public struct Check: Sendable {
        public let name: String
        let run: @Sendable () async throws -> Void

        public init(_ name: String, _ run: @escaping @Sendable () async throws -> Void) {
            self.name = name
            self.run = run
        }

        /// The database answers through a pool.
        public static func database(_ pool: PostgresPool) -> Check {
            Check("database") { try await pool.run { _ = try $0.query(ReadinessStore.anything) } }
        }
    }

    private let state: ServingState
    private let checks: [Check]
    // Nobody's curiosity costs more than two rounds of checks a second.
    private let lastRound: Snapshot<[String: Bool]>

    /// - Parameter limitMilliseconds: how long a check may take.
    public init(state: ServingState, checks: [Check], limitMilliseconds: Int64 = 1_000) {
        self.state = state
        self.checks = checks
        let limit = Duration.milliseconds(limitMilliseconds)
        lastRound = Snapshot(Freshness(heard: 500, deaf: 500)) {
            await withTaskGroup(of: (String, Bool).self) { group in
                for check in checks {
                    group.addTask { (check.name, await Self.passes(check, within: limit)) }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
        }
    }

    var alive: DialectResponse {
        Self.page(.ok) { json in
            json.key("status")
            json.string("ok")
        }
    }

    func ready() async -> DialectResponse {
        let results = (try? await lastRound.current()) ?? [:]
        let isReady = !state.isStopping && checks.allSatisfy { results[$0.name] == true }
        return Self.page(isReady ? .ok : .serviceUnavailable) { json in
            json.key("status")
            json.string(state.isStopping ? "stopping" : isReady ? "ready" : "not_ready")
            for check in checks {
                json.key(check.name)
                json.string(results[check.name] == true ? "ok" : "failing")
            }
        }
    }

    /// A check that hangs must not hang whoever asks; its task ends by itself, for the pool bounds every job.
    private static func passes(_ check: Check, within limit: Duration) async -> Bool {
        await FirstAnswer.of(limit) {
            try await check.run()
            return true
        } ?? false
    }

    private static func page(
        _ status: HTTPResponse.Status, _ fields: (inout JSONWriter) -> Void
    ) -> DialectResponse {
        var json = JSONWriter(capacity: 64)
        json.beginObject()
        fields(&json)
        json.endObject()
        return DialectResponse(status: status, headers: [.contentType: "application/json"], body: json.bytes)
    }
}
