import Catalog
import Foundation
import HTTPTypes
import Postgres
import Primitives
import Provisioning
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Somebody who can ask: a person with a session, or a key.
struct AdminVisitor: Sendable {
    let name: String
    let actor: StaffActor
    let token: String
}

/// Alba and Brio, Alba's sandbox, and one person and one key of every role on the platform's side and on both tenants'.
struct AdminWorld: Sendable {
    let tenants: DoorTenants
    let door: FrontDoor
    let admin: AdminAPI
    let people: [AdminVisitor]
    let keys: [AdminVisitor]
    /// Of everybody's password.
    let passwordHash: String
    let exchanges = Exchanges()
    /// Which jobs were carried out, and for whom.
    let errands = Errands()
    /// Alba's and Brio's; the sandbox takes no payments.
    let till: Till

    var database: TestDatabase { tenants.database }
    var clock: ManualClock { database.clock }

    static let password = "correct horse battery"
    static let json: HTTPFields = [.contentType: "application/json"]

    /// - Parameter books: whether Alba has customers who bought, of plans that no file could say.
    init(
        limits: SignInLimits = SignInLimits(), proofs: ProofLimits = ProofLimits(),
        requests: RateLimit = .off, books: Bool = true
    ) async throws {
        let database = try #require(TestDatabase.current)
        tenants = try await DoorTenants(database)
        try await tenants.execute(
            """
            INSERT INTO tenants (id, slug, name, currency, timezone, grace_ms, sandbox_of, created_at)
            VALUES (3, 'alba-sandbox', 'alba (sandbox)', 'USD', 'UTC', 0, 1, \(database.clock.now()))
            """)
        if books { try await Self.openBooks(tenants) }
        let ids = SequentialIdentifiers(first: 1_000)
        let key = try #require(InstallationKey(id: 1, bytes: DoorWorld.installationKey))
        let seal = Seal(key)
        let till = Till()
        self.till = till
        var admin = AdminAPI(
            pool: database.pool(.admin),
            reading: database.pool(.door, tenantClock: { TenantClockStore.ahead(of: $0) }),
            exports: database.pool(.door, tenantClock: { TenantClockStore.ahead(of: $0) }),
            selling: database.pool(.catalogue),
            jobs: JobDesk(
                runs: JobRuns(
                    pool: database.pool(.job), clock: database.clock, ids: ids, logger: .quiet),
                job: { [errands] in Errand(name: $0, errands: errands) }),
            payments: {
                Self.paymentDesk(database, PaymentProviders { $0 == TenantID(3) ? nil : till }, ids)
            }, clock: database.clock, ids: ids, random: SeededRandom(),
            hasher: DoorWorld.hasher, limiter: SlidingWindowLimiter(), strangers: Strangers(), seal: seal,
            installationKeys: try #require(InstallationKeys([key])), limits: limits, proofs: proofs,
            logger: .quiet)
        admin.requests = requests
        self.admin = admin
        let pool = database.pool(.door)
        let catalogue = CatalogueCache(pool: pool, deafMilliseconds: 0, logger: .quiet)
        let state = ServingState()
        door = FrontDoor(
            catalogue: catalogue, dialects: [TinyDialect(), admin],
            health: HealthPages(state: state, checks: [.database(pool)]), metrics: PrometheusMetrics(),
            clock: database.clock, ids: ids, settings: HTTPSettings(), sink: CapturedLines(), logger: .quiet)
        let hash = try await DoorWorld.hasher.hash(Self.password)
        passwordHash = hash
        var (people, keys): ([AdminVisitor], [AdminVisitor]) = ([], [])
        for scope in [StaffScope.platform, .tenant(TenantID(1)), .tenant(TenantID(2))] {
            for role in StaffRole.allCases {
                people.append(try await Self.person(role, scope, hash, ids, admin))
                keys.append(try await Self.key(role, scope, ids, admin))
            }
        }
        (self.people, self.keys) = (people, keys)
    }

    private static func person(
        _ role: StaffRole, _ scope: StaffScope, _ hash: String, _ ids: any IdentifierSource, _ admin: AdminAPI
    ) async throws -> AdminVisitor {
        let new = NewStaffPerson(
            email: "\(role.rawValue)@example.test", name: role.rawValue, role: role, passwordHash: hash)
        let person = try await admin.pool.transaction(tenant: scope.number) {
            try new.insert(scope.number, ids, $0)
        }
        return AdminVisitor(
            name: "\(role.rawValue) of \(scope.number)", actor: person.actor,
            token: try await admin.sessions.issue(for: person).text)
    }

