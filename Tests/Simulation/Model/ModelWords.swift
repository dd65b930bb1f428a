internal import Billing
internal import Catalog
internal import Primitives

/// Where value can be.
struct Place: Hashable, Sendable {
    enum Purse: Hashable, Sendable {
        case wallet(Int), revenue, outside, adjustments, float, platformRevenue, platformOutside

        /// Whether the balance grows when the purse is given something.
        var growsWhenGiven: Bool {
            switch self {
            case .wallet, .revenue, .float, .platformRevenue: true
            case .outside, .adjustments, .platformOutside: false
            }
        }
    }

    var tenant: Int
    var purse: Purse
    var currency: Currency
}

struct Order: Equatable {
    var customer: Int
    var kind: OrderKind
    var plan: Int
    var subscription: SubscriptionName?
    var quantity: Int64
    var repeats: Int64
    var list: Int64
    var discount: Int64
    var total: Int64
    var wholesale: Int64?
    var currency: Currency
    var coupon: Int?
    var refunded: Int64 = 0
    var wholesaleRefunded: Int64 = 0
    var isRefunded = false
}

struct Subscription: Equatable {
    var tenant: Int
    var customer: Int
    var plan: Int
    var door: String
    var end: Int64
    var isEnded = false
    var terms: [Term]
    /// The slots it holds now, in the order of its plan's networks.
    var slots: [SlotName] = []
    /// Country and rotation of its exit, where the plan had some to choose from.
    var exit: [String]?
}

struct Term: Equatable {
    var order: Int
    var start: Int64
    var end: Int64
    var amount: Int64
    /// Where its time was taken back from.
    var cut: Int64?

    /// Whether it serves any time at all, or did.
    var serves: Bool { cut != start }
}

/// One use of a coupon, by the order that it was used on.
struct Redemption: Equatable {
    var coupon: Int
    var customer: Int
    var amount: Int64
    var isGivenBack = false
}

struct TriedPlan: Hashable {
    var tenant: Int
    var customer: Int
    var plan: Int
}

struct SlotName: Hashable, Comparable {
    var network: Name
    var index: Int

    static func < (left: SlotName, right: SlotName) -> Bool {
        (left.network, left.index) < (right.network, right.index)
    }
}

enum SlotState: Equatable {
    case free
    case lent(SubscriptionName)
    /// Given back and not yet to be lent again.
    case resting
}

struct KeyName: Hashable {
    var tenant: Int
    var by: Int
    var key: Int
}

struct Remembered: Equatable {
    var request: Int
    var body: Int
}

extension Request {
    /// A key names a request only together with who asks.
    var keyName: KeyName? {
        guard let by, let key else { return nil }
        return KeyName(tenant: tenant, by: by, key: key)
    }
}

/// What became of a request.
enum Verdict: Equatable {
    case bought(total: Money, discount: Money, count: Int, start: Int64, end: Int64, networks: [Int])
    case renewed(SubscriptionName, total: Money, end: Int64)
    case moved(Money, balance: Money)
    /// Which subscriptions have ended by it.
    case refunded(Money, balance: Money, isWhole: Bool, ended: Set<SubscriptionName>)
    /// What goes back of each order.
    case cancelled(SubscriptionName, refund: Money, orders: [Int: Int64], balance: Money, end: Int64)
    /// What is credited of each order, and where it is lent new slots.
    case changed(
        SubscriptionName, net: Money, credits: [Int: Int64], balance: Money, end: Int64, networks: [Int])
    /// The answer of this earlier request.
    case replayed(Int)
    case refused(Refusal)
    /// The answer could not be made; nothing is written.
    case failed

    /// The verdict without its figures.
    var kind: String {
        switch self {
        case .bought: "bought"
        case .renewed: "renewed"
        case .moved: "moved"
        case .refunded: "refunded"
        case .cancelled: "cancelled"
        case .changed: "changed"
        case .replayed: "replayed"
        case .refused(let refusal): Sight(refusal).rawValue
        case .failed: "failed"
        }
    }
}
