internal import Primitives

extension Decider {
    /// Decides a step of a payment. Refusals, in order: customer, payment, whether the step was taken, amount, what is left
    /// of the payment, reference, balance. A customer who is closed is paid, and pays back, all the same.
    mutating func decide(_ movement: PaymentMovement, _ submission: Submission) throws(Refusal) -> Decision {
        let name = TenantKey(tenant: submission.tenant, name: movement.payment)
        guard rows.customers[TenantKey(tenant: submission.tenant, name: movement.customer)] != nil else {
            throw .customerUnknown
        }
        guard let row = rows.payments[name], row.customer == movement.customer,
            row.provider == movement.provider
        else { throw .paymentUnknown }
        // One that is refused half-way, or cannot be answered, leaves no trace.
        let before = self
        do throws(Refusal) {
            var step = PaymentStep(movement, row, submission)
            try take(&step)
            let receipt = step.receipt(rows.books)
            do throws(Fault) {
                if let answer = try remember(.paid(receipt), of: submission) {
                    writes.remembered.append(answer)
                }
            } catch {
                self = before
                return .failed(error)
            }
            rows.payments[name] = step.row
            writes.payments[name] = step.row
            writes.events.append(.paid(step, receipt, submission.id))
            return .answered(.done(.paid(receipt)))
        } catch {
            self = before
            throw error
        }
    }

    private mutating func take(_ step: inout PaymentStep) throws(Refusal) {
        switch step.movement.step {
        case .credit(let amount, let reference): try credit(amount, reference, &step)
        case .holdRefund(let id, let amount): try hold(id, amount, &step)
        case .refundPaid(let id, let reference): try payBack(id, reference, &step)
        case .refundFailed(let id, let reason): try keep(id, reason, &step)
        case .takenBack(let id, let kind, let amount, let reference):
            try takeBack(id, kind, amount, reference, &step)
        case .regained(let reference): try regain(reference, &step)
        }
    }

    /// The money is the wallet's, as much as was really paid; what is owed is paid of it.
    private mutating func credit(
        _ amount: Money, _ reference: String, _ step: inout PaymentStep
    ) throws(Refusal) {
        guard step.row.entry == nil else { throw .paymentStepTaken }
        guard amount.isPositive, amount.currency == step.currency, rows.books.account(step.wallet) != nil,
            rows.books.account(step.outside) != nil
        else { throw .amountInvalid }
        try post(step, .topUp, from: step.outside, to: step.wallet, amount.minor)
        step.row.entry = step.entry
        step.row.credited = amount.minor
        step.row.reference = reference
        step.moved = amount.minor
        step.kind = "wallet.topped_up"
        if amount != step.row.asked {
            writes.events.append(.differs(step, ids.next(at: madeAt)))
        }
        payDebt(of: step.movement.customer, in: step.currency, step.tenant)
    }

    /// The money is set aside; the balance above its floor has to hold it.
    private mutating func hold(
        _ id: PaymentReversalID, _ asked: Money?, _ step: inout PaymentStep
    ) throws(Refusal) {
        guard step.row.place(of: id) == nil else { throw .paymentStepTaken }
        let left = step.row.money(step.row.refundable)
        let amount = asked ?? left
        if let asked {
            guard asked.isPositive, asked.currency == step.currency else { throw .amountInvalid }
        }
        guard amount.isPositive, amount.minor <= left.minor else {
            throw .refundExceedsPayment(refundable: left)
        }
        open(step.due)
        try post(step, .refundHold, from: step.wallet, to: step.due, amount.minor)
        step.row.held += amount.minor
        step.add(
            PaymentReversalRow(
                id: id, kind: .refund, amount: amount.minor, booked: amount.minor, state: .held,
                reference: nil, hold: step.entry, entry: nil, memo: step.movement.memo,
                actor: step.movement.actor))
        step.moved = amount.minor
        step.kind = "payment.refund_held"
    }

    /// The provider has paid a refund back. One that was given up before, and went all the same, is a fact like any other.
    private mutating func payBack(
        _ id: PaymentReversalID, _ reference: String, _ step: inout PaymentStep
    ) throws(Refusal) {
        guard let place = step.row.place(of: id) else { throw .paymentUnknown }
        let reversal = step.row.reversals[place]
        switch reversal.state {
        case .returned: throw .paymentStepTaken
        case .held: try release(place, &step, as: ids.next(at: madeAt))
        case .released, .regained: break
        }
        try book(place, reversal.amount, .topUpRefund, reference, &step)
        step.kind = "payment.refunded"
    }

    /// A refund did not go, or bounced: the wallet has its money again.
    private mutating func keep(
        _ id: PaymentReversalID, _ reason: String, _ step: inout PaymentStep
    ) throws(Refusal) {
        guard let place = step.row.place(of: id) else { throw .paymentUnknown }
        switch step.row.reversals[place].state {
        case .released, .regained: throw .paymentStepTaken
        case .held: try release(place, &step, as: step.entry)
        case .returned: try bringBack(place, &step)
        }
        step.row.reversals[place].problem = reason
        step.moved = step.row.reversals[place].amount
        step.kind = "payment.refund_failed"
    }

    /// Somebody else has given the money back or taken it: a fact, whatever the wallet holds. A bank comes before refunds that
    /// have not gone yet.
    private mutating func takeBack(
        _ id: PaymentReversalID, _ kind: PaymentReversal.Kind, _ amount: Money, _ reference: String,
        _ step: inout PaymentStep
    ) throws(Refusal) {
        guard !step.row.reversals.contains(where: { $0.reference == reference || $0.id == id }) else {
            throw .paymentStepTaken
        }
        guard amount.isPositive, amount.currency == step.currency else { throw .amountInvalid }
        guard step.row.entry != nil else { throw .refundExceedsPayment(refundable: .zero(step.currency)) }
        if kind == .chargeback {
            for place in step.row.reversals.indices where step.row.reversals[place].state == .held {
                try release(place, &step, as: ids.next(at: madeAt))
                step.row.reversals[place].problem = "a bank took the payment back"
            }
        }
        step.add(
            PaymentReversalRow(
                id: id, kind: kind, amount: amount.minor, booked: 0, state: .returned, reference: nil,
                hold: nil, entry: nil, memo: step.movement.memo, actor: step.movement.actor))
        try book(
            step.row.reversals.count - 1, amount.minor, kind == .refund ? .topUpRefund : .chargeback,
            reference,
            &step)
        step.kind = kind == .refund ? "payment.refunded" : "payment.charged_back"
    }

    private mutating func regain(_ reference: String, _ step: inout PaymentStep) throws(Refusal) {
        guard let place = step.row.reversals.firstIndex(where: { $0.reference == reference }) else {
            throw .paymentUnknown
        }
        guard step.row.reversals[place].state == .returned else { throw .paymentStepTaken }
        step.reversal = step.row.reversals[place].id
        step.moved = step.row.reversals[place].booked
        try bringBack(place, &step)
        step.kind = "payment.regained"
    }
}
