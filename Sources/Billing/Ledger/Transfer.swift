package import Primitives

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
package struct Transfer: Sendable {
    package let tenant: TenantID
    package let entry: JournalEntryID
    package let line: Int16
    package let debit: AccountID
    package let credit: AccountID
    package let currency: Currency
    package let amount: Int64
    package let debitSequence: Int64
    package let creditSequence: Int64
    package let debitBalanceAfter: Int64
    package let creditBalanceAfter: Int64
}
