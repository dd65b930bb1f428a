internal import Postgres
internal import Primitives

/// What a customer looks up and changes of their subscriptions, besides what costs anything.
struct AccountSubscriptions: Sendable {
    /// Connections of the doors' role, planned for what is asked.
    let reading: PostgresPool
    /// Connections of the account API's role.
    let pool: PostgresPool
    let ids: any IdentifierSource

    /// Why nothing was changed.
    enum Refusal: Error, Sendable, Hashable {
        case ended
        /// It failed too often to be tried again by itself; turning automatic renewal off and on says that it may.
        case parked
    }

    /// What a customer changes; `nil` leaves it as it is.
    struct Change: Sendable {
        var note: Note?
        var renewsAutomatically: Bool?

        enum Note: Sendable {
            case text(String)
            case none
        }
    }

    func page(
        of caller: Principal, _ filter: SubscriptionFilter
    ) async throws -> Page<SubscriptionView, SubscriptionID> {
        try await reading.snapshot(tenant: caller.tenant) { transaction in
            let statement = SubscriptionViewStore.page(
                ofOnly: caller.customer, filter, caller.tenant, at: transaction.now)
            let rows = try SubscriptionViewStore.subscriptions(
                transaction.query(statement), at: transaction.now)
            return Page(readingOneMore: rows, limit: filter.limit) { $0.id }
        }
    }

    /// `nil` where it is nobody's, or another's.
    func details(_ id: SubscriptionID, of caller: Principal) async throws -> SubscriptionDetails? {
        try await reading.snapshot(tenant: caller.tenant) { transaction in
            let found = try SubscriptionViewStore.subscriptions(
                transaction.query(SubscriptionViewStore.one(id, of: caller.tenant)), at: transaction.now)
            guard let subscription = found.first, subscription.customer == caller.customer else { return nil }
            let parts = try transaction.pipeline(SubscriptionPartStore.parts(of: id, caller.tenant))
            return try SubscriptionPartStore.details(subscription, parts)
        }
    }

    /// Changes note and automatic renewal in one transaction, each with its event; what is so already is no change.
    /// - Returns: whether the subscription is the customer's.
    /// - Throws: `Refusal`.
    func change(_ id: SubscriptionID, of caller: Principal, _ change: Change) async throws -> Bool {
        try await pool.transaction(tenant: caller.tenant) { transaction in
            let found = try StandingStore.standing(
                transaction.query(StandingStore.locking(id, of: caller.tenant)))
            guard let found, found.customer == caller.customer else { return false }
            var statements: [Statement] = []
            if let note = change.note { statements += noting(note, on: id, caller, transaction) }
            if let renews = change.renewsAutomatically {
                statements += try renewing(renews, found, caller, transaction)
            }
            _ = try transaction.pipeline(statements)
            return true
        }
    }

    private func noting(
        _ note: Change.Note, on id: SubscriptionID, _ caller: Principal, _ transaction: Transaction
    ) -> [Statement] {
        var subject = JSONObject()
        subject["subscription"] = .string(id.description)
        let text: String? =
            switch note {
            case .text(let text): text
            case .none: nil
            }
        return [
            SubscriptionNoteStore.write(text, on: id, of: caller.tenant),
            AccountEventStore.insert(
                "subscription.noted", ids.next(at: transaction.realNow), by: caller, about: subject,
                at: transaction.now),
        ]
    }

    private func renewing(
        _ renews: Bool, _ found: StandingView, _ caller: Principal, _ transaction: Transaction
    ) throws -> [Statement] {
        let order: OperatorWork.RenewalOrder = renews ? .on : .off
        let changed: StandingView
        do throws(StandingRefusal) {
            changed = try found.changed(by: order)
        } catch {
            switch error {
            case .ended: throw Refusal.ended
            case .parked: throw Refusal.parked
            case .notParked: preconditionFailure("nobody asked for anything to be let go")
            }
        }
        guard changed != found else { return [] }
        return StandingStore.writing(
            changed, kind: "subscription.auto_renewal_\(order.rawValue)", actor: "person \(caller.id)",
            event: ids.next(at: transaction.realNow), at: transaction.now)
    }
}
