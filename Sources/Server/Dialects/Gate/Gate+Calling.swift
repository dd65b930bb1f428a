internal import HTTPTypes

extension Gate {
    /// An `x-api-key` that is sent is the credential, good or not; only without one is a bearer token looked at.
    func credential(_ request: DialectRequest) -> PresentedCredential? {
        if let key = request.headers[.apiKey] { return .apiKey(key, Gate.keyForm) }
        return request.headers.bearerToken.map(PresentedCredential.session)
    }

    /// One bucket for all that a caller asks.
    func buckets(of principal: Principal) -> [RateLimitBucket] {
        RateLimitRules(general: [RateLimitBucket("gate", settings.rateLimit)])
            .buckets(ownLimit: principal.rateLimit)
    }
}

extension Gate.Problem {
    init(_ verdict: RateLimitVerdict) {
        self = .rateLimited(retryAfter: verdict.retryAfterSeconds)
    }
}

extension HTTPField.Name {
    static let apiKey = Self("x-api-key")!
    static let idempotencyHit = Self("Idempotency-Hit")!
}
