public import HTTPTypes
internal import Primitives

/// Whom a door lets in: tells whose a request is and whether they may ask again already, the same way in every dialect.
public struct Admission: Sendable {
    let keys: APIKeyAuthenticator
    let sessions: Sessions
    /// For what a dialect counts besides its callers too.
    let limiter: SlidingWindowLimiter

    public init(keys: APIKeyAuthenticator, sessions: Sessions, limiter: SlidingWindowLimiter) {
        self.keys = keys
        self.sessions = sessions
        self.limiter = limiter
    }

    /// Answers for whoever is let in; how often they may ask is in the headers of every answer, refusals included.
    ///
    /// - Parameters:
    ///   - credential: what the request shows of itself, `nil` where it shows nothing.
    ///   - buckets: the limits that a principal's request falls under, as of `RateLimitRules`.
    public func answer(
        _ request: DialectRequest, showing credential: PresentedCredential?,
        under buckets: (Principal) -> [RateLimitBucket], _ answer: (Caller) async -> DialectResponse,
        refusing: (AdmissionProblem) -> DialectResponse
    ) async -> DialectResponse {
        do throws(AdmissionProblem) {
            let caller = try await admit(request, showing: credential, under: buckets)
            return await answer(caller).adding(caller.rateHeaders)
        } catch {
            return refusing(error).adding(error.rateHeaders)
        }
    }

    /// Authenticates and counts a request, for dialects that put the headers on their answers themselves.
    public func admit(
        _ request: DialectRequest, showing credential: PresentedCredential?,
        under buckets: (Principal) -> [RateLimitBucket]
    ) async throws(AdmissionProblem) -> Caller {
        let principal: Principal
        switch try await verdict(request, credential) {
        case .good(let known): principal = known
        case .refused(let known, _):
            // A stranger hears nothing of it, but the customer whose key it is can read of it.
            if isWorthNoting(known, at: request.receivedAt) { request.note.write(known.customer, known.id) }
            throw .unknownCredential
        case .nobodys: throw .unknownCredential
        }
        // Before it is counted: the account's log has what was asked too often, too.
        request.note.write(principal)
        let verdict = limiter.take(
            .principal(principal.tenant, principal.id), buckets(principal), at: request.receivedAt)
        guard let verdict else { return Caller(principal: principal, rateHeaders: [:]) }
        guard verdict.isAllowed else { throw .limited(verdict) }
        return Caller(principal: principal, rateHeaders: HTTPFields(verdict))
    }

    /// A refused credential is under no limit of its own: the first of each minute's requests say enough, and no stranger
    /// fills the log that all accounts wait for.
    private func isWorthNoting(_ known: Principal, at now: Instant) -> Bool {
        let subject = RateLimitSubject.target(known.tenant, "refused \(known.id)")
        return limiter.take(subject, [Self.refusals], at: now)?.isAllowed ?? true
    }

    private static let refusals = RateLimitBucket("refusals noted", .sliding(limit: 60, window: 60_000))

    private func verdict(
        _ request: DialectRequest, _ credential: PresentedCredential?
    ) async throws(AdmissionProblem) -> CredentialVerdict {
        let (tenant, dialect) = (request.mount.tenant, request.mount.dialect)
        do {
            switch credential {
            case .none: return .nobodys
            case .apiKey(let key, let form):
                // A live key at a sandbox is nobody's, and so is a test key anywhere else.
                guard form.accepts(key, for: request.mount.isSandbox ? .test : .live) else {
                    return .nobodys
                }
                return try await keys.verdict(
                    on: key, tenant: tenant, dialect: dialect, from: request.remoteAddress)
            case .session(let token):
                let principal = try await sessions.principal(for: token, tenant: tenant, dialect: dialect)
                return principal.map(CredentialVerdict.good) ?? .nobodys
            }
        } catch let refusal as StrangerRefusal {
            throw .stranger(refusal)
        } catch {
            throw .fault(Fault("tell whose a request is", error))
        }
    }
}

/// Who is calling, and what the answer's headers say about how often they may.
public struct Caller: Sendable {
    public let principal: Principal
    /// Empty where nothing is limited.
    public let rateHeaders: HTTPFields
}

extension DialectResponse {
    fileprivate func adding(_ headers: HTTPFields) -> DialectResponse {
        var response = self
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}
