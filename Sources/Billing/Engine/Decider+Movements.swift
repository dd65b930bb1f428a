internal import Primitives

extension Decider {
    /// Decides a top-up: money from outside onto the wallet, once per reference.
    mutating func decide(_ topUp: TopUp, _ submission: Submission) throws(Refusal) -> Decision {
        let customer = try customer(topUp.customer, of: submission.tenant)
        guard topUp.amount.isPositive, topUp.amount.currency == customer.currency else {
            throw .amountInvalid
        }
        let wallet = AccountKey.wallet(submission.tenant, topUp.customer, topUp.amount.currency)
        let outside = AccountKey.own(submission.tenant, .outside, topUp.amount.currency)
        return try move(
            [Leg(debit: outside, credit: wallet, amount: topUp.amount)], on: wallet, amount: topUp.amount,
            JournalEntry(
                tenant: submission.tenant, id: submission.id.retyped(), reason: .topUp,
                reference: topUp.reference,
                memo: topUp.memo, actor: topUp.actor, at: now),
            kind: "wallet.topped_up", customer: topUp.customer, submission)
    }

    /// Decides a top-up of the tenant's own prepaid float, once per reference.
    mutating func decide(_ topUp: FloatTopUp, _ submission: Submission) throws(Refusal) -> Decision {
        guard topUp.amount.isPositive else { throw .amountInvalid }
        let float = AccountKey.own(submission.tenant, .float, topUp.amount.currency)
        let outside = AccountKey.own(submission.tenant, .platformOutside, topUp.amount.currency)
        return try move(
            [Leg(debit: outside, credit: float, amount: topUp.amount)], on: float, amount: topUp.amount,
            JournalEntry(
                tenant: submission.tenant, id: submission.id.retyped(), reason: .floatTopUp,
                reference: topUp.reference, actor: topUp.actor, at: now),
            kind: "float.topped_up", customer: nil, submission)
    }

    /// Decides a correction: a grant costs the tenant, a deduction gives it back; never below the credit limit.
    mutating func decide(_ adjustment: Adjustment, _ submission: Submission) throws(Refusal) -> Decision {
        let customer = try customer(adjustment.customer, of: submission.tenant)
        let currency = adjustment.amount.currency
        guard !adjustment.amount.isZero, adjustment.amount.minor != .min, currency == customer.currency else {
            throw .amountInvalid
        }
        let wallet = AccountKey.wallet(submission.tenant, adjustment.customer, currency)
        let cost = AccountKey.own(submission.tenant, .adjustments, currency)
        let amount = Money(minor: abs(adjustment.amount.minor), currency: currency)
        let leg =
            adjustment.amount.isPositive
            ? Leg(debit: cost, credit: wallet, amount: amount)
            : Leg(debit: wallet, credit: cost, amount: amount)
        return try move(
            [leg], on: wallet, amount: adjustment.amount,
            JournalEntry(
                tenant: submission.tenant, id: submission.id.retyped(), reason: .adjustment,
                reference: adjustment.reference, memo: adjustment.memo, actor: adjustment.actor, at: now),
            kind: "wallet.adjusted", customer: adjustment.customer, submission)
    }

    /// Posts an entry that makes no order, and answers with the account's new balance.
    mutating func move(
        _ legs: [Leg], on account: AccountKey, amount: Money, _ entry: JournalEntry, kind: String,
        customer: CustomerID?, _ submission: Submission
    ) throws(Refusal) -> Decision {
        // Books that the tenant does not keep in this currency are a wrong amount, not an empty float.
        guard
            legs.allSatisfy({ rows.books.account($0.debit) != nil && rows.books.account($0.credit) != nil })
        else { throw .amountInvalid }
        if let reference = entry.reference {
            guard !rows.references.contains(TenantKey(tenant: entry.tenant, name: reference)) else {
                throw .referenceUsed
            }
        }
        try check(legs)
        guard let before = rows.books.account(account) else { throw .amountInvalid }
        var after = before.balance
        for leg in legs where leg.debit == account || leg.credit == account {
            let side: Side = leg.debit == account ? .debit : .credit
            guard let balance = before.balance(after: leg.amount, on: side) else { throw .amountTooLarge }
            after = balance
        }
        // What the customer owes is paid of it at once, in an entry of its own.
        if let customer, amount.isPositive {
            after -= debtPayment(of: customer, in: amount.currency, entry.tenant, adding: amount.minor)
        }
        let receipt = MovementReceipt(
            entry: entry.id, amount: amount, balance: Money(minor: after, currency: amount.currency))
        let answer: GroupWrites.Remembered?
        do throws(Fault) { answer = try remember(.moved(receipt), of: submission) } catch {
            return .failed(error)
        }
        post(legs, as: entry.id, in: entry.tenant)
        if let reference = entry.reference {
            rows.references.insert(TenantKey(tenant: entry.tenant, name: reference))
        }
        record(
            entry, .moved(kind, receipt, customer: customer, order: entry.order, entry.tenant, submission.id),
            answer)
        if let customer, amount.isPositive { payDebt(of: customer, in: amount.currency, entry.tenant) }
        return .answered(.done(.moved(receipt)))
    }
}
