/// When the next attempt to connect is due: soon at first, then rarer, with jitter so that processes spread
/// out.
struct ReconnectBackoff {
    static let firstMilliseconds = 20
    static let longestMilliseconds = 1_000

    private(set) var failures = 0

    /// Notes a failed attempt and answers how long to wait; `unit` is random in 0..<1.
    mutating func failed(unit: Double) -> Int {
        let doublings = min(failures, 10)
        failures += 1
        let ceiling = min(Self.firstMilliseconds << doublings, Self.longestMilliseconds)
        // At least half of it, or a lucky draw would hammer a server that is starting up.
        return ceiling / 2 + Int(Double(ceiling / 2) * unit)
    }

    mutating func succeeded() {
        failures = 0
    }
}
