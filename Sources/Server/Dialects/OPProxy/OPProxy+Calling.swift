internal import HTTPTypes
public import Primitives

extension OPProxy {
    public func isForSandbox(_ request: DialectRequest, _ sandbox: TenantID) -> Bool {
        request.headers.bearerToken.map { Self.keyForm.accepts($0, for: .test) } ?? false
    }

    /// One request that is being answered: what it says and who asks.
    struct Context: Sendable {
        var request: DialectRequest
        /// The id in the path, as it came.
        var id: Substring?
        var caller: Caller

        var principal: Principal { caller.principal }
        var now: Instant { request.now }
        var query: FormQuery { FormQuery(request) }

        /// The service that the path names; any 24 hex digits name one, theirs or not.
        func serviceID() throws(Problem) -> SubscriptionID {
            guard let bits = id.flatMap({ IdentifierBits(hexString: String($0)) }) else { throw .invalidID }
            return SubscriptionID(bits: bits)
        }

        /// The key that names this request, with what it asks for: the same key with another path or body is refused.
        func claim(_ body: JSON = .null) throws(Problem) -> IdempotentConnectionChange.Claim? {
            switch IdempotencyKey.header(of: request.headers) {
            case .absent: return nil
            case .malformed: throw .invalidIdempotencyKey
            case .present(let key):
                let operation = "opproxy \(request.method.rawValue) \(request.path.lowercased())"
                return IdempotentConnectionChange.Claim(
                    key: key, fingerprint: RequestFingerprint.of(operation, body))
            }
        }
    }

    /// Lets a caller in and has them answered; whatever is no answer is said in the vendor's words.
    func admitting(
        _ request: DialectRequest, to endpoint: Endpoint?,
        _ answer: (Caller) async throws -> DialectResponse
    ) async -> DialectResponse {
        let credential = request.headers.bearerToken.map { PresentedCredential.apiKey($0, Self.keyForm) }
        return await admission.answer(request, showing: credential, under: { limits(of: $0, endpoint) }) {
            caller in
            do {
                return try await answer(caller)
            } catch {
                return problem(error, request).response
            }
        } refusing: { refusal in
            switch refusal {
            case .unknownCredential: Problem.invalidToken.response
            case .limited(let verdict):
                Problem.rateLimited(retryAfter: verdict.retryAfterSeconds).response
            case .stranger(let refusal): Problem(refusal).response
            case .fault(let fault): problem(fault, request).response
            }
        }
    }

    /// The vendor's buckets, each per key.
    private func limits(of principal: Principal, _ endpoint: Endpoint?) -> [RateLimitBucket] {
        var specific: [RateLimitBucket] = []
        switch endpoint {
        case .purchase: specific = [RateLimitBucket("opproxy purchase", settings.purchases)]
        case .regenerateServiceCredentials:
            specific = [RateLimitBucket("opproxy credentials", settings.credentialChanges)]
        case .getAccount, .listPlans, .listServices, .getService, .getServiceProxies, .extendService,
            .replaceServiceWhitelist, .setServiceCountry, .setServiceRotation, .listLogs,
            .getIdempotencyKey, .getDocument, nil:
            break
        }
        let general = [
            RateLimitBucket("opproxy minute", settings.perMinute),
            RateLimitBucket("opproxy hour", settings.perHour),
        ]
        return RateLimitRules(general: general, specific: specific).buckets(ownLimit: principal.rateLimit)
    }

    /// What went wrong in the vendor's words; whatever is no refusal is also for the log.
    private func problem(_ error: any Error, _ request: DialectRequest) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case IdempotencyRefusal.keyReused: return .idempotencyKeyReused
        case IdempotencyRefusal.keyInFlight: return .idempotencyKeyInFlight
        default: break
        }
        let fault = Fault("answer an opproxy request", error)
        logger.error(
            "an opproxy request failed",
            metadata: ["request_id": "\(request.id)", "reason": "\(fault.underlying)"])
        return Problem(fault)
    }
}
