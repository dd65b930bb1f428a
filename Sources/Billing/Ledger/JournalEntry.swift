internal import Primitives

/// Why value moved.
enum EntryReason: String, Sendable {
    case purchase, renewal, trial
    case topUp = "top_up"
    case refund, adjustment
    case floatTopUp = "float_top_up"
}

/// One business event: transfers that stand or fall together, with a reason and the thing that caused it.
struct JournalEntry: Sendable {
    let tenant: TenantID
    let id: JournalEntryID
    let reason: EntryReason
    var order: OrderID?
    var reverses: JournalEntryID?
    var reference: String?
    var memo: String?
    var actor: String?
    let at: Instant
}