    private static func key(
        _ role: StaffRole, _ scope: StaffScope, _ ids: any IdentifierSource, _ admin: AdminAPI
    ) async throws -> AdminVisitor {
        let text = AdminKeyText(for: scope, SystemRandom())
        let key = try await admin.pool.transaction(tenant: scope.number) { transaction in
            let key = AdminKey(
                scope: scope, id: ids.next(at: transaction.realNow), name: "\(role.rawValue) machine",
                role: role, hint: text.hint, allowedSources: nil, expiresAt: nil, revokedAt: nil,
                createdAt: transaction.realNow)
            _ = try transaction.query(AdminKeyStore.insert(key, text.digest))
            return key
        }
        return AdminVisitor(
            name: "key, \(role.rawValue) of \(scope.number)", actor: key.actor, token: text.text)
    }

    /// The person of a role, of the platform where no tenant is named.
    func person(_ role: StaffRole, of tenant: Int64 = 0) -> AdminVisitor {
        people.first { $0.actor.role == role && $0.actor.scope.number == TenantID(tenant) }!
    }

    func key(_ role: StaffRole, of tenant: Int64 = 0) -> AdminVisitor {
        keys.first { $0.actor.role == role && $0.actor.scope.number == TenantID(tenant) }!
    }

    /// Sends one request below `/admin/v1` through the whole door, and keeps the exchange.
    func ask(
        _ method: HTTPRequest.Method, _ path: String, as visitor: AdminVisitor? = nil, token: String? = nil,
        _ headers: HTTPFields = [:], body: JSON? = nil, from peer: String = "192.0.2.1"
    ) async throws -> AdminReply {
        var headers = headers
        if let token = token ?? visitor?.token { headers[.authorization] = "Bearer \(token)" }
        if body != nil { headers[.contentType] = "application/json" }
        let text = body.map { String(decoding: $0.encoded(), as: UTF8.self) }
        let target = "\(AdminAPI.prefix)/v1\(path)"
        let answer = try await door.ask(
            method, target, host: "books.test", headers, body: text, from: peer)
        exchanges.add(method, target, headers, text ?? "", answer)
        return AdminReply(answer)
    }

    /// Every row that the admin API may change, as one text.
    func rows() async throws -> String { try await tables("%@") }

    /// The same, as short as a test needs that only asks whether anything has changed.
    func marks() async throws -> String { try await tables("md5(%@)") }

    private func tables(_ form: String) async throws -> String {
        let text = form.replacing("%@", with: "coalesce(string_agg(t::text, '|' ORDER BY t::text), '')")
        return try await database.owner.run { connection in
            try [
                "staff", "admin_keys", "audit_log", "idempotency_keys", "customers", "customer_users",
                "customer_recovery_codes", "api_keys", "accounts",
                "transfers", "journal_entries", "payments", "payment_reversals", "pending_orders",
                "orders", "subscriptions",
                "outbox_events", "job_runs",
                "tenants", "hosts", "networks", "gateways", "plans", "plan_versions", "coupons",
            ].map { table in
                let result = try connection.query(
                    Statement(unsafeRaw: "SELECT \(text) FROM \(table) t"))
                return try result[0].get(0, as: String.self)
            }.joined(separator: "\n")
        }
    }

    /// The newest record of a tenant's log, or of the platform's.
    func lastRecord(of owner: Int64 = 0) async throws -> AuditRecord? {
        let owner = TenantID(owner)
        return try await admin.pool.read(
            tenant: owner, AuditStore.records(owner, AuditFilter(), limit: 1), AuditStore.records
        ).first
    }
}

/// An answer of the admin API.
struct AdminReply: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: String

    init(_ answer: SeenAnswer) {
        (status, headers, body) = (answer.status, answer.headers, answer.body)
    }

    var json: JSON { (try? JSON.parse(body.utf8)) ?? .null }
    var code: String? { json["error"]?["code"]?.stringValue }
    var field: String? { json["error"]?["field"]?.stringValue }
    /// Status and code of a problem, in one.
    var outcome: String { code.map { "\(status) \($0)" } ?? "\(status)" }
}

/// What was asked and answered, to be held against the OpenAPI document.
final class Exchanges: Sendable {
    private let files = Mutex<[(request: String, response: String)]>([])

    func add(
        _ method: HTTPRequest.Method, _ target: String, _ headers: HTTPFields, _ body: String,
        _ answer: SeenAnswer
    ) {
        func lines(_ headers: HTTPFields) -> String {
            headers.map { "\($0.name.canonicalName): \($0.value)\n" }.joined()
        }
        let request = "\(method.rawValue) \(target) HTTP/1.1\n\(lines(headers))\n\(body)\n"
        let response = "HTTP/1.1 \(answer.status) Status\n\(lines(answer.headers))\n\(answer.body)\n"
        files.withLock { $0.append((request, response)) }
    }

    /// Writes them as Tests/python/conformance.py reads them.
    func write(to folder: String) throws -> Int {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let files = files.withLock { $0 }
        for (number, file) in files.enumerated() {
            try file.request.write(
                toFile: "\(folder)/\(number).request.http", atomically: false, encoding: .utf8)
            try file.response.write(
                toFile: "\(folder)/\(number).response.http", atomically: false, encoding: .utf8)
        }
        return files.count
    }
}
