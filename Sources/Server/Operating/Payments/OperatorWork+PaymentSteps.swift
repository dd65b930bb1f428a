internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// Makes a page where a customer pays, with the record of who asked for it.
    ///
    /// - Throws: `PaymentRefusal`, `Refusal`; `PaymentProviderProblem.unreachable`.
    func openPayment(
        _ amount: Money, by name: String, of slug: String, savesMethod: Bool, at desk: PaymentDesk
    ) async throws -> Payment {
        let provider = try await desk.requiredProvider(of: try await tenantID(slug))
        if let why = provider.objection(to: amount) { throw PaymentRefusal.amountNotPayable(amount, why) }
        let (tenant, customer, id) = try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(slug, transaction)
            let customer = try Self.customer(name, tenant.id, transaction)
            let id: PaymentID = identifiers.next(at: transaction.realNow)
            let now = transaction.realNow.adding(milliseconds: tenant.clockAhead) ?? transaction.realNow
            try desk.write(
                id, amount, for: customer.id, of: tenant.id, at: provider, actor: actor, now: now, transaction
            )
            try write(
                .openedPayment(id, of: customer.id, amount, savesMethod: savesMethod), of: tenant.id,
                transaction)
            return (tenant.id, customer.id, id)
        }
        return try await desk.open(
            amount, for: customer, of: tenant, as: id, savesMethod: savesMethod, actor: actor)
    }

    /// Pays a payment back, or a part of it, with the record of who wanted it.
    ///
    /// - Throws: `PaymentRefusal`, `Refusal`.
    func refundPayment(
        _ amount: Money?, of id: PaymentID, of tenant: TenantID, reason: String, at desk: PaymentDesk
    ) async throws -> PaymentReversal {
        let provider = try await desk.requiredProvider(of: tenant)
        let held = try await pool.transaction(tenant: nil) { transaction in
            let payment = try Self.paidPayment(id, tenant, transaction)
            let hand = try refund(
                amount, of: payment, as: identifiers.next(at: transaction.realNow), at: provider,
                reason: reason)
            let held: HeldPaymentRefund = try carryOut(hand, transaction).answer
            try write(.heldRefund(held, of: id, reason: reason), of: tenant, transaction)
            return held
        }
        return try await desk.pay(held.reversal, of: tenant)
    }

    /// A payment whose money has come.
    static func paidPayment(
        _ id: PaymentID, _ tenant: TenantID, _ transaction: Transaction
    ) throws -> Payment {
        let found = try PaymentStore.payments(transaction.query(PaymentStore.payment(id, of: tenant)))
        guard let payment = found.first else { throw PaymentRefusal.paymentUnknown }
        guard payment.state == .paid else { throw PaymentRefusal.notPaid }
        return payment
    }

    /// The command that sets aside what is to go back: all that is left, where no amount is named.
    func refund(
        _ amount: Money?, of payment: Payment, as id: PaymentReversalID, at provider: any PaymentProvider,
        reason: String
    ) throws -> CommandByHand {
        if let amount, let why = provider.objection(to: amount) {
            throw PaymentRefusal.amountNotPayable(amount, why)
        }
        let movement = PaymentMovement(of: payment, .holdRefund(id, amount), memo: reason, actor: actor)
        return CommandByHand(
            tenant: payment.tenant, command: .payment(movement), dialect: PaymentDesk.dialect, key: nil,
            fingerprint: [])
    }
}

extension AuditNote {
    static func openedPayment(
        _ id: PaymentID, of customer: CustomerID, _ amount: Money, savesMethod: Bool
    ) -> AuditNote {
        AuditNote(
            "openPayment", "payment", id.description, from: nil,
            to: [
                "customer": .string(customer.description), "amount": .string(amount.description),
                "save_card": .bool(savesMethod),
            ])
    }

    static func heldRefund(_ held: HeldPaymentRefund, of payment: PaymentID, reason: String) -> AuditNote {
        AuditNote(
            "refundPayment", "payment", payment.description, from: nil,
            to: held.json.adding(["reason": .string(reason)]))
    }
}
