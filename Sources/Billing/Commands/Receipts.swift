public import Catalog
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

/// What a change of plan has cost, and what the subscription has since.
public struct PlanChangeReceipt: Sendable {
    public let order: OrderID
    public let subscription: SubscriptionID
    public let plan: Plan
    /// What the new plan's first period costs.
    public let charge: Money
    /// What the time that was taken back was worth: all of `credits`.
    public let credit: Money
    /// Charge less credit; what is negative went back to the wallet.
    public let net: Money
    public let credits: [OrderReversal]
    /// The wallet's.
    public let balance: Money
    public let period: ServicePeriod
    /// Where the networks are others: one new port on each of them, in the plan's order, all under the first one's login.
    /// Empty where the ports stay.
    public let units: [StockUnit]
    /// `nil` where the plan offers no choice of exit.
    public let exit: Exit?
}
