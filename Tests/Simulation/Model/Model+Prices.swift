internal import Billing
internal import Catalog
internal import Primitives

/// What an order costs.
struct Price {
    var list: Int64
    var discount: Int64
    var total: Int64
    var wholesale: Int64?
}

extension Model {
    /// The plan at the customer's price: the tenant's, sold at this door and in the customer's currency, and on sale.
    mutating func planOnSale(
        _ number: Int, _ customer: CustomerLine, _ request: Request
    ) throws(Refusal) -> PlanLine {
        guard var plan = plans[Name(tenant: request.tenant, number: number)],
            plan.doors.contains(request.door),
            plan.currency == customer.currency
        else { throw .planUnknown }
        guard plan.isOn else { throw .planInactive }
        for network in plan.networks {
            guard networks[Name(tenant: request.tenant, number: network)] == true else {
                throw .networkInactive
            }
        }
        let buyer = TriedPlan(tenant: request.tenant, customer: customer.name.number, plan: number)
        if let own = ownPrices[buyer] {
            if let price = plan.price { sights.append(own > price ? .dearerByList : .cheaperByList) }
            plan.price = own
        }
        return plan
    }

    /// What was chosen, or the plan's first; `nil` where it has none to choose from.
    func exit(_ plan: PlanLine, _ chosen: String?, _ rotation: String?) throws(Refusal) -> [String]? {
        if let word = chosen, !plan.exits.contains(word), let country = ExitCountry(rawValue: word) {
            throw .exitCountryNotOffered(country)
        }
        if let word = rotation, !plan.rotations.contains(word),
            let rotation = ExitRotation(rawValue: word)
        {
            throw .exitRotationNotOffered(rotation)
        }
        guard !plan.exits.isEmpty else { return nil }
        return [chosen ?? plan.exits[0], rotation ?? plan.rotations[0]]
    }

    /// List price times counts, less the coupon's discount on the whole of it; equal to what was quoted.
    func price(
        _ plan: PlanLine, _ kind: OrderKind, _ quantity: Int64, _ repeats: Int64, _ coupon: Int?,
        _ expected: Money?,
        _ customer: Int, _ request: Request
    ) throws(Refusal) -> Price {
        guard let each = plan.price else { throw .planNotPriced }
        let list = Int128(each) * Int128(quantity) * Int128(repeats)
        let wholesale = plan.wholesale.map { Int128($0) * Int128(quantity) * Int128(repeats) }
        guard let list = Int64(exactly: list), wholesale ?? 0 <= Int128(Int64.max) else {
            throw .amountTooLarge
        }
        let discount = try coupon.map { number throws(Refusal) in
            try self.discount(
                number, Money(minor: list, currency: plan.currency), plan, kind, customer, request)
        }
        let total = list - (discount ?? 0)
        if let expected, expected != Money(minor: total, currency: plan.currency) {
            throw .priceChanged(Money(minor: total, currency: plan.currency))
        }
        return Price(
            list: list, discount: discount ?? 0, total: total, wholesale: wholesale.map { Int64($0) })
    }

    /// What the coupon takes off; its refusals in the order of `CouponRefusal`.
    private func discount(
        _ number: Int, _ list: Money, _ plan: PlanLine, _ kind: OrderKind, _ customer: Int, _ request: Request
    ) throws(Refusal) -> Int64 {
        guard let coupon = coupons[Name(tenant: request.tenant, number: number)] else { throw .couponUnknown }
        if !coupon.isOn { throw .coupon(.inactive) }
        if let starts = coupon.starts, now < starts { throw .coupon(.notStarted) }
        if let ends = coupon.ends, now >= ends { throw .coupon(.ended) }
        if let limit = coupon.limit, uses(of: coupon.name) >= limit { throw .coupon(.exhausted) }
        if let limit = coupon.perCustomer, uses(of: coupon.name, by: customer) >= limit {
            throw .coupon(.customerLimitReached)
        }
        if coupon.isFirstOrderOnly && hasOrdered(customer, request.tenant) { throw .coupon(.notFirstOrder) }
        if let plans = coupon.plans, !plans.contains(plan.name.number) { throw .coupon(.planNotCovered) }
        if let kinds = coupon.kinds, !kinds.contains(kind) { throw .coupon(.kindNotCovered) }
        for amount in [coupon.amount, coupon.minimum, coupon.most, coupon.budget] {
            if let amount, amount.currency != list.currency { throw .coupon(.currencyMismatch) }
        }
        if let minimum = coupon.minimum, list.minor < minimum.minor { throw .coupon(.belowMinimum(minimum)) }
        let share = Int64(Int128(list.minor) * Int128(coupon.percent ?? 0) / 10_000)
        let discount =
            coupon.amount.map { min($0.minor, list.minor) } ?? min(share, coupon.most?.minor ?? .max)
        // All of it or none; and without a budget, as much as can be counted.
        guard given(by: coupon.name) + Int128(discount) <= Int128(coupon.budget?.minor ?? .max) else {
            throw .coupon(.budgetExhausted)
        }
        return discount
    }

    /// Whether an order stands of a customer: any but a trial, until all of it was given back.
    private func hasOrdered(_ customer: Int, _ tenant: Int) -> Bool {
        orders.contains { name, order in
            name.tenant == tenant && order.customer == customer && order.kind != .trial && !order.isRefunded
        }
    }

    /// What the uses of a coupon that stand took off.
    func given(by coupon: Name) -> Int128 {
        redemptions.reduce(0) { sum, use in
            let stands = use.key.tenant == coupon.tenant && use.value.coupon == coupon.number
            return stands && !use.value.isGivenBack ? sum + Int128(use.value.amount) : sum
        }
    }

    /// How many uses of a coupon stand, of one customer or of all.
    func uses(of coupon: Name, by customer: Int? = nil) -> Int {
        redemptions.count { order, use in
            order.tenant == coupon.tenant && use.coupon == coupon.number && !use.isGivenBack
                && (customer == nil || customer == use.customer)
        }
    }

    /// Retail from the customer to the tenant, wholesale from the tenant's float to the platform.
    func movements(_ price: Price, _ customer: Int, _ plan: PlanLine) -> [Movement] {
        func place(_ purse: Place.Purse) -> Place {
            Place(tenant: plan.name.tenant, purse: purse, currency: plan.currency)
        }
        return [
            Movement(from: place(.wallet(customer)), to: place(.revenue), amount: price.total),
            Movement(from: place(.float), to: place(.platformRevenue), amount: price.wholesale ?? 0),
        ].filter { $0.amount > 0 }
    }
}
