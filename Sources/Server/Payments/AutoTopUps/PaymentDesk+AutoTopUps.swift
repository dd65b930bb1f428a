internal import Billing
internal import Postgres
internal import Primitives

extension PaymentDesk {
    /// Switches a customer's automatic top-ups on, or changes them; whatever had parked them is forgotten.
    ///
    /// - Throws: `PaymentRefusal`: no provider, an amount that it cannot collect, customer, currency, no saved card.
    @discardableResult
    func fillAutomatically(
        _ customer: CustomerID, of tenant: TenantID, below threshold: Money, by amount: Money, perDay: Int32,
        actor: String
    ) async throws -> AutoTopUp {
        let provider = try await requiredProvider(of: tenant)
        if let objection = provider.objection(to: amount) {
            throw PaymentRefusal.amountNotPayable(amount, objection)
        }
        guard threshold.currency == amount.currency, !threshold.isNegative,
            (1...AutoTopUp.perDayMax).contains(perDay)
        else { throw PaymentRefusal.money(.amountInvalid) }
        return try await pool.transaction(tenant: tenant) { transaction in
            let payer = try self.payer(customer, of: tenant, paying: amount, at: provider.name, transaction)
            guard payer.saved != nil else { throw PaymentRefusal.methodMissing }
            return try AutoTopUpStore.setting(
                transaction.query(
                    AutoTopUpStore.setting(
                        customer, of: tenant, below: threshold, by: amount, perDay, actor: actor,
                        at: transaction.now)), of: tenant)[0]
        }
    }

    /// Keeps what a customer has left with the provider; it takes the place of what was kept before.
    ///
    /// - Throws: `PaymentRefusal`: no provider, or no such customer.
    func keep(_ method: SavedPaymentMethod, of customer: CustomerID, _ tenant: TenantID) async throws {
        let provider = try await requiredProvider(of: tenant)
        try await pool.transaction(tenant: tenant) { transaction in
            let payer = try PayerStore.payer(
                transaction.query(PayerStore.payer(customer, of: tenant, at: provider.name)))
            guard payer != nil else { throw PaymentRefusal.customerUnknown }
            _ = try transaction.query(
                PaymentWrites.saving(method, of: customer, tenant, at: provider.name, now: transaction.now))
        }
    }

    /// Switches them off; a payment that is under way is not taken back.
    func stopFilling(_ customer: CustomerID, of tenant: TenantID, actor: String) async throws {
        try await pool.transaction(tenant: tenant) { transaction in
            _ = try transaction.query(
                AutoTopUpStore.stopping(customer, of: tenant, actor: actor, at: transaction.now))
        }
    }

    /// A customer's setting; `nil` where there never was one.
    func autoTopUp(of customer: CustomerID, _ tenant: TenantID) async throws -> AutoTopUp? {
        try await pool.read(tenant: tenant, AutoTopUpStore.one(of: customer, tenant)) {
            try AutoTopUpStore.setting($0, of: tenant).first
        }
    }

    /// What a run of the job has done for one customer.
    enum Filling: Sendable, Hashable {
        case collected(Money)
        case waits(AutoTopUpDecision.Reason)
        /// The provider said no.
        case failed(String)
        /// Nobody knows yet.
        case open
    }

    /// Fills one wallet where that is due: the payment's row and the day's count are one transaction under the setting's lock, so
    /// that any number of runs collect once.
    func fill(_ customer: CustomerID, of tenant: TenantID, today: Instant) async throws -> Filling {
        let provider = try await requiredProvider(of: tenant)
        let id: PaymentID = ids.next(at: clock.now())
        let decision = try await pool.transaction(tenant: tenant) { transaction in
            let results = try transaction.pipeline([
                AutoTopUpStore.lockingOne(customer, of: tenant),
                AutoTopUpStore.facts(of: customer, tenant, at: provider.name, since: today),
            ])
            guard let facts = try AutoTopUpStore.facts(results[1], of: tenant) else {
                return AutoTopUpDecision.wait(.off)
            }
            let decision = AutoTopUpDecision.of(facts, at: transaction.now)
            if case .collect(let amount) = decision {
                _ = try transaction.query(
                    PaymentWrites.opening(
                        id, of: tenant, customer, provider.name, .automatic, amount, actor: "auto-top-ups",
                        at: transaction.now))
            }
            return decision
        }
        guard case .collect = decision else {
            if case .wait(let reason) = decision { return .waits(reason) }
            preconditionFailure("a wallet is filled, or it waits")
        }
        try step(.rowWritten)
        do {
            let payment = try await charge(try await required(id, of: tenant), at: provider)
            switch payment.state {
            case .paid: return .collected(payment.credited)
            case .open: return .open
            case .failed, .expired: return .failed(payment.problem ?? "the payment failed")
            }
        } catch PaymentRefusal.declined(let code, let message) {
            return .failed("\(code): \(message)")
        } catch PaymentProviderProblem.unreachable {
            return .open
        }
    }

