internal import Primitives

/// One movement as it is asked for: one debit, one credit, a positive amount of one currency.
struct Leg: Sendable {
    let debit: AccountKey
    let credit: AccountKey
    let amount: Int64

    init(debit: AccountKey, credit: AccountKey, amount: Money) {
        precondition(amount.isPositive, "a transfer moves a positive amount")
        precondition(debit != credit, "a transfer has two accounts")
        precondition(
            debit.currency == amount.currency && credit.currency == amount.currency
                && debit.tenant == credit.tenant,
            "both sides of a transfer are in one currency and in one tenant")
        self.debit = debit
        self.credit = credit
        self.amount = amount.minor
    }
}

/// One movement as it is posted: a row with both its postings.
struct Transfer: Sendable {
    let tenant: TenantID
    let entry: JournalEntryID
    let line: Int16
    let debit: AccountID
    let credit: AccountID
    let currency: Currency
    let amount: Int64
    let debitSequence: Int64
    let creditSequence: Int64
    let debitBalanceAfter: Int64
    let creditBalanceAfter: Int64
}
