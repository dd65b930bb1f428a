internal import Billing
internal import HTTPTypes
internal import Primitives

// Every refusal in the account API's words. The switches are exhaustive, so a new refusal is a compile error here.

extension AccountAPI.Problem {
    init(of refusal: ProofRefusal) {
        switch refusal {
        case .passwordWrong: self.init(.passwordWrong)
        case .codeRequired: self.init(.codeRequired)
        case .codeWrong: self.init(.codeWrong)
        case .tooMany(let seconds): self.init(.rateLimited, retryAfter: seconds)
        }
    }

    init(of refusal: PeopleDesk.Refusal) {
        switch refusal {
        case .authenticatorIsOn: self.init(.authenticatorIsOn)
        case .authenticatorIsOff: self.init(.authenticatorIsOff)
        case .nothingToConfirm: self.init(.nothingToConfirm)
        case .passwordIsTheSame: self.init(.passwordIsTheSame)
        }
    }

    init(of refusal: KeyDesk.Refusal) {
        switch refusal {
        case .tooMany: self.init(.tooManyKeys)
        case .sandboxMissing: self.init(.sandboxMissing)
        }
    }

    init(of refusal: AccountSubscriptions.Refusal) {
        switch refusal {
        case .ended: self.init(.subscriptionEnded)
        case .parked: self.init(.subscriptionParked)
        }
    }

    /// Of a preview, whose refusals are answers.
    init(of error: EngineError) {
        switch error {
        case .busy(let seconds): self.init(.unavailable, retryAfter: seconds)
        case .stopping: self.init(.unavailable, retryAfter: 1)
        case .unavailable(let fault): self.init(of: fault)
        case .refused, .outcomeUnknown: self.init(.internal)
        }
    }

    init(of refusal: IdempotencyRefusal) {
        switch refusal {
        case .keyReused: self.init(.idempotencyKeyReused)
        case .keyInFlight: self.init(.idempotencyKeyInFlight, retryAfter: 1)
        }
    }

    init(of problem: AdmissionProblem) {
        switch problem {
        case .unknownCredential: self.init(.unauthorized)
        case .limited(let verdict): self.init(.rateLimited, retryAfter: verdict.retryAfterSeconds)
        case .stranger(let refusal): self.init(of: refusal)
        case .fault(let fault): self.init(of: fault)
        }
    }

    init(of refusal: StrangerRefusal) {
        switch refusal {
        case .tooManyUnknown(let seconds): self.init(.rateLimited, retryAfter: seconds)
        case .busy: self.init(.unavailable, retryAfter: 1)
        }
    }

    init(of fault: Fault) {
        self = fault.isTransient ? .init(.unavailable, retryAfter: 1) : .init(.internal)
    }
}

extension AccountAPI {
    public func problem(_ problem: DoorProblem, for request: DialectRequest) -> DialectResponse {
        NeutralProblem.response(to: problem)
    }

    /// What went wrong in this API's words; whatever is no refusal is also for the log.
    func problem(_ error: any Error, _ request: DialectRequest) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let refusal as ProofRefusal: return Problem(of: refusal)
        case let refusal as PeopleDesk.Refusal: return Problem(of: refusal)
        case let refusal as IdempotencyRefusal: return Problem(of: refusal)
        case let refusal as KeyDesk.Refusal: return Problem(of: refusal)
        case let refusal as AccountSubscriptions.Refusal: return Problem(of: refusal)
        case let refusal as PaymentRefusal: return Problem(of: refusal)
        case let problem as PaymentProviderProblem: return logged(problem, request)
        case let error as EngineError: return logged(error, request)
        default: break
        }
        return logged(Fault("answer an account request", error), request)
    }

    private func logged(_ problem: PaymentProviderProblem, _ request: DialectRequest) -> Problem {
        if case .unreachable(let fault) = problem { _ = logged(fault, request) }
        return Problem(of: problem)
    }

    private func logged(_ error: EngineError, _ request: DialectRequest) -> Problem {
        if case .unavailable(let fault) = error { return logged(fault, request) }
        return Problem(of: error)
    }

    private func logged(_ fault: Fault, _ request: DialectRequest) -> Problem {
        logger.error(
            "an account request failed",
            metadata: ["request_id": "\(request.id)", "reason": "\(fault.underlying)"])
        return Problem(of: fault)
    }
}
