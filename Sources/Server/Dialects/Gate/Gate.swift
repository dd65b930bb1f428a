public import Billing
public import Catalog
internal import HTTPTypes
public import Logging
public import Primitives
public import Provisioning

/// The single-endpoint dialect: `/api/proxy` with ten operations, rotate links and its own OpenAPI document.
///
/// Order of refusals (contracts/gate.md G5): credentials, rate, JSON, object, op, fields, right, existence, state,
/// coupon, stock, balance.
public struct Gate: Dialect {
    public static let name = DialectName(rawValue: "gate")

    /// `rk_` and 40 characters; keys of 32 to 64 are accepted.
    public static let keyForm = KeyForm(
        prefix: "rk_", lengths: 32...64, accepted: .urlSafe, madeLength: 40, made: .lowerAlphanumeric)

    public var name: DialectName { Self.name }
    public let routes = Gate.routeTable

    let authenticator: APIKeyAuthenticator
    let sessions: Sessions
    let limiter: SlidingWindowLimiter
    let catalogues: CatalogueCache
    let holdings: Holdings
    let changes: ConnectionChanges
    let engine: Engine
    let answers: RememberedAnswers
    let credentialSeal: CredentialSeal
    let ids: any IdentifierSource
    let rotateLinks: RotateLinks
    let settings: Settings
    let logger: Logger
    let onSlotsChanged: @Sendable () -> Void

    /// What an operator may set.
    public struct Settings: Sendable {
        /// For keys that carry no limit of their own, and for sessions.
        public var rateLimit = RateLimit.sliding(limit: 120, window: 60_000)
        /// The least time between two rotations of one subscription through its link.
        public var rotateIntervalMilliseconds: Int64 = 30_000
        /// How often one rotate link may be asked at all.
        public var rotateLinkLimit = RateLimit.sliding(limit: 30, window: 60_000)

        public init() {}
    }

    /// - Parameters:
    ///   - seal: seals remembered answers and opens slots' credentials.
    ///   - installationKeys: 32 bytes each, the newest first; rotate links are made with it and read with all.
    ///   - onSlotsChanged: called after every order that gives the workers something to do.
    public init(
        authenticator: APIKeyAuthenticator, sessions: Sessions, limiter: SlidingWindowLimiter,
        catalogues: CatalogueCache, holdings: Holdings, changes: ConnectionChanges, engine: Engine,
        seal: Seal,
        ids: any IdentifierSource, installationKeys: [[UInt8]], settings: Settings = Settings(),
        logger: Logger, onSlotsChanged: @escaping @Sendable () -> Void = {}
    ) {
        self.authenticator = authenticator
        self.sessions = sessions
        self.limiter = limiter
        self.catalogues = catalogues
        self.holdings = holdings
        self.changes = changes
        self.engine = engine
        answers = RememberedAnswers(seal)
        credentialSeal = CredentialSeal(seal)
        self.ids = ids
        rotateLinks = RotateLinks(installationKeys: installationKeys)
        self.settings = settings
        self.logger = logger
        self.onSlotsChanged = onSlotsChanged
    }

    public func problem(_ problem: DoorProblem, for request: DialectRequest) -> DialectResponse {
        Problem(problem).response
    }
}
