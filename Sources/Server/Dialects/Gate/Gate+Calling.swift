internal import HTTPTypes
public import Primitives

extension Gate {
    /// An `x-api-key` that is sent is the credential, good or not; only without one is a bearer token looked at.
    func credential(_ request: DialectRequest) -> PresentedCredential? {
        if let key = request.headers[.apiKey] { return .apiKey(key, Gate.keyForm) }
        return request.headers.bearerToken.map(PresentedCredential.session)
    }

    public func isForSandbox(_ request: DialectRequest, _ sandbox: TenantID) -> Bool {
        // Nobody signs in where a rotate link is asked for: the link itself tells whose it is.
        if request.path.hasPrefix("/r/") {
            return rotateLinks.subscription(in: request.path.dropFirst(3), of: sandbox) != nil
        }
        return request.headers[.apiKey].map { Gate.keyForm.accepts($0, for: .test) } ?? false
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
