internal import HTTPTypes
internal import Primitives

extension Gate {
    /// One request that is being answered: who asks, through which mount, when.
    struct Context: Sendable {
        var principal: Principal
        var mount: Mount
        var now: Instant
        var receivedAt: Instant
        var claim: IdempotentConnectionChange.Claim?
        var rotateLinks: RotateLinks

        func wire(_ held: [HeldSubscription]) -> [Wire.Subscription] {
            held.map {
                let token = rotateLinks.token(for: $0.id, of: principal.tenant)
                return Wire.Subscription($0, rotatePath: "\(mount.prefix)/r/\(token)")
            }
        }
    }

    func answerOperation(_ request: DialectRequest) async -> DialectResponse {
        await admission.answer(request, showing: credential(request), under: buckets) { caller in
            do {
                let operation = try Operation.read(request)
                let context = try context(request, caller.principal)
                return try await carryOut(operation, context)
            } catch {
                return problem(error, request).response
            }
        } refusing: {
            problem($0, request).response
        }
    }

    /// A key is read after the fields: a request that is wrong in itself hears of that first.
    private func context(_ request: DialectRequest, _ principal: Principal) throws(Problem) -> Context {
        var context = Context(
            principal: principal, mount: request.mount, now: request.now, receivedAt: request.receivedAt,
            claim: nil, rotateLinks: rotateLinks)
        guard request.method == .post else { return context }
        switch IdempotencyKey.header(of: request.headers) {
        case .absent: break
        case .malformed: throw .invalidIdempotencyKey
        case .present(let key):
            guard let body = try? JSON.parse(request.body) else { throw .invalidJSON }
            context.claim = IdempotentConnectionChange.Claim(
                key: key, fingerprint: RequestFingerprint.of("gate POST /api/proxy", body))
        }
        return context
    }

    private func carryOut(_ operation: Operation, _ context: Context) async throws -> DialectResponse {
        if operation.isChange, context.principal.kind == .session(.viewer) { throw Problem.forbidden }
        switch operation {
        case .plans: return try await plans(context)
        case .subscriptions: return try await subscriptions(context)
        case .renewalPlans(let subscription): return try await renewalPlans(subscription, context)
        case .availableNetworks(let subscription): return try await availableNetworks(subscription, context)
        case .purchase(let order): return try await purchase(order, context)
        case .renew(let order): return try await renew(order, context)
        case .trial(let plan): return try await trial(plan, context)
        case .changeCredentials(let subscription): return try await changeCredentials(subscription, context)
        case .setRotationPolicy(let subscription, let minutes):
            return try await setRotationPolicy(subscription, minutes, context)
        case .switchNetwork(let subscription, let network):
            return try await switchNetwork(subscription, to: network, context)
        }
    }

    private func problem(_ problem: AdmissionProblem, _ request: DialectRequest) -> Problem {
        switch problem {
        case .unknownCredential: .unauthorized
        case .limited(let verdict): Problem(verdict)
        case .stranger(let refusal): Problem(refusal)
        case .fault(let fault): self.problem(fault, request)
        }
    }

    /// What went wrong in the vendor's words; whatever is no refusal is also for the log.
    func problem(_ error: any Error, _ request: DialectRequest) -> Problem {
        if let problem = error as? Problem { return problem }
        let fault = Fault("answer a gate request", error)
        logger.error(
            "a gate request failed",
            metadata: ["request_id": "\(request.id)", "reason": "\(fault.underlying)"])
        return Problem(fault)
    }
}

extension Gate.Operation {
    /// Whether it changes anything: a person who may only look may not ask for it.
    fileprivate var isChange: Bool {
        switch self {
        case .plans, .subscriptions, .renewalPlans, .availableNetworks: false
        case .purchase, .renew, .trial, .changeCredentials, .setRotationPolicy, .switchNetwork: true
        }
    }
}
