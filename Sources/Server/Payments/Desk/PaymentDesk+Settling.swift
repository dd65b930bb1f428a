internal import Billing
internal import Postgres
internal import Primitives

extension PaymentDesk {
    /// Asks the provider what became of a payment, and books it: what it does by its messages, for whoever cannot wait for
    /// them. One that was asked for and never reached the provider is asked for again.
    ///
    /// - Throws: `PaymentRefusal.paymentUnknown`, `.providerMissing`; `PaymentProviderProblem.unreachable`.
    @discardableResult
    func settle(_ id: PaymentID, of tenant: TenantID) async throws -> Payment {
        let payment = try await required(id, of: tenant)
        guard payment.state != .paid else { return payment }
        let provider = try await requiredProvider(of: tenant)
        switch try await standing(of: payment, at: provider) {
        case .known(let known): return try await book(known, of: payment)
        case .page(let page): return try await book(page, of: payment)
        case .unknown:
            switch payment.way {
            case .automatic: return try await charge(payment, at: provider)
            // Nobody has seen its page, so nobody has paid.
            case .checkout, .found: return try await expireIfOver(payment)
            }
        }
    }

    private enum Standing {
        case known(ProviderPayment)
        case page(PageStanding)
        /// The provider has not told us what it calls it.
        case unknown
    }

    private func standing(
        of payment: Payment, at provider: any PaymentProvider
    ) async throws -> Standing {
        do throws(PaymentProviderProblem) {
            if let session = payment.session { return .page(try await provider.page(session)) }
            if let reference = payment.reference { return .known(try await provider.payment(reference)) }
            return .unknown
        } catch {
            throw try await refusal(error, of: payment)
        }
    }

    /// Books what a page says of itself.
    func book(_ page: PageStanding, of payment: Payment) async throws -> Payment {
        switch page.state {
        case .paid(let amount):
            return try await credit(amount, named: page.reference ?? page.session, to: payment)
        case .expired:
            try await end(payment, as: .expired, for: nil)
        case .open:
            return try await expireIfOver(payment)
        }
        return try await required(payment.id, of: payment.tenant)
    }

    /// Books what a provider knows of a payment.
    func book(_ known: ProviderPayment, of payment: Payment) async throws -> Payment {
        switch known.state {
        case .paid(let amount):
            if let saved = known.saved { try await save(saved, of: payment) }
            return try await credit(amount, named: known.reference, to: payment)
        case .failed(let reason):
            // At a page the customer may try another card; it ends with its time.
            guard payment.way == .automatic else { return try await expireIfOver(payment) }
            try await fail(payment, for: reason)
        case .open:
            return try await expireIfOver(payment)
        }
        return try await required(payment.id, of: payment.tenant)
    }

    /// Puts what was paid on the wallet, once, whatever was asked for and whether its time is over or not.
    func credit(_ amount: Money, named name: String, to payment: Payment) async throws -> Payment {
        guard amount.currency == payment.amount.currency else {
            try await cannotCredit(
                payment, .currency, "\(amount) was paid, and the wallet is in another currency")
            return payment
        }
        do {
            _ = try await take(.credit(amount, reference: name), of: payment, memo: "top-up")
        } catch PaymentRefusal.money(.referenceUsed) {
            try await cannotCredit(
                payment, .nameUsed, "\(name) was credited before, by hand or as another payment")
            return payment
        }
        try step(.booked)
        if payment.way == .automatic { try await forgiveAutoTopUp(of: payment) }
        if amount != payment.amount {
            logger.warning(
                "another amount was paid than was asked for; what was paid is credited",
                metadata: [
                    "payment": "\(payment.id)", "tenant": "\(payment.tenant)", "paid": "\(amount)",
                    "asked": "\(payment.amount)",
                ])
        }
        return try await required(payment.id, of: payment.tenant)
    }

    /// Money that nobody's wallet can take: it is told, once, and stays with the provider until an operator has looked.
    private func cannotCredit(
        _ payment: Payment, _ reason: PaymentMetrics.Stray, _ problem: String
    ) async throws {
        logger.error(
            "money has come that cannot be credited",
            metadata: [
                "payment": "\(payment.id)", "tenant": "\(payment.tenant)", "problem": "\(problem)",
            ])
        let isNew = try await pool.transaction(tenant: payment.tenant) { [ids] transaction in
            let results = try transaction.pipeline([
                PaymentWrites.note(payment.id, of: payment.tenant, problem: problem),
                PaymentWrites.tell(
                    "payment.not_credited", once: "payment.not_credited:\(payment.id)", payment.customer,
                    ["payment": .string(payment.id.description), "reason": .string(problem)],
                    of: payment.tenant, as: ids.next(at: transaction.realNow), at: transaction.now),
            ])
            return results[1].affected == 1
        }
        if isNew { PaymentMetrics.notCredited(reason) }
    }

    private func expireIfOver(_ payment: Payment) async throws -> Payment {
        let isOver = try await pool.transaction(tenant: payment.tenant) { $0.now >= payment.expiresAt }
        if isOver {
            try await end(payment, as: .expired, for: payment.problem)
        } else {
            try await later(payment, for: payment.problem)
        }
        return try await required(payment.id, of: payment.tenant)
    }

    /// A payment that is still open ends without money.
    func end(_ payment: Payment, as state: Payment.State, for problem: String?) async throws {
        try await pool.transaction(tenant: payment.tenant) { transaction in
            _ = try transaction.query(
                PaymentWrites.end(
                    payment.id, of: payment.tenant, as: state, problem: problem, at: transaction.now))
        }
    }

    /// The provider said no; where nobody was there to hear it, the customer's automatic top-ups go slower.
    func fail(_ payment: Payment, for problem: String) async throws {
        guard payment.way == .automatic else { return try await end(payment, as: .failed, for: problem) }
        try await failAutomatic(payment, for: problem)
    }

    private func save(_ method: SavedPaymentMethod, of payment: Payment) async throws {
        try await pool.transaction(tenant: payment.tenant) { transaction in
            _ = try transaction.query(
                PaymentWrites.saving(
                    method, of: payment.customer, payment.tenant, at: payment.provider,
                    now: transaction.now))
        }
    }
}
