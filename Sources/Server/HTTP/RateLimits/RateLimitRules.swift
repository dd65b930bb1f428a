/// The limits that a request falls under: its dialect's general ones, and those of what it asks for.
public struct RateLimitRules: Sendable, Hashable {
    public let general: [RateLimitBucket]
    /// Of operations that are bounded for a reason of their own: purchases, new credentials.
    public let specific: [RateLimitBucket]

    public init(general: [RateLimitBucket], specific: [RateLimitBucket] = []) {
        self.general = general
        self.specific = specific
    }

    /// What is counted for a key, whose own limit stands in place of the general ones; `off` lifts all.
    public func buckets(ownLimit: RateLimit?) -> [RateLimitBucket] {
        guard let ownLimit else { return general + specific }
        switch ownLimit {
        case .off: return []
        case .sliding: return [RateLimitBucket("own", ownLimit)] + specific
        }
    }
}
