internal import Billing
internal import Postgres
internal import Primitives

extension PaymentDesk {
    /// Goes on with a refund that is still set aside: looks whether the provider has it already, and asks for it where not.
    @discardableResult
    func goOn(_ id: PaymentReversalID, of tenant: TenantID) async throws -> PaymentReversal {
        let reversal = try await required(id, of: tenant)
        guard reversal.state == .held else { return reversal }
        let payment = try await required(reversal.payment, of: tenant)
        let provider = try await requiredProvider(of: tenant)
        guard let reference = payment.reference else { throw PaymentRefusal.notPaid }
        let known: [ProviderRefund]
        do throws(PaymentProviderProblem) {
            known = try await provider.refunds(of: reference)
        } catch {
            throw try await postponed(error, reversal)
        }
        if let own = known.first(where: { $0.names.reversal == id }) {
            return try await book(own, as: reversal, of: payment)
        }
        return try await pay(reversal, back: payment, at: provider)
    }

    /// Goes on at once with a refund that was set aside elsewhere; where the provider gives no answer it stays `held`, and the
    /// job `payments` goes on with it.
    func pay(_ id: PaymentReversalID, of tenant: TenantID) async throws -> PaymentReversal {
        do {
            return try await goOn(id, of: tenant)
        } catch PaymentProviderProblem.unreachable {
            return try await required(id, of: tenant)
        }
    }

    private func pay(
        _ reversal: PaymentReversal, back payment: Payment, at provider: any PaymentProvider
    ) async throws -> PaymentReversal {
        guard let reference = payment.reference else { throw PaymentRefusal.notPaid }
        let known: ProviderRefund
        do throws(PaymentProviderProblem) {
            known = try await provider.refund(
                RefundOrder(
                    reversal: reversal.id, payment: payment.id, reference: reference, amount: reversal.amount)
            )
        } catch {
            if case .refused(let code, let message) = error {
                _ = try await take(
                    .refundFailed(reversal.id, reason: "\(code): \(message)"), of: payment,
                    memo: "the payment provider said no")
                throw PaymentRefusal.declined(code: code, message: message)
            }
            throw try await postponed(error, reversal)
        }
        try step(.providerAsked)
        return try await book(known, as: reversal, of: payment)
    }

    /// Books what became of a refund of ours.
    func book(
        _ known: ProviderRefund, as reversal: PaymentReversal, of payment: Payment
    ) async throws -> PaymentReversal {
        switch known.state {
        case .paid:
            _ = try await take(
                .refundPaid(reversal.id, reference: known.reference), of: payment, memo: reversal.memo,
                actor: reversal.actor)
        case .failed(let reason):
            _ = try await take(.refundFailed(reversal.id, reason: reason), of: payment)
        case .pending:
            try await later(reversal, for: "\(known.reference) is on its way")
        }
        try step(.booked)
        return try await required(reversal.id, of: payment.tenant)
    }

    /// Books everything that the provider has paid back of a payment: our own refunds, and those that somebody made there.
    func bookRefunds(of payment: Payment, at provider: any PaymentProvider) async throws {
        guard let reference = payment.reference else { return }
        for known in try await provider.refunds(of: reference) {
            if let own = known.names.reversal {
                let found = try await pool.read(
                    tenant: payment.tenant, PaymentStore.reversal(own, of: payment.tenant),
                    PaymentStore.reversals)
                if let reversal = found.first, reversal.payment == payment.id {
                    if !reversal.agrees(with: known.state) {
                        _ = try await book(known, as: reversal, of: payment)
                    }
                    continue
                }
            }
            // One that is on its way or bounced has moved nothing yet, or no more.
            switch known.state {
            case .paid:
                _ = try await take(
                    .takenBack(
                        ids.next(at: clock.now()), .refund, known.amount, reference: known.reference),
                    of: payment, memo: "paid back at the provider")
            case .failed:
                do {
                    _ = try await take(.regained(reference: known.reference), of: payment)
                } catch PaymentRefusal.money(.paymentUnknown) {}
            case .pending: break
            }
        }
    }

    private func postponed(
        _ problem: PaymentProviderProblem, _ reversal: PaymentReversal
    ) async throws -> any Error {
        logger.warning(
            "a refund waits for its payment provider",
            metadata: [
                "reversal": "\(reversal.id)", "tenant": "\(reversal.tenant)", "cause": "\(problem)",
            ])
        try await later(reversal, for: "the provider cannot be reached")
        return problem
    }

    private func later(_ reversal: PaymentReversal, for problem: String) async throws {
        try await pool.transaction(tenant: reversal.tenant) { transaction in
            let next = transaction.now.adding(milliseconds: Self.waitMilliseconds(reversal.tries))
            _ = try transaction.query(
                PaymentWrites.later(reversal.id, of: reversal.tenant, problem: problem, nextAt: next))
        }
    }
}

extension PaymentReversal {
    /// Whether the books say already what the provider says.
    func agrees(with known: ProviderRefund.State) -> Bool {
        switch (state, known) {
        case (.returned, .paid), (.held, .pending), (.released, .failed), (.regained, .failed): true
        case (.returned, .pending), (.returned, .failed), (.held, _), (.released, _), (.regained, _): false
        }
    }
}
