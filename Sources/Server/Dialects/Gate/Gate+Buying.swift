internal import Billing
internal import Catalog
internal import HTTPTypes
internal import Primitives

// The operations that move money: each is one command for the engine, whose refusals come in the order of G5.

extension Gate {
    func purchase(_ order: PurchaseOrder, _ context: Context) async throws -> DialectResponse {
        let catalogue = try await catalogues.catalogue(of: context.principal.tenant)
        let networks = try networks(of: order.plan, catalogue)
        let purchase = Purchase(
            customer: context.principal.customer, plan: order.plan, networks: networks,
            quantity: order.quantity,
            repeatCount: order.repeatCount, coupon: order.coupon)
        return try await submit(.purchase(purchase), context, catalogue)
    }

    /// A plan that is not there is a wrong field, which comes before the right to a trial (G5).
    func trial(_ id: PlanID, _ context: Context) async throws -> DialectResponse {
        let catalogue = try await catalogues.catalogue(of: context.principal.tenant)
        let networks = try networks(of: id, catalogue)
        guard context.principal.mayTakeTrials else {
            throw sells(id, catalogue) ? Problem.forbidden : Problem.invalid(.planID)
        }
        let trial = Trial(customer: context.principal.customer, plan: id, networks: networks)
        return try await submit(.trial(trial), context, catalogue)
    }

    /// A plan that is not there is a wrong field, which comes before a subscription that is not there (G5).
    func renew(_ order: RenewalOrder, _ context: Context) async throws -> DialectResponse {
        let catalogue = try await catalogues.catalogue(of: context.principal.tenant)
        do {
            let renewal = Renewal(
                customer: context.principal.customer, subscription: try order.subscription.known(),
                plan: order.plan,
                repeatCount: order.repeatCount, coupon: order.coupon)
            return try await submit(.renewal(renewal), context, catalogue)
        } catch let problem as Problem where problem == .subscriptionNotFound && !sells(order.plan, catalogue)
        {
            throw Problem.invalid(.planID)
        }
    }

    /// Where a plan takes its slots from. A plan that the catalogue does not know is the engine's to refuse: the
    /// request may be a repeated one, with an answer of its own.
    private func networks(of id: PlanID, _ catalogue: TenantCatalogue) throws(Problem) -> [NetworkID] {
        guard let plan = catalogue.plansByID[id] else { return [] }
        guard sellsPort(plan) else { throw .invalid(.planID) }
        return plan.networks
    }

    private func sells(_ id: PlanID, _ catalogue: TenantCatalogue) -> Bool {
        guard let plan = catalogue.plansByID[id] else { return false }
        return plan.sellsIn.contains(name) && sellsPort(plan)
    }

    /// This dialect sells single ports and nothing else.
    private func sellsPort(_ plan: Plan) -> Bool {
        plan.networks.count == 1 && plan.connection != nil
    }
}
