internal import Primitives

// The operations that change nothing: one query each, or none where the catalogue tells.

extension Gate {
    func plans(_ context: Context) async throws -> DialectResponse {
        let principal = context.principal
        // A customer without a row has no plans: their key was accepted a moment ago.
        let currency = try await holdings.currency(of: principal.customer, of: principal.tenant)
        let catalogue = try await holdings.catalogue(
            try await catalogues.catalogue(of: principal.tenant), for: principal.customer)
        let offers = currency.map { catalogue.offers(in: principal.dialect, for: $0, at: context.now) } ?? []
        return .gate(Answer.plans(offers.map(Wire.Plan.init)).body)
    }

    func subscriptions(_ context: Context) async throws -> DialectResponse {
        let principal = context.principal
        let held = try await holdings.live(
            of: principal.customer, of: principal.tenant, in: principal.dialect, at: context.now)
        return .gate(Answer.subscriptions(context.wire(held)).body)
    }

    func renewalPlans(_ reference: SubscriptionReference, _ context: Context) async throws -> DialectResponse
    {
        let principal = context.principal
        let found = try await holdings.renewals(
            of: try reference.known(), by: principal.customer, of: principal.tenant, in: principal.dialect,
            at: context.now)
        return .gate(Answer.renewalPlans(try existing(found).map(Wire.RenewalPlan.init)).body)
    }

    func availableNetworks(
        _ reference: SubscriptionReference, _ context: Context
    ) async throws -> DialectResponse {
        let principal = context.principal
        let found = try await holdings.networks(
            for: try reference.known(), of: principal.customer, of: principal.tenant, in: principal.dialect,
            at: context.now)
        return .gate(Answer.networks(try existing(found).map(Wire.Network.init)).body)
    }

    private func existing<Value>(_ found: Found<Value>) throws(Problem) -> Value {
        switch found {
        case .nothing: throw .subscriptionNotFound
        case .over: throw .invalidState
        case .value(let value): return value
        }
    }
}
