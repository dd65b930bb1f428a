import Billing
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Postgres
import Primitives
import Provisioning
import Synchronization
import TestSupport

@testable import Server

/// What was logged, line by line.
final class CapturedLines: LogSink {
    private let lines = Mutex<[String]>([])
    func write(_ line: [UInt8]) { lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    var all: [String] { lines.withLock { $0 } }
}

/// An answer as a client sees it.
struct SeenAnswer {
    let status: Int
    let headers: HTTPFields
    let body: String
}

/// Alba's and Brio's tiny doors and account APIs, asked without a socket.
struct DoorWorld: Sendable {
    let tenants: DoorTenants
    let door: FrontDoor
    let log = CapturedLines()
    let metrics = PrometheusMetrics()
    let state = ServingState()
    let cache: PrincipalCache
    let sessions: Sessions
    let authenticator: APIKeyAuthenticator
    let catalogue: CatalogueCache

    var database: TestDatabase { tenants.database }
    var clock: ManualClock { tenants.database.clock }

    static let installationKey = [UInt8](repeating: 7, count: 32)
    /// Cheap enough for tests; everything else is as in the real thing.
    static let hasher = Argon2Hasher(
        costs: Argon2Costs(iterations: 1, memoryKibibytes: 64), random: SeededRandom())

    init(
        _ database: TestDatabase, password: String? = nil, settings: HTTPSettings = HTTPSettings(),
        dialect: TinyDialect = TinyDialect(), limits: SignInLimits = SignInLimits()
    ) async throws {
        let hash = if let password { try await Self.hasher.hash(password) } else { "none" }
        tenants = try await DoorTenants(database, passwordHash: hash)
        let pool = database.pool(.door)
        cache = PrincipalCache()
        catalogue = CatalogueCache(pool: pool, deafMilliseconds: 0, logger: .quiet)
        authenticator = APIKeyAuthenticator(pool: pool, cache: cache, clock: database.clock)
        sessions = Sessions(
            pool: pool, cache: cache, clock: database.clock, random: SeededRandom(),
            installationKey: .init(data: Self.installationKey), audiences: [TinyDialect.name])
        let ids = SequentialIdentifiers()
        let account = AccountParts(
            AccountParts.Surroundings(
                admission: Admission(
                    keys: authenticator, sessions: sessions, limiter: SlidingWindowLimiter()),
                catalogues: catalogue, keyForms: [:], hasher: Self.hasher,
                seal: Seal(InstallationKey(id: 1, bytes: Self.installationKey)!), clock: database.clock,
                ids: ids, random: SeededRandom(seed: 3),
                // There is no engine behind this door.
                preview: { _ throws(EngineError) in throw .stopping },
                payments: { preconditionFailure("nobody tops up at this door") }),
            pool: database.pool(.account), reading: pool, owner: database.owner, limits: limits)
        door = FrontDoor(
            catalogue: catalogue, dialects: [dialect, AccountAPI(account, logger: .quiet)],
            health: HealthPages(state: state, checks: [.database(pool)]), metrics: metrics,
            clock: database.clock,
            ids: ids, settings: settings, sink: log, logger: .quiet)
    }

    /// Sends one request through the whole door.
    func ask(
        _ method: HTTPRequest.Method, _ target: String, host: String = "localhost:8080",
        _ headers: HTTPFields = [:], body: String? = nil, from peer: String = "192.0.2.1"
    ) async throws -> SeenAnswer {
        try await door.ask(method, target, host: host, headers, body: body, from: peer)
    }
}

extension FrontDoor {
    /// Sends one request through the whole door, from its head to what is logged of it.
    func ask(
        _ method: HTTPRequest.Method, _ target: String, host: String, _ headers: HTTPFields = [:],
        body: String? = nil, from peer: String = "192.0.2.1"
    ) async throws -> SeenAnswer {
        var headers = headers
        if let body, headers[.transferEncoding] == nil { headers[.contentLength] = "\(body.utf8.count)" }
        let head = HTTPRequest(
            method: method, scheme: "http", authority: host, path: target, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body ?? "")))
        let response = try await respond(to: request, context: ConnectionContext(peer: peer))
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return SeenAnswer(
            status: response.status.code, headers: response.headers, body: writer.text.withLock { $0 })
    }
}

private final class CollectingWriter: ResponseBodyWriter {
    let text = Mutex("")
    func write(_ buffer: ByteBuffer) async throws { text.withLock { $0 += String(buffer: buffer) } }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
