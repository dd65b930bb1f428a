/// A percentage as whole hundredths of a percent, 0…10 000.
public struct BasisPoints: Sendable, Hashable, Comparable {
    public let value: Int32

    public init?(_ value: Int32) {
        guard (0...10_000).contains(value) else { return nil }
        self.value = value
    }

    /// Reads `20`, `12.5` or `0.01` percent; `nil` for more than two decimals or past 100.
    public init?(percent: some StringProtocol) {
        guard let hundredth = Currency("USD"), let amount = Money(decimal: percent, currency: hundredth),
            let value = Int32(exactly: amount.minor)
        else { return nil }
        self.init(value)
    }

    public static func < (left: BasisPoints, right: BasisPoints) -> Bool { left.value < right.value }
}
