package import Primitives

/// A payment under the group's lock, with what goes back of it.
package struct PaymentRow: Sendable {
    package let id: PaymentID
    package let customer: CustomerID
    package let provider: String
    package let asked: Money
    package var credited: Int64
    package var held: Int64
    package var returned: Int64
    /// The top-up; `nil` while nothing has come.
    package var entry: JournalEntryID?
    /// The provider's name of it; kept where the row has none.
    package var reference: String?
    package var reversals: [PaymentReversalRow] = []
    /// Those that the group has made or changed, as they are now: what it writes.
    package var changed: [PaymentReversalRow] { reversals.filter(\.isChanged) }

    var refundable: Int64 { credited - held - returned }

    func money(_ minor: Int64) -> Money { Money(minor: minor, currency: asked.currency) }

    func place(of id: PaymentReversalID) -> Int? { reversals.firstIndex { $0.id == id } }
}

/// A part of a payment that goes back, as the engine needs it.
package struct PaymentReversalRow: Sendable {
    package let id: PaymentReversalID
    package let kind: PaymentReversal.Kind
    package let amount: Int64
    package var booked: Int64
    package var state: PaymentReversal.State
    package var reference: String?
    /// The entry that set its money aside, and the one that reverses the top-up.
    package let hold: JournalEntryID?
    package var entry: JournalEntryID?
    package let memo: String?
    package let actor: String?
    package var problem: String?
    package var isChanged = false
}
