internal import Primitives

extension CatalogueDraft {
    mutating func add(
        _ document: GroupDocument, _ tenant: TenantID, _ owner: TenantDocument
    ) throws(DocumentError) {
        let current = groups[Key(tenant: tenant, name: document.code)]
        var desired = CustomerGroup(
            id: current?.id ?? ids.next(at: now), tenant: tenant, code: document.code, name: document.name,
            prices: current?.prices ?? [:], isActive: document.isActive)
        var wanted: [PlanID: Money] = [:]
        for (reference, price) in document.prices {
            wanted[try planID(reference, tenant, owner.slug)] = price
        }
        for plan in Set(wanted.keys).union(desired.prices.keys).sorted()
        where desired.prices[plan]?.price != wanted[plan] {
            let version = (desired.prices[plan]?.version ?? 0) + 1
            let price = GroupPrice(group: desired.id, version: version, price: wanted[plan])
            desired.prices[plan] = price
            self.plan.groupPrices.append(
                NewGroupPrice(tenant: tenant, plan: plan, currency: owner.currency.value, price: price))
        }
        plan.groupIDs[tenant, default: [:]][desired.code] = desired.id
        Difference(tenant: owner.slug, kind: "group")
            .note(desired, from: current, name: desired.code, in: &plan.groups, fields: text.fields)
    }
}
