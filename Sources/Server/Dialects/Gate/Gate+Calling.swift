internal import HTTPTypes
internal import Primitives

extension Gate {
    /// Who is calling, and what the answer's headers say about how often they may.
    struct Caller: Sendable {
        var principal: Principal
        var rateHeaders: HTTPFields
    }

    /// Authenticates and counts the request.
    ///
    /// An `x-api-key` that is sent is the credential, good or not; only without one is a bearer token looked at.
    func caller(_ request: DialectRequest) async throws -> Caller {
        guard let principal = try await principal(request) else { throw Problem.unauthorized }
        let limit = principal.rateLimit ?? settings.rateLimit
        let verdict = limiter.take(
            .principal(principal.tenant, principal.id), [RateLimitBucket("gate", limit)],
            at: request.receivedAt)
        guard let verdict else { return Caller(principal: principal, rateHeaders: [:]) }
        let headers = HTTPFields(verdict)
        guard verdict.isAllowed else {
            throw Limited(problem: .rateLimited(retryAfter: verdict.retryAfterSeconds), headers: headers)
        }
        return Caller(principal: principal, rateHeaders: headers)
    }

    private func principal(_ request: DialectRequest) async throws -> Principal? {
        let (tenant, dialect) = (request.mount.tenant, request.mount.dialect)
        if let key = request.headers[.apiKey] {
            guard Gate.keyForm.accepts(key) else { return nil }
            return try await authenticator.principal(
                for: key, tenant: tenant, dialect: dialect, from: request.remoteAddress)
        }
        guard let token = bearerToken(request.headers) else { return nil }
        return try await sessions.principal(for: token, tenant: tenant, dialect: dialect)
    }

    private func bearerToken(_ headers: HTTPFields) -> String? {
        guard let value = headers[.authorization] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}

/// A refusal for having asked too often, with the headers that say when to come back.
struct Limited: Error {
    var problem: Gate.Problem
    var headers: HTTPFields
}

extension HTTPFields {
    /// The reset is whole seconds since 1970, rounded up.
    init(_ verdict: RateLimitVerdict) {
        self.init()
        self[.rateLimitLimit] = String(verdict.limit)
        self[.rateLimitRemaining] = String(verdict.remaining)
        self[.rateLimitReset] = String((verdict.resetsAtMilliseconds + 999) / 1_000)
    }
}

extension HTTPField.Name {
    static let apiKey = Self("x-api-key")!
    static let rateLimitLimit = Self("X-RateLimit-Limit")!
    static let rateLimitRemaining = Self("X-RateLimit-Remaining")!
    static let rateLimitReset = Self("X-RateLimit-Reset")!
    static let idempotencyHit = Self("Idempotency-Hit")!
}
