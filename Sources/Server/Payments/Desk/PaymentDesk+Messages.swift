internal import Billing
internal import Postgres
internal import Primitives

extension PaymentDesk {
    /// Books what a provider's message tells; one that was dealt with before does nothing.
    ///
    /// Everything that it does is done once by itself, so two that come at the same time, or one that comes again because
    /// its answer was lost, do no harm; remembering it last only saves the work.
    ///
    /// - Returns: a word for the log.
    /// - Throws: where nothing was decided: the provider has to send it again.
    @discardableResult
    func take(
        _ message: ProviderMessage, from provider: any PaymentProvider, of tenant: TenantID
    ) async throws -> String {
        let known = try await pool.read(
            tenant: tenant, MessageStore.outcome(of: message.name, from: provider.name, tenant),
            MessageStore.outcome)
        if known != nil { return "replayed" }
        let (outcome, payment) = try await deal(with: message.content, provider, tenant)
        try step(.booked)
        try await pool.transaction(tenant: tenant) { transaction in
            _ = try transaction.query(
                MessageStore.remembering(
                    message, from: provider.name, tenant, outcome, payment, at: transaction.now))
        }
        return outcome
    }

    private func deal(
        with content: ProviderMessage.Content, _ provider: any PaymentProvider, _ tenant: TenantID
    ) async throws -> (outcome: String, payment: PaymentID?) {
        switch content {
        case .ignored: return ("ignored", nil)
        case .page(let page):
            guard case .paid(let amount) = page.state else {
                guard let payment = try await find([page.session], page.names, provider, tenant) else {
                    return ("unknown", nil)
                }
                return (try await book(page, of: payment).state.rawValue, payment.id)
            }
            let names = [page.reference, page.session].compactMap(\.self)
            return try await credit(amount, named: names, page.names, provider, tenant, saved: nil)
        case .payment(let known):
            guard case .paid(let amount) = known.state else {
                guard let payment = try await find([known.reference], known.names, provider, tenant),
                    payment.state != .paid
                else { return ("unknown", nil) }
                return (try await book(known, of: payment).state.rawValue, payment.id)
            }
            return try await credit(
                amount, named: [known.reference], known.names, provider, tenant, saved: known.saved)
        case .refunds(let reference):
            guard let payment = try await settled(reference, provider, tenant) else {
                return ("unknown", nil)
            }
            try await bookRefunds(of: payment, at: provider)
            return ("refunds", payment.id)
        case .dispute(let dispute):
            guard dispute.state != .inquiry else { return ("inquiry", nil) }
            guard let payment = try await settled(dispute.payment, provider, tenant) else {
                return ("unknown", nil)
            }
            return (try await book(dispute, of: payment), payment.id)
        }
    }

    /// Money that has come: of a payment that we asked for, or of one that we did not but whose customer we know.
    private func credit(
        _ amount: Money, named names: [String], _ ours: OurNames, _ provider: any PaymentProvider,
        _ tenant: TenantID, saved: SavedPaymentMethod?
    ) async throws -> (outcome: String, payment: PaymentID?) {
        var found = try await find(names, ours, provider, tenant)
        if found == nil, let customer = ours.customer {
            found = try await adopt(amount, names[0], customer, provider, tenant)
        }
        guard let payment = found else {
            try await tellOfStranger(amount, names[0], provider, tenant)
            return ("unassigned", nil)
        }
        let known = ProviderPayment(
            reference: names[0], state: .paid(amount), names: ours, saved: saved)
        return (try await book(known, of: payment).state.rawValue, payment.id)
    }

    private func find(
        _ names: [String], _ ours: OurNames, _ provider: any PaymentProvider, _ tenant: TenantID
    ) async throws -> Payment? {
        try await pool.transaction(tenant: tenant) { transaction in
            if let id = ours.payment,
                let payment = try PaymentStore.payments(
                    transaction.query(PaymentStore.payment(id, of: tenant))
                ).first, payment.provider == provider.name
            {
                return payment
            }
            for name in names {
                let found = try PaymentStore.payments(
                    transaction.query(PaymentStore.payment(named: name, at: provider.name, of: tenant)))
                if let payment = found.first { return payment }
            }
            return nil
        }
    }

    /// Writes down a payment that nobody had asked for here; its customer has to be the tenant's.
    private func adopt(
        _ amount: Money, _ reference: String, _ customer: CustomerID, _ provider: any PaymentProvider,
        _ tenant: TenantID
    ) async throws -> Payment? {
        let id: PaymentID = ids.next(at: clock.now())
        let isKnown = try await pool.transaction(tenant: tenant) { transaction in
            let payer = try PayerStore.payer(
                transaction.query(PayerStore.payer(customer, of: tenant, at: provider.name)))
            guard payer != nil else { return false }
            _ = try transaction.query(
                PaymentWrites.opening(
                    id, of: tenant, customer, provider.name, .found, amount, reference: reference,
                    actor: provider.name, at: transaction.now))
            return true
        }
        // Of two that came at once the other has written it.
        guard isKnown else { return nil }
        return try await find([reference], OurNames(payment: id), provider, tenant)
    }

    /// A payment of that name, whose money is on the wallet: what is said of it may come before the word that it was paid.
    private func settled(
        _ reference: String, _ provider: any PaymentProvider, _ tenant: TenantID
    ) async throws -> Payment? {
        if let payment = try await find([reference], OurNames(), provider, tenant), payment.state == .paid {
            return payment
        }
        let known = try await provider.payment(reference)
        guard case .paid(let amount) = known.state else { return nil }
        let (_, id) = try await credit(
            amount, named: [reference], known.names, provider, tenant, saved: known.saved)
        guard let id else { return nil }
        let payment = try await required(id, of: tenant)
        return payment.state == .paid ? payment : nil
    }

    /// Books a bank's objection, and that it was given up; whichever message comes first brings the other's work along.
    private func book(_ dispute: ProviderDispute, of payment: Payment) async throws -> String {
        let taken = try await take(
            .takenBack(
                ids.next(at: clock.now()), .chargeback, dispute.amount, reference: dispute.reference),
            of: payment, memo: "a bank took the payment back", actor: payment.provider)
        if taken != nil, dispute.state != .won {
            logger.error(
                "a bank took a payment back",
                metadata: [
                    "payment": "\(payment.id)", "tenant": "\(payment.tenant)", "amount": "\(dispute.amount)",
                ])
        }
        guard dispute.state == .won else { return taken == nil ? "taken before" : "charged back" }
        _ = try await take(
            .regained(reference: dispute.reference), of: payment, memo: "the dispute was won",
            actor: payment.provider)
        return "won"
    }

    private func tellOfStranger(
        _ amount: Money, _ reference: String, _ provider: any PaymentProvider, _ tenant: TenantID
    ) async throws {
        logger.error(
            "money has come and nobody knows whose it is",
            metadata: ["reference": "\(reference)", "tenant": "\(tenant)", "amount": "\(amount)"])
        let isNew = try await pool.transaction(tenant: tenant) { [ids] transaction in
            let told = try transaction.query(
                PaymentWrites.tell(
                    "payment.unassigned", once: "payment.unassigned:\(provider.name):\(reference)", nil,
                    [
                        "provider": .string(provider.name), "reference": .string(reference),
                        "amount_minor": .integer(amount.minor), "currency": .string(amount.currency.code),
                    ], of: tenant, as: ids.next(at: transaction.realNow), at: transaction.now))
            return told.affected == 1
        }
        if isNew { PaymentMetrics.notCredited(.stranger) }
    }
}
