internal import Primitives

extension CatalogueDraft {
    mutating func add(
        _ document: CouponDocument, _ tenant: TenantID, _ owner: TenantDocument
    ) throws(DocumentError) {
        let current = coupons[Key(tenant: tenant, name: document.code.text)]
        if let limit = document.maxRedemptions, let current, limit.value < current.redeemedCount,
            owner.sandboxOf == nil
        {
            throw limit.mark.problem(
                "coupon \"\(document.code)\" was redeemed \(current.redeemedCount) times already, "
                    + "more than \(limit.value)")
        }
        if let budget = document.budget, let current, budget.value.minor < current.discountedMinor,
            owner.sandboxOf == nil
        {
            let given = Money(minor: current.discountedMinor, currency: budget.value.currency)
            throw budget.mark.problem(
                "coupon \"\(document.code)\" has taken off \(given) already, more than \(budget.value)")
        }
        let desired = Coupon(
            id: current?.id ?? ids.next(at: now), tenant: tenant, code: document.code.text,
            discount: document.discount, maxDiscount: document.maxDiscount, minimum: document.minimum,
            budget: budget(document, current, owner), maxRedemptions: limit(document, current, owner),
            perCustomer: document.perCustomer, isFirstOrderOnly: document.isFirstOrderOnly,
            customers: document.customers, planIDs: try planIDs(document.plans, tenant, owner.slug),
            kinds: document.kinds, renewals: document.renewals, startsAt: document.startsAt,
            endsAt: document.endsAt, redeemedCount: current?.redeemedCount ?? 0,
            discountedMinor: current?.discountedMinor ?? 0, isActive: document.isActive)
        Difference(tenant: owner.slug, kind: "coupon")
            .note(desired, from: current, name: desired.code, in: &plan.coupons, fields: text.fields)
    }

    /// What was tried out in a sandbox must not hold up its tenant's catalogue: used up is used up there, by however many.
    private func limit(_ document: CouponDocument, _ current: Coupon?, _ owner: TenantDocument) -> Int32? {
        guard let limit = document.maxRedemptions?.value else { return nil }
        return owner.sandboxOf == nil ? limit : max(limit, current?.redeemedCount ?? 0)
    }

    private func budget(_ document: CouponDocument, _ current: Coupon?, _ owner: TenantDocument) -> Money? {
        guard let budget = document.budget?.value else { return nil }
        guard owner.sandboxOf != nil, let current else { return budget }
        return Money(minor: max(budget.minor, current.discountedMinor), currency: budget.currency)
    }

    private func planIDs(
        _ references: [Located<String>]?, _ tenant: TenantID, _ slug: String
    ) throws(DocumentError) -> Set<PlanID>? {
        guard let references else { return nil }
        var found: Set<PlanID> = []
        for reference in references { found.insert(try planID(reference, tenant, slug)) }
        return found
    }

    func planID(
        _ reference: Located<String>, _ tenant: TenantID, _ slug: String
    ) throws(DocumentError) -> PlanID {
        if let found = planIDs[Key(tenant: tenant, name: reference.value)] { return found }
        let known = planIDs.keys.filter { $0.tenant == tenant }.map(\.name).sorted()
        throw reference.dangling("plan", of: slug, among: known)
    }
}
