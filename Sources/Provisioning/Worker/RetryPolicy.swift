/// How long something that failed is left alone before it is tried again.
public struct RetryPolicy: Sendable, Hashable {
    public let firstMilliseconds: Int64
    public let longestMilliseconds: Int64

    /// One second, doubled by every failure in a row, at most one minute.
    public static let standard = RetryPolicy(firstMilliseconds: 1_000, longestMilliseconds: 60_000)

    public init(firstMilliseconds: Int64, longestMilliseconds: Int64) {
        precondition(
            0 <= firstMilliseconds && firstMilliseconds <= longestMilliseconds,
            "the first wait is the shortest")
        self.firstMilliseconds = firstMilliseconds
        self.longestMilliseconds = longestMilliseconds
    }

    /// The wait after this many failures in a row, in ms; none after none.
    public func wait(afterFailures failures: Int) -> Int64 {
        guard failures > 0 else { return 0 }
        var wait = firstMilliseconds
        for _ in 1..<failures {
            guard wait <= longestMilliseconds / 2 else { return longestMilliseconds }
            wait *= 2
        }
        return wait
    }
}
