public import Catalog
public import Primitives

/// What the engine answers when a command was carried out, or had been before.
public enum Answer: Sendable {
    case done(Outcome)
    /// The same request was answered before, under the same Idempotency-Key.
    case replayed(RememberedAnswer)
}

/// What became of a command that was carried out.
public enum Outcome: Sendable {
    /// A purchase or a trial.
    case bought(PurchaseReceipt)
    case renewed(RenewalReceipt)
    case refunded(RefundReceipt)
    case cancelled(CancellationReceipt)
    case changed(PlanChangeReceipt)
    /// A top-up or adjustment, with the wallet's (or float's) new balance.
    case moved(MovementReceipt)
    /// An order that waits for money.
    case placed(PlacementReceipt)
    /// Money for such an order, whether or not it was bought.
    case settled(SettlementReceipt)
    /// Such an order that was not paid for.
    case closed(ClosingReceipt)
    /// Money of a payment provider that came, or goes back.
    case paid(PaymentReceipt)
}

/// What a purchase made: one order and its subscriptions, each with the slots it was lent.
public struct PurchaseReceipt: Sendable {
    public let order: OrderID
    public let plan: Plan
    public let total: Money
    public let discount: Money
    public let subscriptions: [IssuedSubscription]
}

/// One subscription of a purchase.
public struct IssuedSubscription: Sendable {
    public let id: SubscriptionID
    public let period: ServicePeriod
    /// One on each of the plan's networks, in their order, all under the first one's login; none for products that
    /// lend no port.
    public let units: [StockUnit]
    /// `nil` where the plan offers no choice of exit.
    public let exit: Exit?
}

/// What a renewal made.
public struct RenewalReceipt: Sendable {
    public let order: OrderID
    public let subscription: SubscriptionID
    public let total: Money
    public let discount: Money
    /// What became of the discount that an earlier purchase promised; `nil` where none was.
    public let promise: PromiseOutcome?
    public let activeUntil: Instant
}

/// What moved, and what the account holds since.
public struct MovementReceipt: Sendable {
    public let entry: JournalEntryID
    public let amount: Money
    public let balance: Money
}
