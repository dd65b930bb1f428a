public import Primitives

/// What a command would come to at one moment, decided by the same rules on the same rows; nothing of it has happened.
///
/// Ids in it name nothing, and ports of it are lent to nobody: they come without credentials.
public struct Preview: Sendable {
    /// The tenant's time that it was reckoned for. A refund, cancellation or change of plan that names it (`asOf`) comes
    /// to the same figures, unless something else has happened to the subscription since.
    public let at: Instant
    public let outcome: Outcome

    /// For how long an action may name a preview's moment, in ms.
    public static let goodForMilliseconds: Int64 = 900_000
}

extension Outcome {
    /// The outcome without what lets its reader use a port.
    var withoutCredentials: Outcome {
        switch self {
        case .bought(let receipt):
            .bought(receipt.withoutCredentials)
        case .changed(let receipt):
            .changed(
                PlanChangeReceipt(
                    order: receipt.order, subscription: receipt.subscription, plan: receipt.plan,
                    charge: receipt.charge, credit: receipt.credit, net: receipt.net,
                    credits: receipt.credits, balance: receipt.balance, period: receipt.period,
                    units: receipt.units.map(\.withoutCredentials), exit: receipt.exit))
        case .renewed, .refunded, .cancelled, .moved, .placed, .closed, .paid: self
        case .settled(let receipt):
            if case .bought(let bought) = receipt.result {
                .settled(
                    SettlementReceipt(
                        order: receipt.order, movement: receipt.movement,
                        result: .bought(bought.withoutCredentials)))
            } else {
                self
            }
        }
    }
}

extension PurchaseReceipt {
    fileprivate var withoutCredentials: PurchaseReceipt {
        PurchaseReceipt(
            order: order, plan: plan, total: total, discount: discount,
            subscriptions: subscriptions.map {
                IssuedSubscription(
                    id: $0.id, period: $0.period, units: $0.units.map(\.withoutCredentials), exit: $0.exit)
            })
    }
}

extension StockUnit {
    fileprivate var withoutCredentials: StockUnit {
        StockUnit(
            tenant: tenant, slot: slot, gateway: gateway, network: network, port: port, rank: rank,
            username: "", secret: [])
    }
}
