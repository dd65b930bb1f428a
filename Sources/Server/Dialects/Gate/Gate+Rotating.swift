internal import HTTPTypes
internal import Primitives

extension Gate {
    /// Asks for another exit on behalf of whoever has the link: nobody signs in.
    func answerRotation(_ request: DialectRequest, token: Substring) async -> DialectResponse {
        let tenant = request.mount.tenant
        guard let subscription = rotateLinks.subscription(in: token, of: tenant) else {
            return Problem.rotateLinkUnknown.response
        }
        let verdict = admission.limiter.take(
            .target(tenant, "rotate \(subscription)"),
            [RateLimitBucket("gate rotate", settings.rotateLinkLimit)],
            at: request.receivedAt)
        if let verdict, !verdict.isAllowed {
            return Problem(verdict).response
        }
        do throws(ConnectionChangeError) {
            try await changes.rotateNow(
                subscription, of: tenant, in: request.mount.dialect,
                minIntervalMilliseconds: settings.rotateIntervalMilliseconds
            ) { request.note.write($0, nil) }
            return .gate(Answer.done.body)
        } catch {
            return rotationProblem(error, request).response
        }
    }

    /// To the holder of a link, a subscription that is over and one that never was are the same.
    private func rotationProblem(_ error: ConnectionChangeError, _ request: DialectRequest) -> Problem {
        switch error {
        case .subscriptionUnknown, .refused(.noLiveConnection): .rotateLinkUnknown
        case .unavailable(let fault): problem(fault, request)
        case .refused, .idempotency, .outcomeUnknown: Problem(error)
        }
    }
}