    /// Charges the saved card for an automatic payment, by its own id: asked again, it is charged once. The provider knows an
    /// id for a day; after that nobody asks again, and an operator is told.
    func charge(_ payment: Payment, at provider: any PaymentProvider) async throws -> Payment {
        let tenant = payment.tenant
        let (payer, age) = try await pool.transaction(tenant: tenant) { transaction in
            (
                try PayerStore.payer(
                    transaction.query(PayerStore.payer(payment.customer, of: tenant, at: provider.name))),
                transaction.now.milliseconds(since: payment.openedAt)
            )
        }
        guard age < Self.askableMilliseconds else {
            try await fail(
                payment, for: "the provider was not reached in time; look there whether it was paid")
            return try await required(payment.id, of: tenant)
        }
        guard let method = payer?.saved else {
            try await fail(payment, for: "the saved card is gone")
            return try await required(payment.id, of: tenant)
        }
        let known: ProviderPayment
        do throws(PaymentProviderProblem) {
            known = try await provider.charge(
                ChargeOrder(
                    payment: payment.id, customer: payment.customer, tenant: tenant, amount: payment.amount,
                    method: method))
        } catch {
            throw try await refusal(error, of: payment)
        }
        try step(.providerAsked)
        try await pool.transaction(tenant: tenant) { transaction in
            _ = try transaction.query(PaymentWrites.named(known.reference, payment.id, of: tenant))
        }
        return try await book(known, of: payment)
    }

    /// For how long a provider may be asked again under one id, in ms: Stripe forgets them after 24 h at the earliest.
    static let askableMilliseconds: Int64 = 23 * 3_600_000

    /// An automatic payment failed: nobody tries for a while, and after too many not until somebody has looked.
    func failAutomatic(_ payment: Payment, for problem: String) async throws {
        let tenant = payment.tenant
        let parked = try await pool.transaction(tenant: tenant) { [ids] transaction in
            let now = transaction.now
            let ended = try transaction.query(
                PaymentWrites.end(payment.id, of: tenant, as: .failed, problem: problem, at: now))
            // Somebody else has written it down, or the money came.
            guard ended.affected == 1 else { return false }
            let found = try AutoTopUpStore.setting(
                transaction.query(AutoTopUpStore.lockingOne(payment.customer, of: tenant)), of: tenant)
            guard let setting = found.first else { return false }
            let tries = setting.tries + 1
            let isParked = tries >= AutoTopUp.triesMax
            _ = try transaction.pipeline([
                AutoTopUpStore.failing(
                    payment.customer, of: tenant, tries: tries,
                    nextAt: now.adding(milliseconds: AutoTopUp.waitMilliseconds(after: tries)),
                    parked: isParked ? problem : nil, at: now),
                PaymentWrites.tell(
                    isParked ? "auto_top_up.parked" : "auto_top_up.failed",
                    once: "auto_top_up:\(payment.id)", payment.customer,
                    [
                        "payment": .string(payment.id.description), "reason": .string(problem),
                        "tries": .integer(Int64(tries)),
                    ], of: tenant, as: ids.next(at: transaction.realNow), at: now),
            ])
            return isParked
        }
        guard parked else { return }
        logger.error(
            "a wallet is not filled any more until somebody has looked",
            metadata: ["customer": "\(payment.customer)", "tenant": "\(tenant)", "cause": "\(problem)"])
    }

    /// An automatic payment came: what had failed before is forgotten.
    func forgiveAutoTopUp(of payment: Payment) async throws {
        try await pool.transaction(tenant: payment.tenant) { transaction in
            _ = try transaction.query(AutoTopUpStore.forgiving(payment.customer, of: payment.tenant))
        }
    }
}
