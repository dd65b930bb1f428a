package import Primitives

/// Why value moved.
package enum EntryReason: String, Sendable {
    case purchase, renewal, trial, cancellation
    case planChange = "plan_change"
    case topUp = "top_up"
    case refund, adjustment
    case floatTopUp = "float_top_up"
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
