/// The jobs there are: what is done when nobody asks.
enum JobName: String, Sendable, CaseIterable {
    case renewals, expiry, undelivered
    case pendingOrders = "pending-orders"
    case payments
    case autoTopUps = "auto-top-ups"
    case slots, coupons, retention, reconcile

    /// What the job does, in a sentence.
    var summary: String {
        switch self {
        case .renewals: "Renew, from the customers' balances, what is due to renew itself."
        case .expiry: "End, once their grace is over, what nobody has paid any further, and return its slots."
        case .undelivered: "Give back what was paid for ports that no gateway has opened in time."
        case .pendingOrders:
            "End the orders that nobody has paid for in time, and free the coupons that they reserved."
        case .payments:
            "Go on with payments and refunds whose end nobody has heard, by asking their payment provider."
        case .autoTopUps: "Fill wallets that are low from the cards that their customers have saved."
        case .slots: "Keep ports in stock where no worker does, and tell, once, of networks that run short."
        case .coupons:
            "Tell, once, of coupons whose window is past, or whose redemptions or budget are used up."
        case .retention:
            "Forget old idempotency keys, renewal attempts, days of the request log and runs of jobs."
        case .reconcile: "Compare ledger, orders and allocations; say what differs, repair nothing."
        }
    }

    /// How long after one run has begun `work` begins the next, in ms.
    var everyMilliseconds: Int64 {
        switch self {
        case .renewals, .expiry, .undelivered, .pendingOrders, .payments, .autoTopUps, .slots: 60_000
        case .coupons, .retention: 3_600_000
        case .reconcile: 86_400_000
        }
    }

    /// Whether a run by itself opens or seals secrets, and so needs the installation's key.
    var needsKey: Bool {
        switch self {
        case .slots, .payments, .autoTopUps: true
        case .renewals, .expiry, .undelivered, .pendingOrders, .coupons, .retention, .reconcile: false
        }
    }
}
