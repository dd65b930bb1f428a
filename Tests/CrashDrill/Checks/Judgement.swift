internal import Primitives

/// Whether a command's rows are all of it, and say what its client was told. Pure.
enum Judgement {
    /// What is wrong with a command that is there.
    static func problems(_ note: Note, _ rows: CommandRows) -> [String] {
        var problems: [String] = []
        func require(_ holds: Bool, _ what: @autoclosure () -> String) {
            if !holds { problems.append("\(note.command.key): \(what())") }
        }
        require(rows.status == 200, "remembered with status \(rows.status)")
        require(rows.eventKind == note.command.event, "its event is \(rows.eventKind ?? "missing")")
        if note.command.movesMoney {
            problems += money(note, rows)
        } else {
            require(rows.entryReason == nil && rows.order == nil, "a change of a connection moved money")
        }
        if case .done(_, let answer) = note.told { problems += told(answer, note, rows) }
        return problems
    }

    private static func money(_ note: Note, _ rows: CommandRows) -> [String] {
        var problems: [String] = []
        func require(_ holds: Bool, _ what: @autoclosure () -> String) {
            if !holds { problems.append("\(note.command.key): \(what())") }
        }
        guard let order = rows.order, let price = Price(note.command.kind) else {
            return ["\(note.command.key): half of it is there: no order"]
        }
        require(rows.entryReason == price.kind, "its journal entry is \(rows.entryReason ?? "missing")")
        require(order.kind == price.kind, "its order is a \(order.kind)")
        require(order.customerEmail == note.customer.email, "its order is another customer's")
        require(order.quantity == price.quantity, "\(order.quantity) ordered")
        require(order.repeatCount == price.repeatCount, "\(order.repeatCount) periods ordered")
        require(order.listMinor == price.listMinor, "listed at \(order.listMinor)")
        require(order.discountMinor == price.discountMinor, "discounted by \(order.discountMinor)")
        require(order.totalMinor == price.totalMinor, "charged \(order.totalMinor)")
        require(order.wholesaleMinor == price.wholesaleMinor, "wholesale of \(order.wholesaleMinor)")
        require(rows.walletMinor == price.totalMinor, "\(rows.walletMinor) taken from the wallet")
        require(rows.floatMinor == price.wholesaleMinor, "\(rows.floatMinor) taken from the float")
        let legs = (price.totalMinor > 0 ? 1 : 0) + (price.wholesaleMinor > 0 ? 1 : 0)
        require(rows.transfers == legs, "\(rows.transfers) transfers")
        require(rows.redemptions == (price.hasCoupon ? 1 : 0), "\(rows.redemptions) redemptions")
        require(order.hasCoupon == price.hasCoupon, "a coupon that was not asked for, or none")
        require(rows.trialGrants == (price.kind == "trial" ? 1 : 0), "\(rows.trialGrants) trials granted")
        require(rows.terms.allSatisfy { $0.count == Int(price.repeatCount) }, "periods are missing")
        require(rows.terms.count == Int(price.quantity), "\(rows.terms.count) subscriptions with periods")
        if price.kind == "renewal" {
            require(rows.subscriptions.isEmpty, "a renewal made a subscription")
        } else {
            require(
                rows.subscriptions.count == Int(price.quantity), "\(rows.subscriptions.count) subscriptions")
            require(
                rows.ports.count == Int(price.quantity)
                    && rows.ports.values.allSatisfy { $0.count == price.slots },
                "\(rows.ports.values.map(\.count)) slots")
        }
        return problems
    }

    private static func told(_ answer: DrillAnswer, _ note: Note, _ rows: CommandRows) -> [String] {
        var problems: [String] = []
        func require(_ holds: Bool, _ what: @autoclosure () -> String) {
            if !holds { problems.append("\(note.command.key): \(what())") }
        }
        switch note.command.kind {
        case .purchase, .trial:
            require(Set(answer.subscriptions) == rows.subscriptions, "other subscriptions than were told")
            let end = answer.activeUntil.map(Instant.init(milliseconds:))
            require(rows.terms.allSatisfy { $0.end == end }, "paid until another moment than was told")
            for (subscription, port) in zip(answer.subscriptions, answer.ports) {
                require(
                    rows.ports[subscription] == [port],
                    "told \(port), lent \(rows.ports[subscription]?.sorted() ?? [])")
            }
        case .renewal(let subscription, _, _):
            require(answer.subscriptions == [subscription], "told of another subscription")
            require(rows.order?.subscription == subscription, "another subscription was renewed")
            let end = answer.activeUntil.map(Instant.init(milliseconds:))
            require(rows.terms.first?.end == end, "paid until another moment than was told")
        case .service(let command):
            problems += command.problems(answer, rows).map { "\(note.command.key): \($0)" }
        case .changeCredentials, .setRotation, .switchNetwork: break
        }
        return problems
    }
}

/// What a command has to cost, worked out from the catalogue's file alone.
struct Price {
    var kind: String
    var quantity: Int32 = 1
    var repeatCount: Int32 = 1
    var listMinor: Int64 = 0
    var discountMinor: Int64 = 0
    var wholesaleMinor: Int64 = 0
    var hasCoupon = false
    /// Of each subscription that is bought.
    var slots = 1
    var totalMinor: Int64 { listMinor - discountMinor }

    init?(_ command: DrillCommand.Kind) {
        switch command {
        case .purchase(let plan, let quantity, let repeatCount, let percent):
            kind = "purchase"
            (self.quantity, self.repeatCount) = (quantity, repeatCount)
            let periods = Int64(quantity) * Int64(repeatCount)
            listMinor = plan.priceMinor * periods
            // Percentages round down.
            discountMinor = listMinor * percent / 100
            wholesaleMinor = plan.wholesaleMinor * periods
            hasCoupon = percent > 0
        case .renewal(_, let plan, let repeatCount):
            kind = "renewal"
            self.repeatCount = repeatCount
            listMinor = plan.priceMinor * Int64(repeatCount)
            wholesaleMinor = plan.wholesaleMinor * Int64(repeatCount)
        case .trial: kind = "trial"
        case .service(.purchase(let plan, _, _)):
            kind = "purchase"
            (listMinor, wholesaleMinor, slots) = (plan.priceMinor, plan.wholesaleMinor, plan.slots)
        case .service(.extend(_, let plan)):
            kind = "renewal"
            (listMinor, wholesaleMinor) = (plan.priceMinor, plan.wholesaleMinor)
        case .service(.newLogin), .service(.whitelist), .service(.country), .service(.rotation): return nil
        case .changeCredentials, .setRotation, .switchNetwork: return nil
        }
    }
}
