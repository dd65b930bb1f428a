internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

/// The writing half of an apply: everything is decided, and goes out in an order that nobody deadlocks with.
struct ApplyWriting {
    let transaction: Transaction
    let ledger: LedgerWork

    /// Tenants, customers, money, and last what the engine locks after money.
    func write(_ catalogue: CataloguePlan, _ people: CustomerPlan, _ ids: inout IdentifierSequence) throws {
        let now = transaction.now
        try send(CatalogueWrites.tenants(catalogue, at: now))
        try send(CatalogueWrites.groups(catalogue, at: now))
        try send(people.customers.map { CustomerWrites.customer($0.row, at: now) })
        try send(people.users.map { CustomerWrites.user($0.row, at: now) })
        try send(people.keys.map { CustomerWrites.key($0.row, at: now) })
        try writeMoney(people, &ids)
        try send(CatalogueWrites.offers(catalogue, at: now))
        if !catalogue.lines.isEmpty { try send([CatalogueWrites.notification]) }
        if people.changesWhoIsServed { try send([CustomerWrites.notification]) }
    }

    /// One record for every line, in the log of the tenant whose thing it is.
    ///
    /// - Parameter known: tenants that the file may leave out, and may close.
    func record(
        _ lines: [ChangeLine], by author: AuditAuthor, of catalogue: CataloguePlan, _ known: [TenantRow],
        _ ids: inout IdentifierSequence
    ) throws {
        var tenants = Dictionary(uniqueKeysWithValues: known.map { ($0.slug, $0.id) })
        tenants.merge(catalogue.tenantIDs) { _, listed in listed }
        var statements: [Statement] = []
        for line in lines {
            guard let owner = tenants[line.tenant] else {
                preconditionFailure("something of a tenant changed that is not there")
            }
            statements.append(
                AuditStore.insert(
                    AuditNote(applied: line), by: author, owner, ids.next(at: transaction.realNow),
                    at: transaction.realNow))
        }
        try send(statements)
    }

    /// Opens accounts, then posts what was never posted; the engine's own decisions, in this transaction.
    func writeMoney(_ people: CustomerPlan, _ ids: inout IdentifierSequence) throws {
        var ledger = ledger
        let now = transaction.now
        try ledger.lock(
            tenants: people.tenantAccounts.map(\.tenant) + people.openings.map(\.reference.tenant),
            wallets: people.wallets.map { ($0.tenant, $0.customer) }
                + people.openings.compactMap { opening in
                    opening.customer.map { (opening.reference.tenant, $0) }
                }, on: transaction.connection)
        for accounts in people.tenantAccounts {
            try ledger.openTenant(
                accounts.tenant, currency: accounts.creditLimit.currency,
                wholesaleCreditLimit: accounts.creditLimit,
                on: transaction.connection, at: now)
        }
        for wallet in people.wallets {
            try ledger.openWallet(
                of: wallet.customer, in: wallet.tenant, creditLimit: wallet.creditLimit,
                on: transaction.connection,
                at: now)
        }
        guard !people.openings.isEmpty else { return }
        let submissions = people.openings.map { Self.submission($0, ids.next(at: now)) }
        let results = try ledger.carryOut(submissions, on: transaction.connection, at: now)
        for (opening, result) in zip(people.openings, results) {
            guard case .failure(let refusal) = result else { continue }
            throw opening.mark.problem("the opening balance cannot be posted: \(refusal)")
        }
    }

    private static func submission(_ opening: CustomerPlan.Opening, _ id: CommandID) -> Submission {
        let actor = "tollgate apply"
        let command: Command =
            if let customer = opening.customer {
                .topUp(
                    TopUp(
                        customer: customer, amount: opening.amount, reference: opening.reference.text,
                        memo: "opening balance", actor: actor))
            } else {
                .floatTopUp(
                    FloatTopUp(amount: opening.amount, reference: opening.reference.text, actor: actor))
            }
        return Submission(
            id: id, tenant: opening.reference.tenant, principal: nil,
            dialect: DialectName(rawValue: "catalogue"),
            command: command)
    }

    /// A file may hold thousands of rows; a pipeline of all of them would only fill buffers.
    private func send(_ statements: [Statement]) throws {
        var rest = statements[...]
        while !rest.isEmpty {
            _ = try transaction.pipeline(Array(rest.prefix(500)))
            rest = rest.dropFirst(500)
        }
    }
}
