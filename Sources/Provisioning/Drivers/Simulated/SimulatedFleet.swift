public import Primitives
internal import Synchronization

/// One simulated gateway for every gateway whose driver is `simulated`, made when it is first asked for.
public final class SimulatedFleet: GatewayFleet {
    private let drivers = Mutex<[GatewayKey: SimulatedDriver]>([:])

    public init() {}

    public func driver(of gateway: GatewayRecord) -> (any GatewayDriver)? {
        gateway.driver == "simulated" ? simulated(tenant: gateway.tenant, gateway: gateway.id) : nil
    }

    /// The simulated gateway itself.
    public func simulated(tenant: TenantID, gateway: GatewayID) -> SimulatedDriver {
        drivers.withLock { drivers in
            let key = GatewayKey(tenant, gateway)
            if let driver = drivers[key] { return driver }
            let driver = SimulatedDriver(gateway: gateway)
            drivers[key] = driver
            return driver
        }
    }
}
