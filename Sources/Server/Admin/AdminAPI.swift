internal import Catalog
internal import Foundation
internal import HTTPTypes
internal import Logging
internal import Postgres
internal import Primitives
internal import Provisioning

/// What the people and machines of the platform and its tenants do with the books: `/admin/v1`, on hosts that are no
/// tenant's.
///
/// Order of refusals: path, credential, rate, tenant, role, body, state. Every change is one transaction with its record
/// in the audit log.
struct AdminAPI: Dialect {
    static let name = DialectName(rawValue: "admin")
    /// Where it is mounted, on every host that is no tenant's.
    static let prefix = "/admin"

    var name: DialectName { Self.name }
    var routes: RouteTable { Self.routeTable }
    var documentPath: String? { "/v1/openapi.json" }

    /// Connections of the role `tollgate_admin`.
    let pool: PostgresPool
    /// Connections of the doors' role, which know the tenants' clocks: for what is only looked up.
    let reading: PostgresPool
    let jobs: JobDesk
    let clock: any WallClock
    let ids: any IdentifierSource
    let random: any RandomSource
    let hasher: any SecretHasher
    let sessions: StaffSessions
    let factors: StaffFactors
    let signIn: StaffSignIn
    let limiter: SlidingWindowLimiter
    let strangers: Strangers
    let changes: AdminChanges
    let exports: Exports
    let exportPlaces: ExportPlaces
    let catalogueDesk: CatalogueDesk
    let payments: @Sendable () -> PaymentDesk
    /// What is lent with an order whose money has come.
    let stock: SlotStock
    let logger: Logger
    var requests = RateLimit.sliding(limit: 600, window: 60_000)

    /// - Parameters:
    ///   - pool: connections of the role `tollgate_admin`.
    ///   - reading: connections of the doors' role, which know the tenants' clocks.
    ///   - exports: connections of the doors' role that downloads may hold; no more at once than it has.
    ///   - selling: connections of the role `tollgate_catalogue`.
    ///   - payments: made for each request: its connections are the engine's and the doors'.
    ///   - installationKeys: what sessions are signed and fingerprints are made with.
    init(
        pool: PostgresPool, reading: PostgresPool, exports: PostgresPool, selling: PostgresPool,
        jobs: JobDesk, payments: @escaping @Sendable () -> PaymentDesk, clock: any WallClock,
        ids: any IdentifierSource, random: any RandomSource,
        hasher: any SecretHasher, limiter: SlidingWindowLimiter, strangers: Strangers, seal: Seal,
        installationKeys: InstallationKeys, limits: SignInLimits = SignInLimits(),
        proofs: ProofLimits = ProofLimits(), logger: Logger
    ) {
        self.pool = pool
        self.reading = reading
        self.jobs = jobs
        self.payments = payments
        stock = SlotStock(seal: CredentialSeal(seal))
        self.clock = clock
        self.ids = ids
        self.random = random
        self.hasher = hasher
        self.limiter = limiter
        self.strangers = strangers
        self.logger = logger
        self.exports = Exports(pool: exports)
        exportPlaces = ExportPlaces(limit: Exports.connections)
        sessions = StaffSessions(pool: pool, clock: clock, random: random, installationKeys: installationKeys)
        factors = StaffFactors(pool: pool, secrets: AuthenticatorSecrets(seal: seal), random: random)
        signIn = StaffSignIn(
            pool: pool, hasher: hasher, sessions: sessions, factors: factors, limiter: limiter, clock: clock,
            limits: limits, proofs: proofs)
        changes = AdminChanges(
            changes: IdempotentConnectionChange(pool: pool, answers: RememberedAnswers(seal), ids: ids),
            installationKeys: installationKeys)
        catalogueDesk = CatalogueDesk(
            reading: reading,
            changes: AdminChanges(
                changes: IdempotentConnectionChange(
                    pool: selling, answers: RememberedAnswers(seal), ids: ids),
                installationKeys: installationKeys),
            random: random)
    }

    /// Every operation, in the order of the document: the one table of who may do what.
    static let endpoints: [AdminEndpoint] =
        sessionEndpoints + tenantEndpoints + peopleEndpoints + keyEndpoints + auditEndpoints
        + customerEndpoints + balanceEndpoints + customerPeopleEndpoints + customerKeyEndpoints
        + orderEndpoints
        + pendingOrderEndpoints + subscriptionEndpoints + paymentEndpoints + gatewayEndpoints
        + reportEndpoints + jobEndpoints
        + exportEndpoints
        + catalogueEndpoints

    static let endpointsByName: [String: AdminEndpoint] = Dictionary(
        uniqueKeysWithValues: endpoints.map { ($0.name, $0) })

    static let routeTable = RouteTable(endpoints.map { Route($0.method, $0.pattern, $0.name) })

    func bodyMax(_ method: HTTPRequest.Method, _ path: String) -> Int? {
        guard case .found(let match) = Self.routeTable.match(method, path) else { return nil }
        return Self.endpointsByName[match.name]?.bodyMax
    }

    func problem(_ problem: DoorProblem, for request: DialectRequest) -> DialectResponse {
        AdminProblem(problem).response(requestID: request.id)
    }
}
