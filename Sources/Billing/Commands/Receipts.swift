public import Primitives

/// What a refund gave back, and how what it took back stands since.
public struct RefundReceipt: Sendable {
    public let entry: JournalEntryID
    public let order: OrderID
    public let amount: Money
    /// The wallet's.
    public let balance: Money
    /// Whether all of the order has been given back with it.
    public let isWhole: Bool
    /// The order's subscriptions whose time it took back.
    public let subscriptions: [SubscriptionStanding]
}

/// Until when a subscription is paid, and whether it is over.
public struct SubscriptionStanding: Sendable, Hashable {
    public let id: SubscriptionID
    public let activeUntil: Instant
    public let isEnded: Bool
}

/// What a cancellation gave back, and when the subscription ends.
public struct CancellationReceipt: Sendable {
    public let subscription: SubscriptionID
    public let way: Cancellation.Way
    /// Of all orders together.
    public let refund: Money
    public let refunds: [OrderReversal]
    /// The wallet's.
    public let balance: Money
    /// Until when it is paid: with `atEnd` still to come.
    public let activeUntil: Instant
}

/// What went back of one order.
public struct OrderReversal: Sendable, Hashable {
    public let order: OrderID
    /// The entry that reverses the order's.
    public let entry: JournalEntryID
    public let amount: Money
}
