public import Catalog
internal import HTTPTypes
public import Logging
public import Primitives

/// The single-endpoint dialect: `/api/proxy` with ten operations, rotate links and its own OpenAPI document.
///
/// Order of refusals (contracts/gate.md G5): credentials, rate, JSON, object, op, fields, right, existence, state,
/// coupon, stock, balance.
public struct Gate: Dialect {
    public static let name = DialectName(rawValue: "gate")

    /// `rk_` and 40 characters; keys of 32 to 64 are accepted. The sandbox's begin with `rk_test_`.
    public static let keyForm = KeyForm(
        prefix: "rk_", testPrefix: "rk_test_", lengths: 32...64, accepted: .urlSafe, madeLength: 40,
        made: .lowerAlphanumeric)

    public var name: DialectName { Self.name }
    public let routes = Gate.routeTable
    public let documentPath: String? = "/openapi.json"

    let admission: Admission
    let catalogues: CatalogueCache
    let holdings: Holdings
    let changes: ConnectionChanges
    let desk: OrderDesk
    let rotateLinks: RotateLinks
    let settings: Settings
    let logger: Logger

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

    /// - Parameter installationKeys: 32 bytes each, the newest first; rotate links are made with it and read with all.
    public init(
        admission: Admission, catalogues: CatalogueCache, holdings: Holdings, changes: ConnectionChanges,
        desk: OrderDesk, installationKeys: [[UInt8]], settings: Settings = Settings(), logger: Logger
    ) {
        self.admission = admission
        self.catalogues = catalogues
        self.holdings = holdings
        self.changes = changes
        self.desk = desk
        rotateLinks = RotateLinks(installationKeys: installationKeys)
        self.settings = settings
        self.logger = logger
    }

    public func problem(_ problem: DoorProblem, for request: DialectRequest) -> DialectResponse {
        Problem(problem).response
    }
}
