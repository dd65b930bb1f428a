internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

/// How a subscription renews itself, as an operator sees it.
struct StandingView: Sendable, Equatable {
    let id: SubscriptionID
    let tenant: TenantID
    let customer: CustomerID
    let activeUntil: Instant
    /// The last paid period; `nil` where there is none.
    let lastPeriod: ServicePeriod?
    let isEnded: Bool
    var automatic: AutoRenewal
    var parkedReason: String?

    var json: JSON {
        [
            "id": .string(id.description), "active_until": .string(activeUntil.rfc3339()),
            "renews_at": automatic.renewsAt.map { .string($0.rfc3339()) } ?? .null,
            "parked": parkedReason.map(JSON.string) ?? .null,
        ]
    }

    var line: String {
        let renewal =
            if let parkedReason {
                "parked (\(parkedReason))"
            } else if let renewsAt = automatic.renewsAt {
                "renews itself at \(renewsAt.rfc3339())"
            } else {
                "does not renew itself"
            }
        return "\(id)  until \(activeUntil.rfc3339())  \(renewal)"
    }

    /// How it stands after a change.
    func changed(by order: OperatorWork.RenewalOrder) throws(StandingRefusal) -> StandingView {
        guard !isEnded else { throw .ended }
        var changed = self
        switch order {
        case .on:
            guard parkedReason == nil else { throw .parked }
            changed.automatic.renewsAt = automatic.renewsAt ?? firstTry
        case .off:
            changed.automatic.renewsAt = nil
            changed.parkedReason = nil
        case .unpark:
            guard parkedReason != nil else { throw .notParked }
            changed.automatic = AutoRenewal(renewsAt: firstTry, triedOn: nil, tries: 0, renewals: 0)
            changed.parkedReason = nil
        }
        return changed
    }

    /// When the job tries it first, from where it stands.
    private var firstTry: Instant {
        lastPeriod.map { RenewalSchedule.first(for: $0) } ?? activeUntil
    }
}

/// Why it is not changed how a subscription renews itself.
enum StandingRefusal: Error, Sendable, Equatable {
    case ended
    case parked, notParked
}

extension OperatorWork {
    /// What an operator changes about how a subscription renews itself.
    enum RenewalOrder: String, Sendable {
        case on, off
        /// Lets a parked one go: its counts begin anew and it is tried as if it had never been.
        case unpark
    }

    /// Changes how a subscription renews itself; the next run of the job goes by it.
    func change(_ id: SubscriptionID, of tenant: String, _ order: RenewalOrder) async throws -> StandingView {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let (before, after) = try change(id, tenant, order, transaction)
            if before.json != after.json {
                try write(.renewal(of: before, to: after), of: tenant.id, transaction)
            }
            return after
        }
    }

    /// The same within a transaction: how it stood, its row locked, and how it stands since.
    func change(
        _ id: SubscriptionID, _ tenant: TenantView, _ order: RenewalOrder, _ transaction: Transaction
    ) throws -> (before: StandingView, after: StandingView) {
        let found = try StandingStore.standing(transaction.query(StandingStore.locking(id, of: tenant.id)))
        guard let found else { throw Refusal.subscriptionUnknown(id) }
        let changed = try Self.changed(found, by: order)
        _ = try transaction.pipeline(
            StandingStore.writing(
                changed, kind: "subscription.auto_renewal_\(order.rawValue)", actor: actor,
                event: identifiers.next(at: transaction.now), at: transaction.now))
        return (found, changed)
    }

    private static func changed(_ found: StandingView, by order: RenewalOrder) throws -> StandingView {
        do throws(StandingRefusal) {
            return try found.changed(by: order)
        } catch {
            switch error {
            case .ended: throw Refusal.subscriptionEnded(found.id)
            case .parked: throw Refusal.subscriptionParked(found.id)
            case .notParked: throw Refusal.subscriptionNotParked(found.id)
            }
        }
    }

    /// The tenant's parked subscriptions, those that were parked first before the others.
    func parked(of tenant: String) async throws -> [StandingView] {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            return try StandingStore.standings(transaction.query(StandingStore.parked(of: tenant.id)))
        }
    }
}
