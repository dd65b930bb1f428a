internal import Catalog
internal import Primitives

/// A `CustomerPlan` in the making: the rows that there are, and what was decided so far.
struct CustomerDraft {
    let rows: CustomerRows
    let index: CustomerIndex
    let dialects: KnownDialects
    let passwords: PasswordBook
    let random: any RandomSource
    let prunes: Bool
    let now: Instant
    /// Of the file's tenants, by code.
    let groups: [TenantID: [String: CustomerGroupID]]
    var ids: IdentifierSequence
    var plan = CustomerPlan()

    init(
        _ rows: CustomerRows, dialects: KnownDialects, passwords: PasswordBook, random: any RandomSource,
        prunes: Bool, groups: [TenantID: [String: CustomerGroupID]],
        now: Instant, ids: IdentifierSequence
    ) {
        self.rows = rows
        index = CustomerIndex(rows)
        self.dialects = dialects
        self.passwords = passwords
        self.random = random
        self.prunes = prunes
        self.groups = groups
        self.now = now
        self.ids = ids
    }

    /// Everything that the file says of a tenant's money and customers.
    mutating func add(_ document: TenantDocument, _ tenant: TenantID) throws {
        try addFloat(document, tenant)
        for customer in document.customers {
            let id = try add(customer, document, tenant)
            try addUsers(customer, id, document.slug, tenant)
            try addKeys(customer, id, document.slug, tenant)
        }
        if prunes, document.listsCustomers { pruneCustomers(document, tenant) }
    }

    private mutating func addFloat(_ document: TenantDocument, _ tenant: TenantID) throws(DocumentError) {
        let current = index.floats[tenant]
        let limit = document.wholesaleCreditLimit
        let change = try limitChange(
            from: current, to: limit, "the float of tenant \"\(document.slug)\"")
        if current == nil || change != nil {
            plan.tenantAccounts.append(.init(tenant: tenant, creditLimit: limit.value))
        }
        if let change {
            plan.floatLines.append(
                ChangeLine(
                    .change, tenant: document.slug, kind: "wholesale", name: "account", fields: [change]))
        }
        guard let float = document.float else { return }
        open(float, .float(tenant), nil, document.slug, "wholesale float")
    }

    /// The credit limit's change where the account is there and has another; refuses one that is exceeded
    /// already.
    private func limitChange(
        from current: BoundedAccountRow?, to limit: Located<Money>, _ account: String
    ) throws(DocumentError) -> ChangeLine.Field? {
        guard let current, -current.floor.minor != limit.value.minor else { return nil }
        guard current.balance.minor >= -limit.value.minor else {
            throw limit.mark.problem(
                "\(account) is at \(current.balance), which a credit limit of \(limit.value) does not allow")
        }
        let old = Money(minor: -current.floor.minor, currency: current.floor.currency)
        return ChangeLine.Field("credit_limit", old.description, limit.value.description)
    }

    private mutating func add(
        _ document: CustomerDocument, _ owner: TenantDocument, _ tenant: TenantID
    ) throws(DocumentError) -> CustomerID {
        var current = index.byEmail[.init(tenant: tenant, text: document.email)]
        let namesake = index.byUsername[.init(tenant: tenant, text: document.username)]
        if let other = namesake, other.email != document.email {
            throw document.mark.problem(
                "username \"\(document.username)\" is that of customer \"\(other.email)\"")
        }
        let wallet = current.flatMap { index.wallets[$0.id] }
        let limit = creditLimit(document, owner, wallet)
        _ = try limitChange(from: wallet, to: limit, "the wallet of \(document.email)")
        current?.creditLimit = wallet.map { Money(minor: -$0.floor.minor, currency: $0.floor.currency) }
        let desired = CustomerRow(
            tenant: tenant, id: current?.id ?? ids.next(at: now), email: document.email,
            username: document.username,
            currency: owner.currency.value, creditLimit: limit.value,
            group: try group(document, owner, current, tenant), isActive: document.isActive)
        Difference(tenant: owner.slug, kind: "customer")
            .note(desired, from: current, name: desired.email, in: &plan.customers, fields: fields)
        if current?.creditLimit != limit.value {
            plan.wallets.append(.init(tenant: tenant, customer: desired.id, creditLimit: limit.value))
        }
        if let balance = document.balance {
            open(balance, .wallet(desired.id, tenant), desired.id, owner.slug, document.email)
        }
        return desired.id
    }

    /// In a sandbox at least what a double owes already: what was tried out there must not hold up the live catalogue.
    private func creditLimit(
        _ document: CustomerDocument, _ owner: TenantDocument, _ wallet: BoundedAccountRow?
    ) -> Located<Money> {
        let limit = document.creditLimit
        guard owner.sandboxOf != nil, let wallet, -wallet.balance.minor > limit.value.minor else {
            return limit
        }
        return Located(Money(minor: -wallet.balance.minor, currency: wallet.balance.currency), at: limit.mark)
    }

    private func group(
        _ document: CustomerDocument, _ owner: TenantDocument, _ current: CustomerRow?, _ tenant: TenantID
    ) throws(DocumentError) -> CustomerGroupID? {
        let known = groups[tenant] ?? [:]
        switch document.group {
        case .unsaid: return current?.group
        case .none: return nil
        case .named(let reference):
            guard let group = known[reference.value] else {
                throw reference.dangling("group", of: owner.slug, among: known.keys.sorted())
            }
            return group
        }
    }

    private func fields(_ row: CustomerRow) -> Difference.Fields {
        let group = row.group.flatMap { id in groups[row.tenant]?.first { $0.value == id }?.key }
        return [
            ("username", row.username), ("group", group ?? "none"),
            ("credit_limit", row.creditLimit?.description ?? "none"),
            ("active", row.isActive ? "yes" : "no"),
        ]
    }

    /// An opening balance is posted once; what the file says of it later is only remarked upon.
    private mutating func open(
        _ amount: Located<Money>, _ reference: OpeningReference, _ customer: CustomerID?, _ slug: String,
        _ name: String
    ) {
        if let posted = rows.openings[reference] {
            guard posted != amount.value else { return }
            let mark = amount.mark
            plan.warnings.append(
                "\(mark.file):\(mark.line):\(mark.column): the opening balance of \(name) was posted as \(posted) and "
                    + "stays so; use `tollgate customer credit` to change what is there")
        } else if amount.value.isPositive {
            let line = ChangeLine(.create, tenant: slug, kind: "balance", name: "\(name) \(amount.value)")
            plan.openings.append(
                .init(
                    reference: reference, customer: customer, amount: amount.value, mark: amount.mark,
                    line: line))
        }
    }

    private mutating func pruneCustomers(_ document: TenantDocument, _ tenant: TenantID) {
        let listed = document.spared.union(document.customers.map(\.email))
        for row in rows.customers where row.tenant == tenant && row.isActive && !listed.contains(row.email) {
            var closed = row
            closed.isActive = false
            plan.customers.append(
                Difference(tenant: document.slug, kind: "customer").deactivation(closed, name: row.email))
        }
    }
}
