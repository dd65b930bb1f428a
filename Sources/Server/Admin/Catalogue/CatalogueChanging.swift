internal import Catalog
internal import Postgres
internal import Primitives

/// One change of a catalogue, in its transaction.
struct CatalogueChanging {
    let transaction: Transaction
    let tenant: AdminTenant
    let seed: UInt64

    func carryOut(
        _ ask: (CatalogueState) throws -> CatalogueWish,
        _ answer: (CatalogueState, CatalogueState, [ChangeLine]) throws -> CatalogueAnswer
    ) throws -> CatalogueAnswer {
        let (rows, before) = try read()
        let wish = try ask(before)
        let plan = try decide(wish, rows, before)
        let lines = plan.lines + (try writeTenants(plan, wish))
        guard !lines.isEmpty else { return (try answer(before, before, []).value, nil) }
        try send(CatalogueWrites.offers(plan, at: transaction.now) + [CatalogueWrites.notification])
        let (value, note) = try answer(before, try read().state, lines)
        return (value, isDryRun(wish) ? nil : note)
    }

    /// Everything that must be unique between tenants, and of this one and its sandbox all; applies and other changes wait.
    private func read() throws -> (rows: CatalogueRows, state: CatalogueState) {
        let slugs = [tenant.slug, Sandbox.slug(of: tenant.slug)]
        let results = try transaction.pipeline(
            CatalogueReads.statements(slugs: slugs) + [AdminCatalogueStore.creditLimit(tenant.id)])
        let rows = try CatalogueReads.rows(Array(results.dropLast()))
        guard let catalogue = try ShownCatalogue(rows, of: tenant.id), let last = results.last else {
            throw AdminProblem(.notFound)
        }
        let limit = try AdminCatalogueStore.creditLimit(last, in: tenant.currency)
        return (rows, CatalogueState(catalogue: catalogue, creditLimit: limit))
    }

    private func decide(
        _ wish: CatalogueWish, _ rows: CatalogueRows, _ state: CatalogueState
    ) throws -> CataloguePlan {
        switch wish {
        case .removal(let host): return .removal(of: host, slug: tenant.slug)
        case .tenant(let document): return try decide(document, prunes: false, rows)
        case .document(let document, let prunes, _): return try decide(document, prunes: prunes, rows)
        }
    }

    private func decide(
        _ document: CatalogueDocument, prunes: Bool, _ rows: CatalogueRows
    ) throws -> CataloguePlan {
        let own = rows.tenants.filter { $0.id == tenant.id || $0.sandboxOf == tenant.id }.map(\.id)
        var ids = IdentifierSequence(seed: seed)
        return try CataloguePlan.decide(
            document, on: rows, prune: prunes, scope: .tenants(Set(own)), ids: &ids, at: transaction.now)
    }

    /// The tenants' rows and their customers' groups, and where it is asked for their accounts: before what is sold, as the engine locks.
    private func writeTenants(_ plan: CataloguePlan, _ wish: CatalogueWish) throws -> [ChangeLine] {
        try send(
            CatalogueWrites.tenants(plan, at: transaction.now)
                + CatalogueWrites.groups(plan, at: transaction.now))
        switch wish {
        case .document, .removal: return []
        case .tenant(let document):
            return try TenantAccounts(transaction: transaction, seed: seed, owner: tenant.id)
                .write(document, plan.tenantIDs)
        }
    }

    private func send(_ statements: [Statement]) throws {
        var rest = statements[...]
        while !rest.isEmpty {
            _ = try transaction.pipeline(Array(rest.prefix(500)))
            rest = rest.dropFirst(500)
        }
    }

    private func isDryRun(_ wish: CatalogueWish) -> Bool {
        switch wish {
        case .document(_, _, let isDryRun): isDryRun
        case .removal, .tenant: false
        }
    }
}
