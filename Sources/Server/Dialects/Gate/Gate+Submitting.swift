internal import Billing
internal import HTTPTypes
internal import Primitives
internal import Synchronization

extension Gate {
    /// Has the engine carry a command out and answers what became of it.
    ///
    /// Under an Idempotency-Key the answer is made, sealed and stored with the commit itself, so that a repeat gives
    /// the same bytes; without one nothing is remembered.
    func submit(
        _ command: Command, _ context: Context, _ catalogue: TenantCatalogue
    ) async throws -> DialectResponse {
        let id: CommandID = ids.next(at: context.now)
        do {
            return try await submit(command, id, context, catalogue)
        } catch let fault as Fault where fault.underlying is CatalogueOutdated {
            // A slot of a gateway that is newer than the snapshot. Nothing was written, so the command may go again.
            let newer = try await catalogues.refreshedCatalogue(of: context.principal.tenant)
            return try await submit(command, id, context, newer)
        }
    }

    private func submit(
        _ command: Command, _ id: CommandID, _ context: Context, _ catalogue: TenantCatalogue
    ) async throws -> DialectResponse {
        let delivery = Delivery(catalogue: catalogue, seal: credentialSeal)
        // Made before the commit: nobody is charged for an answer that cannot be given.
        let prepared = PreparedAnswer()
        let submission = Submission(
            id: id, tenant: context.principal.tenant, principal: context.principal.id,
            dialect: context.principal.dialect, command: command,
            idempotency: context.claim.map { remembering($0, context, prepared) },
            prepare: { outcome in prepared.put(try Gate.answer(to: outcome, context, delivery).body) })
        switch try await outcome(of: submission) {
        case .done:
            onSlotsChanged()
            return .gate(prepared.body)
        case .replayed(let answer): return try replay(answer, context)
        }
    }

    private func outcome(of submission: Submission) async throws -> Billing.Answer {
        do throws(EngineError) {
            return try await engine.submit(submission)
        } catch {
            if case .unavailable(let fault) = error { throw fault }
            throw Problem(error)
        }
    }

    private func remembering(
        _ claim: IdempotentConnectionChange.Claim, _ context: Context, _ prepared: PreparedAnswer
    ) -> IdempotencyClaim {
        IdempotencyClaim(key: claim.key.text, fingerprint: claim.fingerprint) { [answers] _ in
            answers.remember(
                status: 200, body: prepared.body, tenant: context.principal.tenant,
                principal: context.principal.id, key: claim.key)
        }
    }

    private func replay(_ answer: RememberedAnswer, _ context: Context) throws -> DialectResponse {
        guard let claim = context.claim else {
            preconditionFailure("an answer was replayed that nobody asked for")
        }
        let body = try answers.body(
            of: answer, tenant: context.principal.tenant, principal: context.principal.id, key: claim.key)
        var response = DialectResponse.gate(body)
        response.headers[.idempotencyHit] = "true"
        return response
    }

    private static func answer(to outcome: Outcome, _ context: Context, _ delivery: Delivery) throws -> Answer
    {
        switch outcome {
        case .bought(let receipt): return .bought(context.wire(try delivery.subscriptions(of: receipt)))
        case .renewed(let receipt):
            return .renewed(
                subscriptionId: receipt.subscription.bits.base36String,
                endAt: receipt.activeUntil.milliseconds)
        case .moved: preconditionFailure("no operation of this dialect moves money by hand")
        }
    }
}

/// The bytes of an answer that the engine had made between decision and commit; the last attempt's count.
private final class PreparedAnswer: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var body: [UInt8] { bytes.withLock { $0 } }

    func put(_ body: [UInt8]) {
        bytes.withLock { $0 = body }
    }
}
