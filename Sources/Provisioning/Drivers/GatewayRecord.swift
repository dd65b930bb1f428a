public import Primitives

/// A gateway as the catalogue describes it, with what is known about its state.
public struct GatewayRecord: Sendable, Hashable {
    public var tenant: TenantID
    public var id: GatewayID
    public var name: String
    public var network: NetworkID
    public var shape: GatewayShape
    /// The ports lent one by one; `nil` for a gateway whose one port many customers share.
    public var ports: ClosedRange<Int32>?
    /// `simulated`, `sing-box` or `envoy`.
    public var driver: String
    public var isActive: Bool
    public var desiredVersion: Int64
    /// What was last recorded as made true; `nil` before the first time.
    public var appliedVersion: Int64?
    public var isHealthy: Bool
    public var problem: String?
    /// When somebody last wrote down what became of it, by the real clock; `nil`: nobody ever has.
    public var observedAt: Instant?

    public init(
        tenant: TenantID, id: GatewayID, name: String, network: NetworkID, shape: GatewayShape,
        ports: ClosedRange<Int32>?, driver: String, isActive: Bool, desiredVersion: Int64,
        appliedVersion: Int64? = nil, isHealthy: Bool = true, problem: String? = nil,
        observedAt: Instant? = nil
    ) {
        self.tenant = tenant
        self.id = id
        self.name = name
        self.network = network
        self.shape = shape
        self.ports = ports
        self.driver = driver
        self.isActive = isActive
        self.desiredVersion = desiredVersion
        self.appliedVersion = appliedVersion
        self.isHealthy = isHealthy
        self.problem = problem
        self.observedAt = observedAt
    }
}
