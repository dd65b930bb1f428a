public import Catalog
internal import HTTPTypes
public import Logging
internal import Primitives

/// The rotating-proxy dialect: `/api/v1` with accounts, plans, services, logs and its own OpenAPI document.
///
/// Order of refusals (contracts/opproxy.md O3, O14): path, credentials, method, rate, id, ownership, type of service,
/// body, state, stock, balance. A purchase has no id: its body comes first.
public struct OPProxy: Dialect {
    public static let name = DialectName(rawValue: "opproxy")

    /// `opx_live_` and 32 hex digits (vendor, "Authentication"); the sandbox's begin with `opx_test_`.
    public static let keyForm = KeyForm(
        prefix: "opx_live_", testPrefix: "opx_test_", lengths: 32...32, accepted: .hex, madeLength: 32,
        made: .hex)

    public var name: DialectName { Self.name }
    public let routes = OPProxy.routeTable
    public let documentPath: String? = "/api/v1/openapi.json"

    let admission: Admission
    let catalogues: CatalogueCache
    let holdings: Holdings
    let changes: ConnectionChanges
    let desk: OrderDesk
    let answered: AnsweredRequests
    let history: RequestHistory
    let settings: Settings
    let logger: Logger

    /// What an operator may set: the vendor's limits (vendor, "Rate limits").
    public struct Settings: Sendable {
        public var perMinute = RateLimit.sliding(limit: 300, window: 60_000)
        public var perHour = RateLimit.sliding(limit: 5_000, window: 3_600_000)
        public var purchases = RateLimit.sliding(limit: 60, window: 3_600_000)
        public var credentialChanges = RateLimit.sliding(limit: 30, window: 3_600_000)

        public init() {}
    }

    public init(
        admission: Admission, catalogues: CatalogueCache, holdings: Holdings, changes: ConnectionChanges,
        desk: OrderDesk, answered: AnsweredRequests, history: RequestHistory, settings: Settings = Settings(),
        logger: Logger
    ) {
        self.admission = admission
        self.catalogues = catalogues
        self.holdings = holdings
        self.changes = changes
        self.desk = desk
        self.answered = answered
        self.history = history
        self.settings = settings
        self.logger = logger
    }

    public func problem(_ problem: DoorProblem, for request: DialectRequest) -> DialectResponse {
        Problem(problem).response
    }
}
