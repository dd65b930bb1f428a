package import Catalog
package import Primitives

/// One step of a script. What is declared twice is declared anew, as a catalogue file would.
package enum Line: Equatable, Sendable {
    /// A tenant's own accounts in a currency, and how far its float may go below zero.
    case books(tenant: Int, currency: Currency, limit: Int64)
    case customer(CustomerLine)
    case network(NetworkLine)
    case plan(PlanLine)
    case coupon(CouponLine)
    /// What a customer's group has of a plan from now on; without a price, nothing of its own any more.
    case list(ListLine)
    /// The clock shows these milliseconds from now on; it may be moved back, and stands still otherwise.
    case clock(Int64)
    /// A request arrives and waits.
    case ask(Request)
    /// The first so many of those who wait are decided and committed as one group.
    case commit(Int)
    /// The first so many are decided, and the process dies before the commit: they are asked again.
    case crash(Int)
    /// Those who wait come in another order.
    case shuffle(UInt64)
    /// The worker takes slots back from subscriptions that are over.
    case expire
    /// Slots that were taken back have rested and are on the shelf again.
    case restock
    /// A customer has a subscription of one slot moved to another network.
    case relocate(tenant: Int, SubscriptionName, network: Int)
}

package struct CustomerLine: Equatable, Sendable {
    package var name: Name
    package var currency: Currency
    package var limit: Int64
    package var isOpen = true
}

package struct NetworkLine: Equatable, Sendable {
    package var name: Name
    package var slots: Int
    package var isOn = true
}

package struct PlanLine: Equatable, Sendable {
    package var name: Name
    package var currency: Currency
    package var price: Int64?
    package var wholesale: Int64?
    package var duration: Int64?
    package var trial: Int64?
    /// A subscription is lent a slot on each.
    package var networks: [Int] = []
    /// What a buyer may choose of an exit; both or neither.
    package var exits: [String] = []
    package var rotations: [String] = []
    package var product = "proxy"
    package var isShared = false
    package var doors: [String] = ["gate"]
    package var isOn = true
}

package struct ListLine: Equatable, Sendable {
    package var customer: Name
    package var plan: Int
    package var price: Int64?
}

package struct CouponLine: Equatable, Sendable {
    package var name: Name
    /// In hundredths of a percent, where the coupon takes a share.
    package var percent: Int32?
    package var amount: Money?
    /// The most that a share takes off.
    package var most: Money?
    package var minimum: Money?
    package var budget: Money?
    package var limit: Int32?
    package var perCustomer: Int32?
    package var plans: [Int]?
    package var kinds: [OrderKind]?
    package var starts: Int64?
    package var ends: Int64?
    package var isFirstOrderOnly = false
    package var isOn = true
}
