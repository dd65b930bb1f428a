internal import Primitives

/// One step of a payment while it is decided: the row as it becomes, and what is said of it.
struct PaymentStep {
    let movement: PaymentMovement
    let tenant: TenantID
    /// The entry that carries the command's id.
    let entry: JournalEntryID
    var row: PaymentRow
    var reversal: PaymentReversalID?
    var moved: Int64 = 0
    var excess: Int64 = 0
    var kind = ""

    init(_ movement: PaymentMovement, _ row: PaymentRow, _ submission: Submission) {
        self.movement = movement
        self.row = row
        tenant = submission.tenant
        entry = submission.id.retyped()
        switch movement.step {
        case .holdRefund(let id, _), .refundPaid(let id, _), .refundFailed(let id, _),
            .takenBack(let id, _, _, _):
            reversal = id
        case .credit, .regained: break
        }
    }

    var currency: Currency { row.asked.currency }
    var wallet: AccountKey { .wallet(tenant, movement.customer, currency) }
    var debt: AccountKey { .debt(tenant, movement.customer, currency) }
    var outside: AccountKey { .own(tenant, .outside, currency) }
    var due: AccountKey { .own(tenant, .refundsDue, currency) }

    mutating func add(_ reversal: PaymentReversalRow) {
        var reversal = reversal
        reversal.isChanged = true
        row.reversals.append(reversal)
    }

    func receipt(_ books: Books) -> PaymentReceipt {
        PaymentReceipt(
            payment: row.id, reversal: reversal, amount: row.money(moved), excess: row.money(excess),
            balance: row.money(books.account(wallet)?.balance ?? 0),
            owed: row.money(books.account(debt)?.balance ?? 0))
    }
}

extension AccountKey {
    /// What a customer owes.
    static func debt(_ tenant: TenantID, _ customer: CustomerID, _ currency: Currency) -> AccountKey {
        AccountKey(tenant: tenant, owner: customer.bits, role: .receivable, currency: currency)
    }
}

extension Decider {
    /// Opens an account that nobody has needed before.
    mutating func open(_ key: AccountKey) {
        guard rows.books.account(key) == nil else { return }
        let account = Account(
            id: ids.next(at: madeAt), key: key, balance: 0,
            floor: key.role.normalSide == .credit ? 0 : nil,
            postings: 0)
        rows.books.open(account)
        writes.opened.append(account)
    }

    /// Posts an entry of one leg; `as` names it where it is not the command's own.
    mutating func post(
        _ step: PaymentStep, _ reason: EntryReason, from debit: AccountKey, to credit: AccountKey,
        _ minor: Int64, reversing reversed: JournalEntryID? = nil, as entry: JournalEntryID? = nil
    ) throws(Refusal) {
        let id = entry ?? step.entry
        let reference = id == step.entry ? step.movement.reference : nil
        if let reference {
            let name = TenantKey(tenant: step.tenant, name: reference)
            guard !rows.references.contains(name) else { throw .referenceUsed }
            rows.references.insert(name)
        }
        let legs = [Leg(debit: debit, credit: credit, amount: step.row.money(minor))]
        try check(legs)
        post(legs, as: id, in: step.tenant)
        writes.entries.append(
            JournalEntry(
                tenant: step.tenant, id: id, reason: reason, reverses: reversed, reference: reference,
                memo: step.movement.memo, actor: step.movement.actor, at: now))
    }

    /// Sets a refund's money free again: the wallet has it.
    mutating func release(
        _ place: Int, _ step: inout PaymentStep, as entry: JournalEntryID
    ) throws(Refusal) {
        let reversal = step.row.reversals[place]
        precondition(reversal.state == .held, "what is not set aside is not set free")
        try post(
            step, .refundRelease, from: step.due, to: step.wallet, reversal.booked, reversing: reversal.hold,
            as: entry)
        step.row.held -= reversal.booked
        step.row.reversals[place].state = .released
        step.row.reversals[place].booked = 0
        step.row.reversals[place].isChanged = true
    }

    /// Books what has gone, as much as the payment still has; what the wallet does not hold, its customer owes.
    mutating func book(
        _ place: Int, _ amount: Int64, _ reason: EntryReason, _ reference: String, _ step: inout PaymentStep
    ) throws(Refusal) {
        let booked = min(amount, step.row.refundable)
        if booked > 0 {
            let short = booked - max(0, rows.books.available(step.wallet) ?? booked)
            if short > 0 {
                open(step.debt)
                try post(step, .debt, from: step.debt, to: step.wallet, short, as: ids.next(at: madeAt))
            }
            try post(step, reason, from: step.wallet, to: step.outside, booked, reversing: step.row.entry)
            step.row.reversals[place].entry = step.entry
        }
        step.row.returned += booked
        step.row.reversals[place].booked = booked
        step.row.reversals[place].state = .returned
        step.row.reversals[place].reference = reference
        step.row.reversals[place].isChanged = true
        step.moved = booked
        step.excess = amount - booked
        if step.excess > 0 { step.row.reversals[place].problem = "more than was left of the payment" }
    }

    /// What had gone has come again: the wallet has it, and what is owed is paid of it.
    mutating func bringBack(_ place: Int, _ step: inout PaymentStep) throws(Refusal) {
        let reversal = step.row.reversals[place]
        precondition(reversal.state == .returned, "what has not gone does not come again")
        if reversal.booked > 0 {
            try post(
                step, .regained, from: step.outside, to: step.wallet, reversal.booked,
                reversing: reversal.entry)
        }
        step.row.returned -= reversal.booked
        step.row.reversals[place].state = .regained
        step.row.reversals[place].booked = 0
        step.row.reversals[place].isChanged = true
        payDebt(of: step.movement.customer, in: step.currency, step.tenant)
    }

    /// How much of what a customer owes would be paid, with so much more on the wallet.
    func debtPayment(
        of customer: CustomerID, in currency: Currency, _ tenant: TenantID, adding minor: Int64
    ) -> Int64 {
        guard let owed = rows.books.account(.debt(tenant, customer, currency))?.balance, owed > 0,
            let available = rows.books.available(.wallet(tenant, customer, currency))
        else { return 0 }
        let (sum, overflow) = available.addingReportingOverflow(minor)
        return max(0, min(owed, overflow ? .max : sum))
    }

    /// Pays what a customer owes from what has come onto their wallet, in an entry of its own.
    mutating func payDebt(of customer: CustomerID, in currency: Currency, _ tenant: TenantID) {
        let minor = debtPayment(of: customer, in: currency, tenant, adding: 0)
        guard minor > 0 else { return }
        let id: CommandID = ids.next(at: madeAt)
        let amount = Money(minor: minor, currency: currency)
        let wallet = AccountKey.wallet(tenant, customer, currency)
        post(
            [Leg(debit: wallet, credit: .debt(tenant, customer, currency), amount: amount)],
            as: id.retyped(),
            in: tenant)
        let balance = rows.books.account(wallet)?.balance ?? 0
        record(
            JournalEntry(tenant: tenant, id: id.retyped(), reason: .debtPayment, at: now),
            .moved(
                "wallet.debt_paid",
                MovementReceipt(
                    entry: id.retyped(), amount: amount, balance: Money(minor: balance, currency: currency)),
                customer: customer, order: nil, tenant, id), nil)
    }
}
