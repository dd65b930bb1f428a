internal import Billing
internal import HTTPTypes
internal import Primitives

extension Gate {
    /// Has the engine carry a command out and answers what became of it.
    func submit(
        _ command: Command, _ context: Context, _ catalogue: TenantCatalogue
    ) async throws -> DialectResponse {
        let order = OrderDesk.Order(
            command, by: context.principal, claim: context.claim, at: context.receivedAt
        ) { outcome, delivery in
            try Gate.answer(to: outcome, context, delivery).body
        }
        do {
            return .gate(try await desk.place(order, with: catalogue))
        } catch let error as EngineError {
            if case .unavailable(let fault) = error { throw fault }
            throw Problem(error)
        }
    }

    private static func answer(to outcome: Outcome, _ context: Context, _ delivery: Delivery) throws -> Answer
    {
        switch outcome {
        case .bought(let receipt): return .bought(context.wire(try delivery.subscriptions(of: receipt)))
        case .renewed(let receipt):
            return .renewed(
                subscriptionId: receipt.subscription.bits.base36String,
                endAt: receipt.activeUntil.milliseconds)
        case .refunded, .cancelled, .changed, .moved:
            preconditionFailure(
                "no operation of this dialect gives money back, changes a plan or moves money by hand")
        case .placed, .settled, .closed, .paid:
            preconditionFailure(
                "no operation of this dialect lets an order wait for money, or takes a payment")
        }
    }
}

extension DialectResponse {
    /// What was carried out, now or before under the same key.
    static func gate(_ answer: IdempotentConnectionChange.Answer) -> DialectResponse {
        var response = DialectResponse.gate(answer.body)
        if answer.isReplayed { response.headers[.idempotencyHit] = "true" }
        return response
    }
}
