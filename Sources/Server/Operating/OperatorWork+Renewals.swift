internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

/// How a subscription renews itself, as an operator sees it.
struct StandingView: Sendable {
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

    /// When the job tries it first, from where it stands.
    fileprivate var firstTry: Instant {
        lastPeriod.map { RenewalSchedule.first(for: $0) } ?? activeUntil
    }
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
            let found = try StandingStore.standing(
                transaction.query(StandingStore.locking(id, of: tenant.id)))
            guard let found else { throw Refusal.subscriptionUnknown(id) }
            guard !found.isEnded else { throw Refusal.subscriptionEnded(id) }
            var changed = found
            switch order {
            case .on:
                guard found.parkedReason == nil else { throw Refusal.subscriptionParked(id) }
                changed.automatic.renewsAt = found.automatic.renewsAt ?? found.firstTry
            case .off:
                changed.automatic.renewsAt = nil
                changed.parkedReason = nil
            case .unpark:
                guard found.parkedReason != nil else { throw Refusal.subscriptionNotParked(id) }
                changed.automatic = AutoRenewal(
                    renewsAt: found.firstTry, triedOn: nil, tries: 0, renewals: 0)
                changed.parkedReason = nil
            }
            _ = try transaction.pipeline(
                StandingStore.writing(
                    changed, kind: "subscription.auto_renewal_\(order.rawValue)", actor: actor,
                    event: identifiers.next(at: transaction.now), at: transaction.now))
            return changed
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
