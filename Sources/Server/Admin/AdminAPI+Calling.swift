internal import Billing
internal import HTTPTypes
internal import Logging
internal import Primitives

extension AdminAPI {
    func answer(_ request: DialectRequest, at route: RouteMatch) async -> DialectResponse {
        guard let endpoint = Self.endpointsByName[route.name] else {
            preconditionFailure("a route of another table")
        }
        var headers = HTTPFields()
        do {
            let answer: AdminAnswer
            switch endpoint.handler {
            case .open(let handler): answer = try await handler(self)(request)
            case .admitted(let handler):
                let actor = try await actor(of: request)
                headers = try counted(actor, request)
                let call = AdminCall(
                    endpoint: endpoint, request: request, parameters: route.parameters, actor: actor,
                    tenant: try await tenant(of: route, at: endpoint.place, for: actor))
                guard endpoint.permission.allows(actor) else { throw AdminProblem(.forbidden) }
                answer = try await handler(self)(call)
            }
            return Self.response(answer, endpoint).adding(headers)
        } catch {
            return problem(error, request).response(requestID: request.id).adding(headers)
        }
    }

    private static func response(_ answer: AdminAnswer, _ endpoint: AdminEndpoint) -> DialectResponse {
        switch answer {
        case .json(let value): DialectResponse(endpoint, value.encoded())
        case .raw(let response): response
        }
    }

    /// Who asks: a person by their session, a machine by its key.
    private func actor(of request: DialectRequest) async throws -> StaffActor {
        var problem = AdminProblem(.unauthorized)
        problem.headers[.wwwAuthenticate] = "Bearer"
        guard let token = request.headers.bearerToken else { throw problem }
        if let key = AdminKeyText(token) {
            guard let actor = try await actor(of: key, request) else { throw problem }
            return actor
        }
        guard let actor = try await sessions.actor(for: token) else { throw problem }
        return actor
    }

    private func actor(of text: AdminKeyText, _ request: DialectRequest) async throws -> StaffActor? {
        let scope = text.scope.number
        let now = clock.now()
        let key = try await strangers.look(
            scope, from: request.remoteAddress, at: now,
            isSomebodys: { $0.isGood(at: now, from: request.remoteAddress) }
        ) {
            try await pool.read(tenant: scope, AdminKeyStore.key(text.digest, scope), AdminKeyStore.key)
        }
        guard let key, key.isGood(at: now, from: request.remoteAddress) else { return nil }
        return key.actor
    }

    /// What the answer says about how often they may ask.
    private func counted(_ actor: StaffActor, _ request: DialectRequest) throws -> HTTPFields {
        let subject = RateLimitSubject.principal(actor.scope.number, actor.id)
        let buckets = [RateLimitBucket("admin", requests)]
        guard let verdict = limiter.take(subject, buckets, at: request.receivedAt) else { return [:] }
        guard verdict.isAllowed else {
            var problem = AdminProblem.retry(.rateLimited, after: verdict.retryAfterSeconds)
            problem.headers.append(contentsOf: HTTPFields(verdict))
            throw problem
        }
        return HTTPFields(verdict)
    }

    /// The tenant in the path; to a tenant's people there are no others than theirs and its sandbox.
    private func tenant(
        of route: RouteMatch, at place: AdminPlace, for actor: StaffActor
    ) async throws -> AdminTenant? {
        guard place == .tenant, let slug = route.parameters["tenant"] else { return nil }
        let found = try await pool.read(
            tenant: actor.scope.number, AdminTenantStore.tenant(slug: String(slug)), AdminTenantStore.tenants)
        guard let tenant = found.first, Self.isVisible(tenant, to: actor) else {
            throw AdminProblem(.notFound)
        }
        return tenant
    }

    static func isVisible(_ tenant: AdminTenant, to actor: StaffActor) -> Bool {
        switch actor.scope {
        case .platform: true
        case .tenant(let own): tenant.id == own || tenant.sandboxOf == own
        }
    }

    /// What went wrong, in words of this API; whatever is no refusal is also for the log.
    private func problem(_ error: any Error, _ request: DialectRequest) -> AdminProblem {
        switch error {
        case let problem as AdminProblem: return problem
        case let refusal as StaffRefusal: return AdminProblem(refusal)
        case let refusal as OperatorWork.Refusal: return AdminProblem(refusal)
        case let refusal as PaymentRefusal: return AdminProblem(refusal)
        case PaymentProviderProblem.refused(let code, let message):
            return AdminProblem(PaymentRefusal.declined(code: code, message: message))
        case let error as EngineError: return problem(error, request)
        case let refusal as IdempotencyRefusal: return AdminProblem(refusal)
        case StrangerRefusal.tooManyUnknown(let seconds): return .retry(.rateLimited, after: seconds)
        case StrangerRefusal.busy: return .retry(.unavailable, after: 1)
        case SecretHasherError.busy(let seconds): return .retry(.unavailable, after: seconds)
        case PaymentProviderProblem.unreachable(let fault): return failed(fault, request)
        default: return failed(Fault("answer an admin request", error), request)
        }
    }

    private func problem(_ error: EngineError, _ request: DialectRequest) -> AdminProblem {
        switch error {
        case .refused(let refusal): AdminProblem(refusal)
        case .busy(let seconds): .retry(.unavailable, after: seconds)
        case .stopping: .retry(.unavailable, after: 1)
        case .unavailable(let fault): failed(fault, request)
        case .outcomeUnknown(let command):
            failed(
                Fault(
                    operation: "learn what became of \(command)", isTransient: true, underlying: error),
                request)
        }
    }

    private func failed(_ fault: Fault, _ request: DialectRequest) -> AdminProblem {
        logger.error(
            "an admin request failed",
            metadata: ["request_id": "\(request.id)", "reason": "\(fault.underlying)"])
        return fault.isTransient ? .retry(.unavailable, after: 1) : AdminProblem(.internal)
    }
}

extension DialectResponse {
    fileprivate func adding(_ headers: HTTPFields) -> DialectResponse {
        var response = self
        for field in headers where response.headers[field.name] == nil {
            response.headers[field.name] = field.value
        }
        return response
    }
}
