/// When the next attempt to connect is due: soon at first, then rarer, with jitter so that processes spread
/// out.
public struct ReconnectBackoff {
    static let firstMilliseconds = 20
    static let longestMilliseconds = 1_000

    public private(set) var failures = 0

    public init() {}

    /// Notes a failed attempt and answers how long to wait; `unit` is random in 0..<1.
    public mutating func failed(unit: Double) -> Int {
        let doublings = min(failures, 10)
        failures += 1
        let ceiling = min(Self.firstMilliseconds << doublings, Self.longestMilliseconds)
        // At least half of it, or a lucky draw would hammer a server that is starting up.
        return ceiling / 2 + Int(Double(ceiling / 2) * unit)
    }

    public mutating func succeeded() {
        failures = 0
    }
}
