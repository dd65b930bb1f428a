internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

/// The accounts that tenants have of their own, as a document wants them: decided and opened as `tollgate apply` does it.
struct TenantAccounts {
    /// Of the role `tollgate_catalogue`, which has no part in them.
    let transaction: Transaction
    let seed: UInt64
    /// Whose rows the transaction is about otherwise.
    let owner: TenantID

    /// Opens what is missing, and sets how far floats may go below zero.
    ///
    /// - Parameter tenants: by their slugs, every one of the document.
    /// - Returns: a line for every credit limit that changed.
    /// - Throws: `DocumentError` where a float is below what its new limit would allow.
    func write(_ document: CatalogueDocument, _ tenants: [String: TenantID]) throws -> [ChangeLine] {
        try transaction.with(.admin, insteadOf: .catalogue) { transaction in
            var lines: [ChangeLine] = []
            for tenant in document.tenants {
                guard let id = tenants[tenant.slug] else {
                    preconditionFailure("a tenant of the document has no number")
                }
                _ = try transaction.query(AdminRightsStore.turn(to: id))
                lines += try write(tenant, id)
            }
            _ = try transaction.query(AdminRightsStore.turn(to: owner))
            return lines
        }
    }

    private func write(_ tenant: TenantDocument, _ id: TenantID) throws -> [ChangeLine] {
        let ledger = LedgerWork(seed: seed, stock: SlotStock())
        // Nobody spends of a float, or tops it up, between the look and the new limit.
        try ledger.lock(tenants: [id], wallets: [], on: transaction.connection)
        var rows = CustomerRows()
        rows.accounts = try CustomerReads.accounts(
            transaction.query(CustomerReads.accounts(of: [id], customers: [])))
        var draft = CustomerDraft(
            rows, dialects: .all, passwords: PasswordBook(), random: SystemRandom(), prunes: false,
            groups: [:], now: transaction.now, ids: IdentifierSequence(seed: seed &+ UInt64(id.number)))
        try draft.add(tenant, id)
        try ApplyWriting(transaction: transaction, ledger: ledger).writeMoney(draft.plan, &draft.ids)
        return draft.plan.floatLines
    }
}
