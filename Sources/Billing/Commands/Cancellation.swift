public import Primitives

/// Ends one subscription, now or where its paid time ends.
///
/// What is given back goes back order by order, each by a reversal of its own, and never exceeds what was paid. A door
/// asks for subscriptions of its own dialect; who has no principal (an operator, a job) for any.
public struct Cancellation: Sendable {
    /// When it ends, and what is given back.
    public enum Way: String, Sendable, Hashable, CaseIterable {
        /// At once: what was paid for the time that is not served any more is given back.
        case now
        /// With its paid time: nobody renews it by itself any more, and nothing is given back. Who switches automatic
        /// renewal on again while it lives has undone it.
        case atEnd = "at_end"
        /// At once: it could not be delivered, so all that was paid for it is given back, served time included.
        case undeliverable
    }

    public var customer: CustomerID
    public var subscription: SubscriptionID
    public var way: Way
    /// Gives nothing back of what was paid: for a breach of the tenant's terms.
    public var keepsMoney: Bool
    /// What the customer was shown; what is given back equals it or nothing is done.
    public var expectedRefund: Money?
    /// The moment of the preview whose figures it has to come to; `nil`: now.
    public var asOf: Instant?
    public var memo: String?
    public var actor: String?

    public init(
        customer: CustomerID, subscription: SubscriptionID, way: Way, keepsMoney: Bool = false,
        expectedRefund: Money? = nil, asOf: Instant? = nil, memo: String? = nil, actor: String? = nil
    ) {
        self.asOf = asOf
        self.customer = customer
        self.subscription = subscription
        self.way = way
        self.keepsMoney = keepsMoney
        self.expectedRefund = expectedRefund
        self.memo = memo
        self.actor = actor
    }
}
