public import Primitives
internal import Synchronization

/// A gateway that exists only in memory: the driver of sandboxes and tests, and the gateway itself.
public final class SimulatedDriver: GatewayDriver {
    /// How the gateway behaves when it is asked for something.
    public enum Mood: Sendable, Hashable {
        case willing
        /// Answers every request with a refusal.
        case refusing(String)
        /// Never answers; a caller has to give up by itself.
        case stalling
        /// Does what it is asked and dies before it can say so.
        case dyingAfterwards
        /// Does not answer and serves nobody.
        case dead
    }

    private let state: Mutex<SimulatedGateway>

    public init(gateway: GatewayID) {
        state = Mutex(SimulatedGateway(gateway: gateway))
    }

    public let capabilities = GatewayCapabilities(
        protocols: ["http", "socks5", "vless", "shadowsocks"], addsPortsLive: true,
        changesCredentialsLive: true,
        blocksLive: true, rotatesLive: true, threadLimit: .hard, limitsBandwidth: false,
        keepsConnectionsOnCredentialChange: false
    )

    public func apply(_ change: DesiredChange) async throws -> ApplyReport {
        try await asked { try $0.apply(change) }
    }

    public func observe() async throws -> GatewayObservation {
        try await asked { GatewayObservation(version: $0.desired?.version ?? 0) }
    }

    public func usage(since cursor: UsageCursor?) async throws -> UsageReport {
        try await asked { $0.usage(since: cursor) }
    }

    public func rotate(_ slot: SlotID) async throws {
        try await asked { $0.exits[slot, default: 0] += 1 }
    }

    public func closeConnections(_ slots: [SlotID]) async throws {
        try await asked { gateway in
            for slot in slots { gateway.connections[slot] = nil }
        }
    }

    /// Answers as the mood commands; a stall ends only when the caller is cancelled.
    private func asked<T: Sendable>(_ body: (inout SimulatedGateway) throws -> sending T) async throws -> T {
        switch state.withLock({ $0.mood }) {
        case .willing: return try state.withLock { try body(&$0) }
        case .refusing(let reason): throw GatewayProblem.refused(reason)
        case .dead: throw GatewayProblem.unreachable("it is dead")
        case .dyingAfterwards:
            _ = try state.withLock { gateway in
                gateway.mood = .dead
                return try body(&gateway)
            }
            throw GatewayProblem.unreachable("it died")
        case .stalling:
            while true { try await Task.sleep(for: .seconds(3600)) }
        }
    }
}

extension SimulatedDriver {
    public var mood: Mood {
        get { state.withLock { $0.mood } }
        set { state.withLock { $0.mood = newValue } }
    }

    /// Comes back without any memory of its desired state, as a machine that was replaced does.
    public func restart() {
        state.withLock { $0 = SimulatedGateway(gateway: $0.gateway, boot: $0.boot + 1) }
    }

    /// Whether a customer who connects to this port with these credentials is let through.
    public func accepts(port: Int32, username: String, password: String, at now: Instant) -> Bool {
        state.withLock { gateway in
            gateway.open(port: port, at: now).map {
                $0.username == username && $0.secret.password == password
            } ?? false
        }
    }

    /// Whether somebody who connects to this port from this address, without credentials, is let through.
    public func accepts(port: Int32, from source: SourceAddress, at now: Instant) -> Bool {
        state.withLock { gateway in
            gateway.open(port: port, at: now)?.allowedSources.contains(source) ?? false
        }
    }

    /// Whether a customer who connects to the shared VLESS port with this UUID is let through.
    public func accepts(vlessUUID: String, at now: Instant) -> Bool {
        state.withLock { gateway in
            gateway.mood != .dead
                && gateway.slots.contains { $0.secret.vlessUUID == vlessUUID && $0.isOpen(at: now) }
        }
    }

    /// Which exit a slot leaves from; grows with every rotation, and with every connection where each has its own.
    public func exit(of slot: SlotID) -> Int {
        state.withLock { $0.exits[slot, default: 0] }
    }

    /// What the gateway has been told, as it stands.
    public var desired: DesiredState? { state.withLock { $0.desired } }

    /// How many changes the gateway has taken in since it started.
    public var changesApplied: Int { state.withLock { $0.changesApplied } }

    /// How many connections are open that nobody has cut.
    public var openConnections: Int { state.withLock { $0.connections.values.reduce(0, +) } }

    /// Pretends that a customer opened a connection on an open port, and used it; false where the gateway would not have
    /// let them, because the port is shut or has all the connections it may have.
    public func use(port: Int32, bytesUp: Int64, bytesDown: Int64, at now: Instant) -> Bool {
        state.withLock { $0.use(port: port, bytesUp: bytesUp, bytesDown: bytesDown, at: now) }
    }
}
