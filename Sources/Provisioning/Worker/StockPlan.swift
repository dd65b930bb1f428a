internal import Primitives

/// Which ports a gateway offers one by one.
struct StockPlan: Hashable, Sendable {
    /// `nil`: the gateway lends no single ports.
    var ports: ClosedRange<Int32>?
    /// Ports within the range that the gateway needs for its shared protocols.
    var reserved: [Int32]
    var isActive: Bool

    init(_ gateway: GatewayRecord) {
        ports = gateway.ports
        let shared = [gateway.shape.vlessPort, gateway.shape.shadowsocksPort].compactMap { $0 }
        reserved = shared.filter { gateway.ports?.contains($0) ?? false }.sorted()
        isActive = gateway.isActive
    }
}
