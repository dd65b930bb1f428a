internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// Whose a new key is to be: a live customer's test key is their double's in the sandbox.
    static func owner(
        _ name: String, _ tenant: TenantView, _ environment: KeyEnvironment, _ transaction: Transaction,
        makingDouble: (CustomerView, TenantView) throws -> CustomerView
    ) throws -> (tenant: TenantView, customer: CustomerView) {
        switch (environment, tenant.isSandbox) {
        case (.live, true): throw Refusal.keysAreTestKeys(tenant.slug)
        case (.live, false), (.test, true):
            return (tenant, try customer(name, tenant.id, transaction))
        case (.test, false):
            let slug = Sandbox.slug(of: tenant.slug)
            guard let sandbox = try OperatorStore.tenant(transaction.query(OperatorStore.tenant(slug))),
                sandbox.isSandbox
            else { throw Refusal.sandboxMissing(tenant.slug) }
            let live = try customer(name, tenant.id, transaction)
            let known = try OperatorStore.customers(
                transaction.query(OperatorStore.customer(live.email, of: sandbox.id)))
            return (sandbox, try known.first ?? makingDouble(live, sandbox))
        }
    }

    /// Makes the double of a live customer in a sandbox, with play money.
    func makeDouble(
        of live: CustomerView, in sandbox: TenantView, _ transaction: Transaction
    ) throws -> CustomerView {
        let double = try addCustomer(email: live.email, username: live.username, to: sandbox, transaction)
        _ = try transaction.query(OperatorStore.joinGroup(double.id, of: live.id, in: sandbox.id))
        var ledger = LedgerWork(seed: seed(), stock: SlotStock())
        let submission = Submission(
            id: identifiers.next(at: transaction.realNow), tenant: sandbox.id, principal: nil,
            dialect: DialectName(rawValue: "operator"),
            command: .topUp(
                TopUp(
                    customer: double.id, amount: Sandbox.playBalance(in: sandbox.currency),
                    // The same that a catalogue file would post, so that it is not posted again.
                    reference: OpeningReference.wallet(double.id, sandbox.id).text, memo: "opening balance",
                    actor: actor)))
        let result = try ledger.carryOut(
            [submission], on: transaction.connection, at: transaction.realNow)[0]
        if case .failure(let refusal) = result { throw Refusal.money(refusal) }
        return double
    }
}
