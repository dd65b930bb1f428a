internal import Billing
internal import Catalog
internal import Primitives

// What `tollgate apply` writes: a declaration that is repeated replaces what can be changed.
extension Tables {
    mutating func declare(books tenant: Int, _ currency: Currency, limit: Int64) {
        for role in AccountRole.allCases where role.comesWithItsTenant {
            open(.own(Names.tenant(tenant), role, currency), floor: role == .float ? -limit : nil)
        }
    }

    mutating func declare(_ line: CustomerLine) {
        let key = TenantKey(tenant: Names.tenant(line.name.tenant), name: Names.customer(line.name.number))
        let currency = customers[key]?.currency ?? line.currency
        customers[key] = CustomerRow(id: key.name, currency: currency, isActive: line.isOpen)
        open(.wallet(key.tenant, key.name, currency), floor: -line.limit)
    }

    private mutating func open(_ key: AccountKey, floor: Int64?) {
        guard accounts[key] == nil else { return }
        let id = Names.account(accounts.count)
        accounts[key] = Account(id: id, key: key, balance: 0, floor: floor, postings: 0)
        accountsByID[id] = key
        let name = accountName(key)
        accountsByName[name] = ((accountsByName[name] ?? []) + [key]).sorted()
    }

    private func accountName(_ key: AccountKey) -> GroupKeys.AccountName {
        GroupKeys.AccountName(tenant: key.tenant, owner: key.owner, role: key.role)
    }

    mutating func declare(_ line: NetworkLine) {
        let key = TenantKey(tenant: Names.tenant(line.name.tenant), name: Names.network(line.name.number))
        networks[key] = line.isOn
        for index in 0..<line.slots {
            let slot = Names.slot(SlotName(network: line.name, index: index))
            guard slots[TenantKey(tenant: key.tenant, name: slot)] == nil else { continue }
            slots[TenantKey(tenant: key.tenant, name: slot)] = SlotRecord(
                network: key.name, login: Self.ownLogin(slot), rank: Int64(index))
            slotsByNetwork[key, default: []].append(slot)
        }
    }

    mutating func declare(_ line: PlanLine) {
        let tenant = Names.tenant(line.name.tenant)
        let key = TenantKey(tenant: tenant, name: Names.plan(line.name.number))
        plans[key] = Plan(
            id: key.name, tenant: tenant, code: "", name: "", product: line.product,
            connection: line.isShared ? .shared : .private, networks: line.networks.map(Names.network),
            duration: line.duration.map { .fixed(milliseconds: $0) }, currency: line.currency,
            price: line.price.map { Money(minor: $0, currency: line.currency) },
            wholesalePrice: line.wholesale.map { Money(minor: $0, currency: line.currency) },
            exits: line.exits.compactMap(ExitCountry.init(rawValue:)),
            exitRotations: line.rotations.compactMap(ExitRotation.init(rawValue:)),
            trialMilliseconds: line.trial, sellsIn: Set(line.doors.map(Names.door)), isActive: line.isOn)
    }

    mutating func declare(_ line: ListLine) {
        let tenant = Names.tenant(line.customer.tenant)
        let buyer = Buyer(customer: Names.customer(line.customer.number), plan: Names.plan(line.plan))
        let key = TenantKey(tenant: tenant, name: buyer)
        guard let plan = plans[TenantKey(tenant: tenant, name: buyer.plan)] else { return }
        groupPrices[key] = GroupPrice(
            group: buyer.customer.retyped(), version: (groupPrices[key]?.version ?? 0) + 1,
            price: line.price.map { Money(minor: $0, currency: plan.currency) })
    }

    /// A limit below what was used already is refused by the table, and so is a budget below what was given.
    mutating func declare(_ line: CouponLine) {
        let tenant = Names.tenant(line.name.tenant)
        let key = TenantKey(tenant: tenant, name: Names.code(line.name.number))
        let used = coupons[key]?.redeemedCount ?? 0
        let discounted = coupons[key]?.discountedMinor ?? 0
        guard used <= line.limit ?? .max, discounted <= line.budget?.minor ?? .max else { return }
        let discount: Coupon.Discount
        if let amount = line.amount {
            discount = .amount(amount)
        } else {
            guard let share = BasisPoints(line.percent ?? 0) else {
                preconditionFailure("a share of 0…10 000")
            }
            discount = .percent(share)
        }
        coupons[key] = Coupon(
            id: Names.coupon(line.name.number), tenant: tenant, code: key.name.text, discount: discount,
            maxDiscount: line.most, minimum: line.minimum, budget: line.budget, maxRedemptions: line.limit,
            perCustomer: line.perCustomer, isFirstOrderOnly: line.isFirstOrderOnly,
            planIDs: line.plans.map { Set($0.map(Names.plan)) }, kinds: line.kinds.map(Set.init),
            startsAt: line.starts.map(Instant.init(milliseconds:)),
            endsAt: line.ends.map(Instant.init(milliseconds:)), redeemedCount: used,
            discountedMinor: discounted, isActive: line.isOn)
        couponsByID[TenantKey(tenant: tenant, name: Names.coupon(line.name.number))] = key
    }
}
