internal import Billing
internal import Postgres
internal import Primitives

// What the desk's work has in common: rows, the engine, what a provider's problem means.
extension PaymentDesk {
    func requiredProvider(of tenant: TenantID) async throws -> any PaymentProvider {
        guard let provider = try await providers.find(tenant) else { throw PaymentRefusal.providerMissing }
        return provider
    }

    func required(_ id: PaymentID, of tenant: TenantID) async throws -> Payment {
        let found = try await pool.read(
            tenant: tenant, PaymentStore.payment(id, of: tenant), PaymentStore.payments)
        guard let payment = found.first else { throw PaymentRefusal.paymentUnknown }
        return payment
    }

    func required(_ id: PaymentReversalID, of tenant: TenantID) async throws -> PaymentReversal {
        let found = try await pool.read(
            tenant: tenant, PaymentStore.reversal(id, of: tenant), PaymentStore.reversals)
        guard let reversal = found.first else { throw PaymentRefusal.paymentUnknown }
        return reversal
    }

    /// Who is to pay, as the provider knows them; they have to be open, and their wallet of the amount's currency.
    func payer(
        _ customer: CustomerID, of tenant: TenantID, paying amount: Money, at provider: String,
        _ transaction: Transaction
    ) throws -> Payer {
        guard
            let payer = try PayerStore.payer(
                transaction.query(PayerStore.payer(customer, of: tenant, at: provider)))
        else { throw PaymentRefusal.customerUnknown }
        guard payer.isActive else { throw PaymentRefusal.customerInactive }
        guard amount.isPositive, payer.currency == amount.currency else {
            throw PaymentRefusal.money(.amountInvalid)
        }
        return payer
    }

    /// What a provider's problem means for a payment: its no ends it; else it is asked again later.
    func refusal(_ problem: PaymentProviderProblem, of payment: Payment) async throws -> any Error {
        switch problem {
        case .refused(let code, let message):
            try await fail(payment, for: "\(code): \(message)")
            return PaymentRefusal.declined(code: code, message: message)
        case .unreachable(let fault):
            logger.warning(
                "a payment provider cannot be reached",
                metadata: ["payment": "\(payment.id)", "tenant": "\(payment.tenant)", "cause": "\(fault)"])
            try await later(payment, for: "the provider cannot be reached")
            return problem
        }
    }

    /// Writes down that the provider is asked about it again, ever more seldom.
    func later(_ payment: Payment, for problem: String?) async throws {
        try await pool.transaction(tenant: payment.tenant) { transaction in
            let next = transaction.now.adding(milliseconds: Self.waitMilliseconds(payment.tries))
            _ = try transaction.query(
                PaymentWrites.later(payment.id, of: payment.tenant, problem: problem, nextAt: next))
        }
    }

    /// One minute, two, four … and never more than an hour, in ms.
    static func waitMilliseconds(_ tries: Int32) -> Int64 {
        min(3_600_000, 60_000 << Int64(min(max(tries, 0), 6)))
    }

    func submit(_ command: Command, _ tenant: TenantID) async throws -> Outcome {
        let submission = Submission(
            id: ids.next(at: clock.now()), tenant: tenant, principal: nil, dialect: Self.dialect,
            command: command)
        do throws(EngineError) {
            switch try await carryOut(submission) {
            case .done(let outcome): return outcome
            case .replayed: preconditionFailure("an answer was replayed without a key")
            }
        } catch {
            if case .refused(let refusal) = error { throw PaymentRefusal.money(refusal) }
            throw error
        }
    }

    func move(_ command: Command, _ tenant: TenantID) async throws -> MovementReceipt {
        guard case .moved(let receipt) = try await submit(command, tenant) else {
            preconditionFailure("a movement became something else")
        }
        return receipt
    }

    /// Takes a step of a payment; `nil` where it was taken before.
    func take(
        _ step: PaymentMovement.Step, of payment: Payment, memo: String? = nil, actor: String? = nil
    ) async throws -> PaymentReceipt? {
        let movement = PaymentMovement(of: payment, step, memo: memo, actor: actor)
        do {
            guard case .paid(let receipt) = try await submit(.payment(movement), payment.tenant) else {
                preconditionFailure("a step of a payment became something else")
            }
            return receipt
        } catch PaymentRefusal.money(.paymentStepTaken) {
            return nil
        }
    }
}

extension Instant {
    func laterBy(minutes: Int64) -> Instant { adding(milliseconds: minutes * 60_000) ?? self }
}
