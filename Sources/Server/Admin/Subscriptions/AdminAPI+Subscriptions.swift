internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension AdminAPI {
    static let subscriptionEndpoints: [AdminEndpoint] =
        [
            AdminEndpoint(
                name: "listSubscriptions", method: .get, place: .tenant, path: "/subscriptions",
                permission: .lookingAtCustomers, tag: "subscriptions",
                summary: "The tenant's subscriptions, newest first, as they stand by its clock",
                query: ["Limit", "Cursor", "Customer", "SubscriptionState", "Plan", "Parked"],
                answer: "SubscriptionList", handler: .admitted(AdminAPI.listSubscriptions)),
            AdminEndpoint(
                name: "getSubscription", method: .get, place: .tenant, path: "/subscriptions/{id}",
                permission: .lookingAtCustomers, tag: "subscriptions",
                summary: "One subscription with its periods, ports and promises, without passwords",
                answer: "SubscriptionDetails", isTagged: true,
                handler: .admitted(AdminAPI.getSubscription)),
            AdminEndpoint(
                name: "updateSubscription", method: .patch, place: .tenant, path: "/subscriptions/{id}",
                permission: .serving, tag: "subscriptions",
                summary: "Change the note, or whether it renews itself", body: "SubscriptionChange",
                answer: "SubscriptionDetails", isTagged: true, isConditional: true,
                problems: [.subscriptionEnded, .subscriptionParked],
                handler: .admitted(AdminAPI.updateSubscription)),
            AdminEndpoint(
                name: "unparkSubscription", method: .post, place: .tenant,
                path: "/subscriptions/{id}/unpark", permission: .serving, tag: "subscriptions",
                summary: "Let a subscription renew itself again whose renewals were given up",
                answer: "SubscriptionDetails", isTagged: true,
                problems: [.subscriptionEnded, .subscriptionNotParked],
                handler: .admitted(AdminAPI.unparkSubscription)),
        ] + subscriptionEndingEndpoints

    func listSubscriptions(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "customer", "state", "plan", "parked")
        var filter = SubscriptionFilter()
        filter.customer = try query.id("customer", of: CustomerSubject.self)?.description
        (filter.state, filter.plan) = (try query.word("state"), try query.text("plan"))
        filter.isParked = try query.flag("parked")
        (filter.before, filter.limit) = (try query.cursor(), try query.limit())
        let page = try await books.subscriptions(of: call.namedTenant.slug, filter)
        return .json(page.json(\.description, \.json))
    }

    func getSubscription(_ call: AdminCall) async throws -> AdminAnswer {
        .json(try await books.subscription(call.id(), of: call.namedTenant.slug).json)
    }

    func updateSubscription(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "auto_renew", "note")
        let isAutomatic = try fields.flag("auto_renew")
        // `null` takes the note away.
        let note = fields.members["note"]?.isNull == true ? nil : try fields.sentence("note")
        let setsNote = fields.has("note")
        return try await change(call, fields.body) { work, id, standing, transaction in
            let now = standing.automatic.renewsAt != nil
            if let isAutomatic, isAutomatic != now || standing.parkedReason != nil {
                _ = try work.change(id, call.tenantView, isAutomatic ? .on : .off, transaction)
            }
            if setsNote {
                _ = try transaction.query(AdminSubscriptionStore.setNote(note, of: id, call.owner))
            }
        }
    }

    func unparkSubscription(_ call: AdminCall) async throws -> AdminAnswer {
        let body = try AdminFields(call).body
        return try await change(call, body) { work, id, _, transaction in
            _ = try work.change(id, call.tenantView, .unpark, transaction)
        }
    }

    /// Changes a subscription without money moving, its row locked; what it answers is how it stands since.
    private func change(
        _ call: AdminCall, _ body: JSON,
        _ apply: @escaping @Sendable (OperatorWork, SubscriptionID, StandingView, Transaction) throws -> Void
    ) async throws -> AdminAnswer {
        let (work, tenant): (OperatorWork, TenantView) = (work(call), call.tenantView)
        let id: SubscriptionID = try call.id()
        return try await changes.run(call, on: call.owner, body) { transaction, _ in
            let standing = try StandingStore.standing(
                transaction.query(StandingStore.locking(id, of: tenant.id)))
            guard let standing else { throw OperatorWork.Refusal.subscriptionUnknown(id) }
            let before = try transaction.with(.door) { try Self.details(id, tenant, $0) }
            if call.endpoint.isConditional { try call.requireMatch(before.json) }
            try apply(work, id, standing, transaction)
            let after = try transaction.with(.door) { try Self.details(id, tenant, $0) }
            guard after.json != before.json else { return (before.json, nil) }
            let note = AuditNote(
                call.endpoint.name, "subscription", id.description, from: before.subscription.json,
                to: after.subscription.json)
            return (after.json, note)
        }
    }

    private static func details(
        _ id: SubscriptionID, _ tenant: TenantView, _ transaction: Transaction
    ) throws -> SubscriptionDetails {
        let subscription = try OperatorWork.subscription(id, tenant, transaction)
        let parts = try transaction.pipeline(SubscriptionPartStore.parts(of: id, tenant.id))
        return try SubscriptionPartStore.details(subscription, parts)
    }
}
