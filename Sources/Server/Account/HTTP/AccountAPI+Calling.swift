internal import HTTPTypes
internal import Primitives

extension AccountAPI {
    /// One request of somebody who is signed in.
    struct Call: Sendable {
        let request: DialectRequest
        let route: RouteMatch
        let caller: Principal
        let role: SessionRole

        var tenant: TenantID { caller.tenant }

        /// The id in the path, as an id of whatever is asked for; what is none names nothing.
        func id<Subject>() throws(Problem) -> Identifier<Subject> {
            guard let text = route.parameters["id"], let bits = IdentifierBits(uuidString: String(text))
            else { throw Problem(.notFound) }
            return Identifier(bits: bits)
        }

        /// The key that names this request, with what it asks for. Password and code are no part of it: a repeat shows
        /// them anew, and nobody can guess at them by their digest.
        func claim(_ fields: Fields) throws(Problem) -> IdempotentConnectionChange.Claim? {
            switch IdempotencyKey.header(of: request.headers) {
            case .absent: return nil
            case .malformed: throw Problem(.invalidIdempotencyKey)
            case .present(let key):
                return IdempotentConnectionChange.Claim(
                    key: key,
                    fingerprint: RequestFingerprint.of(
                        "account \(request.method.rawValue) \(request.path)", fields.withoutSecrets))
            }
        }
    }

    public func answer(_ request: DialectRequest, at route: RouteMatch) async -> DialectResponse {
        guard let endpoint = Endpoint(rawValue: route.name) else {
            preconditionFailure("a route of another table")
        }
        switch endpoint {
        case .getDocument:
            return .json(Self.openAPI(mountedAt: request.mount.prefix))
        case .createSession:
            return await inOwnWords(request) { try await createSession(request) }
        default: break
        }
        let session = request.headers.bearerToken.map(PresentedCredential.session)
        var buckets = [RateLimitBucket("account", settings.rateLimit)]
        if endpoint == .previewOrder || endpoint == .previewRenewal {
            buckets.append(RateLimitBucket("account previews", settings.previews))
        }
        return await admission.answer(request, showing: session, under: { [buckets] _ in buckets }) {
            caller in
            await inOwnWords(request) {
                guard case .session(let role) = caller.principal.kind else {
                    preconditionFailure("a key opened the account API")
                }
                guard endpoint.right.isGranted(to: role) else { throw Problem(.forbidden) }
                let call = Call(request: request, route: route, caller: caller.principal, role: role)
                return try await answer(endpoint, call)
            }
        } refusing: { refusal in
            if case .fault(let fault) = refusal { return problem(fault, request).response }
            return Problem(of: refusal).response
        }
    }

    private func inOwnWords(
        _ request: DialectRequest, _ answer: () async throws -> DialectResponse
    ) async -> DialectResponse {
        do {
            return try await answer()
        } catch {
            return problem(error, request).response
        }
    }

    private func answer(_ endpoint: Endpoint, _ call: Call) async throws -> DialectResponse {
        switch endpoint {
        case .endSessions: try await endSessions(call)
        case .getMe: try await me(call)
        case .changePassword: try await changePassword(call)
        case .beginAuthenticator: try await beginAuthenticator(call)
        case .confirmAuthenticator: try await confirmAuthenticator(call)
        case .removeAuthenticator: try await removeAuthenticator(call)
        case .renewRecoveryCodes: try await renewRecoveryCodes(call)
        case .listKeys: try await listKeys(call)
        case .createKey: try await createKey(call)
        case .revokeKey: try await revokeKey(call)
        case .getBalance: try await balance(call)
        case .listStatement: try await statement(call)
        case .listOrders: try await listOrders(call)
        case .getOrder: try await order(call)
        case .getReceipt: try await receipt(call)
        case .listSubscriptions: try await listSubscriptions(call)
        case .getSubscription: try await subscription(call)
        case .changeSubscription: try await changeSubscription(call)
        case .previewRenewal: try await previewRenewal(call)
        case .previewOrder: try await previewOrder(call)
        case .listTopUps: try await listTopUps(call)
        case .createTopUp: try await createTopUp(call)
        case .getTopUp: try await topUp(call)
        case .getAutoTopUp: try await autoTopUp(call)
        case .setAutoTopUp: try await setAutoTopUp(call)
        case .stopAutoTopUp: try await stopAutoTopUp(call)
        case .createSession, .getDocument: preconditionFailure("answered before anybody is admitted")
        }
    }
}

extension DialectResponse {
    /// JSON that is already written.
    static func json(_ body: [UInt8], status: HTTPResponse.Status = .ok) -> DialectResponse {
        DialectResponse(status: status, headers: [.contentType: "application/json"], body: body)
    }

    static func json(_ value: JSON, status: HTTPResponse.Status = .ok) -> DialectResponse {
        json(value.encoded(), status: status)
    }

    /// What was carried out, now or before under the same key.
    static func json(_ answer: IdempotentConnectionChange.Answer) -> DialectResponse {
        var response = DialectResponse.json(
            answer.body, status: HTTPResponse.Status(integerLiteral: answer.status))
        if answer.isReplayed { response.headers[.idempotencyHit] = "true" }
        return response
    }
}
