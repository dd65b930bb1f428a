public import Primitives

/// Makes one gateway agree with its desired state.
///
/// Every call may be repeated: a change that the gateway has already made is a success, and nothing else happens.
public protocol GatewayDriver: Sendable {
    /// What the gateway can do without a reload.
    var capabilities: GatewayCapabilities { get }
    /// Renders desired state; pure, and the same state always renders to the same bytes.
    func render(_ state: DesiredState) -> GatewayArtifacts
    /// Makes a change true. Throws `GatewayProblem`; `outOfStep` where the change starts beyond what the gateway has.
    func apply(_ change: DesiredChange) async throws -> ApplyReport
    /// Looks at what the gateway has.
    func observe() async throws -> GatewayObservation
    /// Reads what was used since a cursor; `nil` from the beginning.
    func usage(since cursor: UsageCursor?) async throws -> UsageReport
    /// Changes a slot's exit.
    func rotate(_ slot: SlotID) async throws
    /// Cuts the connections that are still open on slots.
    func closeConnections(_ slots: [SlotID]) async throws
}

extension GatewayDriver {
    public func render(_ state: DesiredState) -> GatewayArtifacts { state.plainArtifacts }
}

/// Finds the driver of a gateway.
public protocol GatewayFleet: Sendable {
    /// The driver; `nil` where this process drives no such gateway, which is then left to a node agent.
    func driver(of gateway: GatewayRecord) -> (any GatewayDriver)?
}

/// What a gateway can do without a reload (gateways.md §3.2).
public struct GatewayCapabilities: Sendable, Hashable {
    public enum ThreadLimit: Sendable, Hashable { case hard, reactive, none }

    public var protocols: Set<String>
    public var addsPortsLive: Bool
    public var changesCredentialsLive: Bool
    public var blocksLive: Bool
    public var rotatesLive: Bool
    public var threadLimit: ThreadLimit
    public var limitsBandwidth: Bool
    public var keepsConnectionsOnCredentialChange: Bool

    public init(
        protocols: Set<String>, addsPortsLive: Bool, changesCredentialsLive: Bool, blocksLive: Bool,
        rotatesLive: Bool, threadLimit: ThreadLimit, limitsBandwidth: Bool,
        keepsConnectionsOnCredentialChange: Bool
    ) {
        self.protocols = protocols
        self.addsPortsLive = addsPortsLive
        self.changesCredentialsLive = changesCredentialsLive
        self.blocksLive = blocksLive
        self.rotatesLive = rotatesLive
        self.threadLimit = threadLimit
        self.limitsBandwidth = limitsBandwidth
        self.keepsConnectionsOnCredentialChange = keepsConnectionsOnCredentialChange
    }
}

/// Why a gateway did not do what it was asked.
public enum GatewayProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// It looked at the request and said no.
    case refused(String)
    /// It did not answer, so nobody knows what it did.
    case unreachable(String)
    /// It has another version than the change starts from.
    case outOfStep(has: Int64)

    public var description: String {
        switch self {
        case .refused(let reason): "refused: \(reason)"
        case .unreachable(let reason): "unreachable: \(reason)"
        case .outOfStep(let version): "has version \(version)"
        }
    }
}

/// What became of a change.
public struct ApplyReport: Sendable, Hashable {
    /// The version that the gateway has now.
    public var version: Int64
    /// How many slots changed.
    public var slotsChanged: Int
    /// How many parts of the gateway had to be reloaded.
    public var reloads: Int

    public init(version: Int64, slotsChanged: Int, reloads: Int = 0) {
        self.version = version
        self.slotsChanged = slotsChanged
        self.reloads = reloads
    }
}

/// What a gateway has at the moment.
public struct GatewayObservation: Sendable, Hashable {
    public var version: Int64
    /// What is wrong with it in words; `nil` when it is well.
    public var problem: String?

    public init(version: Int64, problem: String? = nil) {
        self.version = version
        self.problem = problem
    }
}
