internal import Billing
internal import HTTPTypes
internal import Primitives

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
        let submission = Submission(
            id: id, tenant: context.principal.tenant, principal: context.principal.id,
            dialect: context.principal.dialect, command: command,
            idempotency: context.claim.map { remembering($0, context, delivery) })
        switch try await outcome(of: submission) {
        case .done(let outcome): return .gate(try await body(outcome, context, delivery))
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
        _ claim: IdempotentConnectionChange.Claim, _ context: Context, _ delivery: Delivery
    ) -> IdempotencyClaim {
        IdempotencyClaim(key: claim.key.text, fingerprint: claim.fingerprint) { [answers] outcome in
            let body = try Gate.answer(to: outcome, context, delivery).body
            return answers.remember(
                status: 200, body: body, tenant: context.principal.tenant, principal: context.principal.id,
                key: claim.key)
        }
    }

    /// What was bought is bought: an outdated catalogue is read again rather than made the customer's problem.
    private func body(_ outcome: Outcome, _ context: Context, _ delivery: Delivery) async throws -> [UInt8] {
        do {
            return try Gate.answer(to: outcome, context, delivery).body
        } catch is CatalogueOutdated {
            do {
                let newer = try await catalogues.refreshedCatalogue(of: context.principal.tenant)
                return try Gate.answer(to: outcome, context, Delivery(catalogue: newer, seal: credentialSeal))
                    .body
            } catch {
                logger.error(
                    "an order was carried out and could not be told", metadata: ["reason": "\(error)"])
                throw Problem.outcomeUnknown
            }
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
