internal import Primitives

extension CatalogueDraft {
    mutating func addPlans(_ document: TenantDocument, _ tenant: TenantID) throws(DocumentError) {
        var last = rows.plans.filter { $0.tenant == tenant }.map(\.sortOrder).max() ?? 0
        for plan in document.plans {
            let desired = try desired(plan, document, tenant, last: &last)
            planIDs[Key(tenant: tenant, name: plan.code)] = desired.id
            text.plans[desired.id] = plan.code
            add(desired, document.slug)
        }
    }

    private mutating func add(_ desired: Plan, _ slug: String) {
        var desired = desired
        let current = planRows[Key(tenant: desired.tenant, name: desired.code)]
        if let current {
            desired.version = current.version + (Terms(current) == Terms(desired) ? 0 : 1)
        }
        if current?.version != desired.version { plan.versions.append(desired) }
        Difference(tenant: slug, kind: "plan")
            .note(desired, from: current, name: desired.code, in: &plan.plans, fields: text.fields)
    }

    private mutating func desired(
        _ document: PlanDocument, _ tenant: TenantDocument, _ id: TenantID, last: inout Int32
    ) throws(DocumentError) -> Plan {
        let current = planRows[Key(tenant: id, name: document.code)]
        let networks = try document.networks.map { reference throws(DocumentError) in
            try network(reference, id, tenant.slug)
        }
        let gateway = try document.gateway.map { reference throws(DocumentError) in
            try self.gateway(reference, id, tenant.slug)
        }
        if let current { try refuseMove(of: current, to: networks, gateway, document) }
        // A new plan goes last; one that is there keeps its place, so that an edit changes what was edited.
        if current == nil { last += 10 }
        return Plan(
            id: current?.id ?? ids.next(at: now), tenant: id, code: document.code, name: document.name,
            product: document.product, connection: document.connection, networks: networks,
            gatewayID: gateway,
            duration: document.duration, currency: tenant.currency.value,
            price: document.price,
            wholesalePrice: document.wholesalePrice, isPopular: document.isPopular,
            renewsAutomatically: document.renewsAutomatically,
            rotationMinutes: document.rotationMinutes, threads: document.threads,
            exits: document.exits, exitRotations: document.exitRotations,
            trialMilliseconds: document.trialMilliseconds,
            sellsIn: Set(document.sellsIn),
            attributes: String(decoding: JSON.object(document.attributes).encoded(), as: UTF8.self),
            version: 1, sortOrder: document.sortOrder ?? current?.sortOrder ?? last,
            isActive: document.isActive)
    }

    private func gateway(
        _ reference: Located<String>, _ tenant: TenantID, _ slug: String
    ) throws(DocumentError) -> GatewayID {
        if let found = gatewayIDs[Key(tenant: tenant, name: reference.value)] { return found }
        let known = gatewayIDs.keys.filter { $0.tenant == tenant }.map(\.name).sorted()
        throw reference.dangling("gateway", of: slug, among: known)
    }

    /// Renewals take their place from the plan: it must stay where its subscriptions are.
    private func refuseMove(
        of current: Plan, to networks: [NetworkID], _ gateway: GatewayID?, _ document: PlanDocument
    ) throws(DocumentError) {
        guard current.networks == networks else {
            let subject = max(current.networks.count, networks.count) > 1 ? "networks" : "network"
            throw (document.networks.first?.mark ?? document.mark).problem(
                "the \(subject) of plan \"\(document.code)\" cannot change; give the new one another code")
        }
        guard current.gatewayID == gateway else {
            throw (document.gateway?.mark ?? document.mark).problem(
                "the gateway of plan \"\(document.code)\" cannot change; give the new one another code")
        }
    }

    /// What an order was priced with; a change of any of it is a new version.
    private struct Terms: Equatable {
        let duration: PlanDuration?
        let currency: Currency
        let price: Money?
        let wholesale: Money?

        init(_ plan: Plan) {
            duration = plan.duration
            currency = plan.currency
            price = plan.price
            wholesale = plan.wholesalePrice
        }
    }
}
