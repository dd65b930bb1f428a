internal import Billing
internal import Catalog
internal import Primitives

// One command's answer, against the model's.
extension Run {
    mutating func compare(_ decision: Decision, _ request: Request) throws(Difference) {
        let expected = model.carryOut(request)
        let given = try verdict(of: decision, request)
        guard expected == given else {
            throw Difference(
                .answer, "request \(request.number): the model says \(expected), the engine says \(given)",
                like: "\(expected.kind), not \(given.kind)")
        }
        if case .answered(.done(.bought(let receipt))) = decision { try take(receipt, request) }
        if case .answered(.done(.changed(let receipt))) = decision,
            let name = subscriptionNames[receipt.subscription]
        {
            try take(receipt.units, for: name, request)
        }
        see(expected, request)
    }

    private func verdict(of decision: Decision, _ request: Request) throws(Difference) -> Verdict {
        let id = Names.command(request.number)
        switch decision {
        case .refused(let refusal): return .refused(refusal)
        case .failed: return .failed
        case .answered(.replayed(let answer)): return .replayed(Self.number(sealed: answer.sealed))
        case .answered(.done(.bought(let receipt))):
            try demand(receipt.order == id.retyped(), "the order has another id than its command", request)
            guard let first = receipt.subscriptions.first else {
                throw Difference(.answer, "request \(request.number): an order made no subscription")
            }
            for one in receipt.subscriptions {
                try demand(
                    one.period == first.period && one.exit == first.exit
                        && one.units.map(\.network) == first.units.map(\.network),
                    "subscriptions of one order differ", request)
            }
            return .bought(
                total: receipt.total, discount: receipt.discount, count: receipt.subscriptions.count,
                start: first.period.start.milliseconds, end: first.period.end.milliseconds,
                networks: first.units.map { Names.number($0.network) })
        case .answered(.done(.renewed(let receipt))):
            try demand(receipt.order == id.retyped(), "the order has another id than its command", request)
            return .renewed(
                subscriptionNames[receipt.subscription] ?? SubscriptionName(order: -1, index: 0),
                total: receipt.total, end: receipt.activeUntil.milliseconds)
        case .answered(.done(.refunded(let receipt))):
            try demand(receipt.entry == id.retyped(), "the entry has another id than its command", request)
            return .refunded(
                receipt.amount, balance: receipt.balance, isWhole: receipt.isWhole,
                ended: Set(receipt.subscriptions.filter(\.isEnded).compactMap { subscriptionNames[$0.id] }))
        case .answered(.done(.cancelled(let receipt))):
            let nobody = SubscriptionName(order: -1, index: 0)
            return .cancelled(
                subscriptionNames[receipt.subscription] ?? nobody, refund: receipt.refund,
                orders: amounts(receipt.refunds), balance: receipt.balance,
                end: receipt.activeUntil.milliseconds)
        case .answered(.done(.changed(let receipt))):
            try demand(receipt.order == id.retyped(), "the order has another id than its command", request)
            return .changed(
                subscriptionNames[receipt.subscription] ?? SubscriptionName(order: -1, index: 0),
                net: receipt.net, credits: amounts(receipt.credits), balance: receipt.balance,
                end: receipt.period.end.milliseconds, networks: receipt.units.map { Names.number($0.network) }
            )
        case .answered(.done(.moved(let receipt))):
            try demand(receipt.entry == id.retyped(), "the entry has another id than its command", request)
            return .moved(receipt.amount, balance: receipt.balance)
        case .answered(.done(.placed)), .answered(.done(.settled)), .answered(.done(.closed)):
            preconditionFailure("no order that waits for money is drawn")
        case .answered(.done(.paid)): preconditionFailure("no payment is drawn")
        }
    }

    /// What went back of each order.
    private func amounts(_ reversals: [OrderReversal]) -> [Int: Int64] {
        Dictionary(
            reversals.map { (Names.number($0.order), $0.amount.minor) }, uniquingKeysWith: { $1 })
    }

    private func demand(_ holds: Bool, _ text: String, _ request: Request) throws(Difference) {
        if !holds { throw Difference(.answer, "request \(request.number): \(text)") }
    }

    /// Which slots are lent is the engine's choice; that they were free, and on the plan's networks, is not.
    private mutating func take(_ receipt: PurchaseReceipt, _ request: Request) throws(Difference) {
        for (index, issued) in receipt.subscriptions.enumerated() {
            let name = SubscriptionName(order: request.number, index: index)
            try demand(subscriptionNames[issued.id] == nil, "a subscription's id was given before", request)
            subscriptionIDs[name] = issued.id
            subscriptionNames[issued.id] = name
            try take(issued.units, for: name, request)
        }
    }

    private mutating func take(
        _ units: [StockUnit], for name: SubscriptionName, _ request: Request
    ) throws(Difference) {
        for unit in units {
            let slot = Names.slotName(unit.slot, unit.tenant)
            try demand(
                unit.tenant == Names.tenant(request.tenant)
                    && slot.network.number == Names.number(unit.network)
                    && unit.username == units[0].username,
                "a slot of elsewhere was lent, or under another login", request)
            guard model.lend(slot, to: name) else {
                throw Difference(.slot, "request \(request.number) was lent a slot that was not free")
            }
        }
    }

    private mutating func see(_ verdict: Verdict, _ request: Request) {
        switch verdict {
        case .bought(let total, let discount, _, _, _, _):
            if case .trial = request.action { see(.trialStarted) } else { see(.bought) }
            see(money: total, discount)
        case .renewed(_, let total, _):
            see(.renewed)
            see(money: total, .zero(total.currency))
        case .moved(_, let balance), .refunded(_, let balance, _, _), .cancelled(_, _, _, let balance, _),
            .changed(_, _, _, let balance, _, _):
            see(moved: request, balance)
        case .replayed: see(.replayed)
        case .failed: see(.answerFailed)
        case .refused(let refusal):
            see(Sight(refusal))
            if case .insufficientBalance(let required, let available) = refusal,
                available.minor == required.minor - 1
            {
                see(.oneMinorUnitShort)
            }
        }
    }

    private mutating func see(money total: Money, _ discount: Money) {
        if discount.isPositive { see(.couponUsed) }
        if total.minor > Int64.max / 4 { see(.balanceNearTheLimit) }
    }

    private mutating func see(moved request: Request, _ balance: Money) {
        if balance.minor > Int64.max / 4 { see(.balanceNearTheLimit) }
        switch request.action {
        case .topUp: see(.toppedUp)
        case .floatTopUp: see(.floatToppedUp)
        case .adjustment(_, let amount, _): see(amount.isPositive ? .granted : .deducted)
        case .refund(_, _, _, let keepsService): if keepsService { see(.keptService) }
        case .purchase, .renewal, .trial, .cancellation, .planChange: break
        }
    }
}
