/// How many requests are let through in any span of a given length.
public enum RateLimit: Sendable, Hashable {
    case off
    /// At most `limit` requests in any `window` milliseconds.
    case sliding(limit: Int, window: Int64)

    /// Reads `120/1m` (a count, a slash, a whole number of `s`, `m`, `h` or `d`) or `off`; `nil` for anything
    /// else.
    public init?(_ text: some StringProtocol) {
        if text == "off" {
            self = .off
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let limit = Self.count(parts[0]),
            let unit = Self.milliseconds(in: parts[1].last),
            let count = Self.count(parts[1].dropLast())
        else { return nil }
        let (window, overflow) = Int64(count).multipliedReportingOverflow(by: unit)
        guard !overflow, window <= Self.windowMax else { return nil }
        self = .sliding(limit: limit, window: window)
    }

    /// The longest span, in milliseconds: 31 days.
    public static let windowMax: Int64 = 31 * 86_400_000

    private static func count(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int(text), value > 0
        else { return nil }
        return value
    }

    private static func milliseconds(in unit: Character?) -> Int64? {
        switch unit {
        case "s": 1_000
        case "m": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        default: nil
        }
    }
}

/// What a limiter said of one request, with what the answer's headers show.
public struct RateLimitVerdict: Sendable, Hashable {
    public let isAllowed: Bool
    /// The tightest limit that was asked: the one with the least left.
    public let limit: Int
    /// What is left of it after this request.
    public let remaining: Int
    /// When all of it is there again, if nothing more is asked; milliseconds since 1970.
    public let resetsAtMilliseconds: Int64
    /// Whole seconds, at least one, after which a refused request would have been let through; 0 for an
    /// allowed one.
    public let retryAfterSeconds: Int

    public init(
        isAllowed: Bool, limit: Int, remaining: Int, resetsAtMilliseconds: Int64, retryAfterSeconds: Int
    ) {
        self.isAllowed = isAllowed
        self.limit = limit
        self.remaining = remaining
        self.resetsAtMilliseconds = resetsAtMilliseconds
        self.retryAfterSeconds = retryAfterSeconds
    }
}
