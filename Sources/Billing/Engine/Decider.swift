internal import Catalog
package import Primitives

/// What was decided of one command.
package enum Decision: Sendable {
    case answered(Answer)
    case refused(Refusal)
    /// The answer could not be made; nothing of this command is written.
    case failed(Fault)
}

/// Decides a group's commands, in order: rows and commands in, answers and writes out. No I/O, no clock.
///
/// Every command sees what the ones before it decided, and a refused one leaves no trace for those after it.
package struct Decider {
    package var rows: GroupRows
    package var writes = GroupWrites()
    package var ids: IdentifierSequence
    let now: Instant
    /// Orders of this group that extended something: what a later cancellation of the group may give back.
    var placed: [TenantKey<OrderID>: OrderRow] = [:]
    /// Orders that this group has given back with all that they used.
    var givenBack: Set<TenantKey<OrderID>> = []
    /// Units that this group has lent to subscriptions that were there before it.
    var relent: Set<TenantKey<SlotID>> = []
    /// The real clock's, for ids: they are one order in a process, whatever its tenants' clocks say.
    let madeAt: Instant
    /// `Stock.joined`.
    let join: ([StockUnit]) throws -> [StockUnit]

    package init(
        rows: GroupRows, ids: IdentifierSequence, now: Instant, madeAt: Instant? = nil,
        join: @escaping ([StockUnit]) throws -> [StockUnit]
    ) {
        self.rows = rows
        self.ids = ids
        self.now = now
        self.madeAt = madeAt ?? now
        self.join = join
    }

    package mutating func decide(_ submissions: [Submission]) -> [Decision] {
        var decisions: [Decision] = []
        decisions.reserveCapacity(submissions.count)
        for submission in submissions { decisions.append(decide(submission)) }
        settleStock()
        return decisions
    }

    private mutating func decide(_ submission: Submission) -> Decision {
        do throws(Refusal) {
            if let answer = try remembered(submission) { return .answered(.replayed(answer)) }
            switch submission.command {
            case .purchase(let purchase): return try decide(purchase, submission)
            case .trial(let trial): return try decide(trial, submission)
            case .renewal(let renewal): return try decide(renewal, submission)
            case .topUp(let topUp): return try decide(topUp, submission)
            case .floatTopUp(let topUp): return try decide(topUp, submission)
            case .adjustment(let adjustment): return try decide(adjustment, submission)
            case .refund(let refund): return try decide(refund, submission)
            case .cancellation(let cancellation): return try decide(cancellation, submission)
            case .placement(let placement): return try decide(placement, submission)
            case .settlement(let settlement): return try decide(settlement, submission)
            case .closing(let closing): return try decide(closing, submission)
            case .planChange(let change): return try decide(change, submission)
            case .payment(let movement): return try decide(movement, submission)
            }
        } catch {
            return .refused(error)
        }
    }

    /// What the same request was answered before; another request under its key is refused.
    private func remembered(_ submission: Submission) throws(Refusal) -> RememberedAnswer? {
        guard let claim = submission.idempotency, let principal = submission.principal else { return nil }
        let name = TenantKey(
            tenant: submission.tenant, name: IdempotencyName(principal: principal, key: claim.key))
        guard let row = rows.remembered[name] else { return nil }
        guard row.fingerprint == claim.fingerprint else { throw .idempotencyKeyReused }
        return row.answer
    }

    /// Has the answer made, and sealed where a key will repeat it; runs before anything of the command is written.
    func remember(_ outcome: Outcome, of submission: Submission) throws(Fault) -> GroupWrites.Remembered? {
        do {
            try submission.prepare?(outcome)
            guard let claim = submission.idempotency, let principal = submission.principal else { return nil }
            return GroupWrites.Remembered(
                tenant: submission.tenant, name: IdempotencyName(principal: principal, key: claim.key),
                fingerprint: claim.fingerprint, command: submission.id, answer: try claim.remember(outcome))
        } catch {
            throw Fault(operation: "make the answer", isTransient: false, underlying: error)
        }
    }

    /// Writes what every carried-out command leaves: its entry, its event, its remembered answer.
    mutating func record(
        _ entry: JournalEntry, _ event: GroupWrites.Event, _ answer: GroupWrites.Remembered?
    ) {
        writes.entries.append(entry)
        writes.events.append(event)
        if let answer { writes.remembered.append(answer) }
    }

    /// The customer, who must be the tenant's and open.
    func customer(_ id: CustomerID, of tenant: TenantID) throws(Refusal) -> CustomerRow {
        guard let customer = rows.customers[TenantKey(tenant: tenant, name: id)] else {
            throw .customerUnknown
        }
        guard customer.isActive else { throw .customerInactive }
        return customer
    }

    /// Says of each subscription that changed what becomes of its units: once, by its last state.
    private mutating func settleStock() {
        for (name, change) in writes.subscriptionChanges {
            guard let row = rows.subscriptions[name] else { continue }
            for holding in row.holdings {
                if relent.contains(TenantKey(tenant: holding.tenant, name: holding.slot)) {
                    settleLoan(holding, until: change.endedAt == nil ? change.activeUntil : nil)
                } else if change.endedAt == nil {
                    writes.stock.extended.append((holding, change.activeUntil))
                } else {
                    writes.stock.returned.append(holding)
                }
            }
        }
    }

    /// A unit that this group has lent is lent until the subscription's end, or not at all where that has come.
    private mutating func settleLoan(_ holding: Holding, until end: Instant?) {
        guard let end else { return giveUp(holding) }
        let place = writes.stock.lent.firstIndex {
            $0.unit.slot == holding.slot && $0.unit.tenant == holding.tenant
        }
        if let place { writes.stock.lent[place].until = end }
    }

    /// Returns a unit; one that this group has lent was never lent then.
    mutating func giveUp(_ holding: Holding) {
        guard relent.remove(TenantKey(tenant: holding.tenant, name: holding.slot)) != nil else {
            return writes.stock.returned.append(holding)
        }
        writes.stock.lent.removeAll { $0.unit.slot == holding.slot && $0.unit.tenant == holding.tenant }
    }
}
