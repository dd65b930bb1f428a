internal import Primitives

/// One event of the journal, as a customer's statement has it: what it did to their wallet.
struct EntryView: Sendable, Equatable {
    let id: JournalEntryID
    let reason: String
    let recordedAt: Instant
    /// What the wallet gained; below zero where it paid, zero where no money moved.
    let amount: Money
    /// What the wallet held since; `nil` where no money moved.
    let balance: Money?
    /// Its number in the wallet's statement, which has no gaps; `nil` where no money moved.
    let sequence: Int64?
    let order: OrderID?
    /// The event's outside name.
    let reference: String?
    let memo: String?
    let actor: String?

    var json: JSON {
        [
            "id": .string(id.description), "at": .string(recordedAt.rfc3339()), "reason": .string(reason),
            "amount": .string(amount.description),
            "balance": balance.map { .string($0.description) } ?? .null,
            "sequence": sequence.map(JSON.integer) ?? .null,
            "order": order.map { .string($0.description) } ?? .null,
            "reference": reference.map(JSON.string) ?? .null, "memo": memo.map(JSON.string) ?? .null,
            "actor": actor.map(JSON.string) ?? .null,
        ]
    }

    var line: String {
        let sign = amount.isPositive ? "+" : ""
        let rest = [
            balance.map { "balance \($0)" }, reference.map { "reference \($0)" }, memo.map { "\"\($0)\"" },
            actor.map { "by \($0)" }, order.map { "order \($0)" },
        ].compactMap { $0 }
        return (["\(recordedAt.rfc3339())  \(reason)  \(sign)\(amount)"] + rest).joined(separator: "  ")
    }
}
