public import HTTPTypes

extension HTTPFields {
    /// What a verdict tells the caller; the reset is whole seconds since 1970, rounded up.
    public init(_ verdict: RateLimitVerdict) {
        self.init()
        self[.rateLimitLimit] = String(verdict.limit)
        self[.rateLimitRemaining] = String(verdict.remaining)
        self[.rateLimitReset] = String((verdict.resetsAtMilliseconds + 999) / 1_000)
    }
}

extension HTTPField.Name {
    public static let rateLimitLimit = Self("X-RateLimit-Limit")!
    public static let rateLimitRemaining = Self("X-RateLimit-Remaining")!
    public static let rateLimitReset = Self("X-RateLimit-Reset")!
}
