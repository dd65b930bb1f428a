package import Primitives

/// Why value moved.
package enum EntryReason: String, Sendable {
    case purchase, renewal, trial, cancellation
    case planChange = "plan_change"
    case topUp = "top_up"
    case refund, adjustment
    case floatTopUp = "float_top_up"
    /// A refund of a top-up was asked for: its money is set aside; and is set free again, to go or to stay.
    case refundHold = "refund_hold"
    case refundRelease = "refund_release"
    /// The reversals of a top-up: the provider has paid it back, or a bank has taken it.
    case topUpRefund = "top_up_refund"
    case chargeback
    /// What had gone back has come again: a dispute was won, a refund bounced.
    case regained
    /// What a wallet could not give became what its customer owes; and was paid.
    case debt
    case debtPayment = "debt_payment"
}

/// One business event: transfers that stand or fall together, with a reason and the thing that caused it.
package struct JournalEntry: Sendable {
    package let tenant: TenantID
    package let id: JournalEntryID
    package let reason: EntryReason
    package var order: OrderID?
    package var reverses: JournalEntryID?
    package var reference: String?
    package var memo: String?
    package var actor: String?
    package let at: Instant
}
