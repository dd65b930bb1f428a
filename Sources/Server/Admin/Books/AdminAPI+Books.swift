internal import Billing
internal import Postgres
internal import Primitives

// Commands of the money engine, as staff give them: decided by the engine's rules under its locks, beside the record of
// who gave them.

extension AdminAPI {
    /// What an operator does at a shell, with whoever asks written down as having done it.
    func work(_ call: AdminCall) -> OperatorWork {
        OperatorWork(pool: pool, identifiers: ids, random: random, actor: call.actor.name)
    }

    /// What an operator looks up.
    var books: OperatorReading { OperatorReading(pool: reading) }

    /// Carries a command out: the movement, its record and the remembered answer in one transaction.
    ///
    /// - Parameters:
    ///   - fields: what the request asks for; it is recorded beside what became of it.
    ///   - hand: the command; reads what it is about with the doors' rights.
    func carryOut<Told: AnswerByHand>(
        _ call: AdminCall, _ fields: AdminFields, on object: (kind: String, id: String), as told: Told.Type,
        _ hand: @escaping @Sendable (OperatorWork, TenantView, Transaction) throws -> CommandByHand
    ) async throws -> AdminAnswer {
        let (work, tenant, name) = (work(call), call.tenantView, call.endpoint.name)
        return try await changes.run(call, on: call.owner, fields.body) { transaction, command in
            let hand = try transaction.with(.door) { try hand(work, tenant, $0) }
            let answer: Told = try transaction.with(.engine) {
                try work.carryOut(hand, as: command, $0).answer
            }
            let note = AuditNote(
                name, object.kind, object.id, from: nil, to: answer.json.adding(fields.body))
            return (answer.json, note)
        }
    }

    /// What a command would come to; nothing moves, and nothing is recorded.
    func foresee<Told: AnswerByHand>(
        _ call: AdminCall, as told: Told.Type,
        _ hand: @escaping @Sendable (OperatorWork, TenantView, Transaction) throws -> CommandByHand
    ) async throws -> AdminAnswer {
        let (work, tenant) = (work(call), call.tenantView)
        let preview: PreviewByHand<Told> = try await pool.transaction(tenant: call.owner) { transaction in
            let hand = try transaction.with(.door) { try hand(work, tenant, $0) }
            return try transaction.with(.engine) { try work.foresee(hand, $0) }
        }
        return .json(preview.json)
    }
}

extension AdminCall {
    /// The tenant in the path.
    var namedTenant: AdminTenant {
        guard let tenant else { preconditionFailure("a tenant's path without a tenant") }
        return tenant
    }

    /// The same, as an operator's work takes it.
    var tenantView: TenantView {
        let tenant = namedTenant
        return TenantView(
            id: tenant.id, slug: tenant.slug, currency: tenant.currency, sandboxOf: tenant.sandboxOf,
            clockAhead: tenant.clockAhead)
    }
}

extension AdminFields {
    /// An amount with or without its currency.
    /// - Parameter isSigned: whether it may be nothing, or below zero.
    func amount(_ name: String, isSigned: Bool = false) throws(AdminProblem) -> AmountText? {
        let expected =
            isSigned ? "an amount such as \"12.50 USD\"" : "an amount above zero such as \"12.50 USD\""
        guard let text = try text(name, expected) else { return nil }
        guard let amount = isSigned ? AmountText(signed: text) : AmountText(text) else {
            throw .invalid(name, expected)
        }
        return amount
    }

    /// A sentence for the statement and the log.
    func sentence(_ name: String) throws(AdminProblem) -> String? {
        try text(name, Handwritten.reasonForm, Handwritten.isReason)
    }

    /// The name that an event has outside.
    func reference(_ name: String) throws(AdminProblem) -> String? {
        try text(name, Handwritten.referenceForm, Handwritten.isReference)
    }

    /// A list of texts that all pass.
    func texts(
        _ name: String, _ expected: String, _ passes: (String) -> Bool
    ) throws(AdminProblem) -> [String]? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let texts = value.arrayValue?.map(\.stringValue), texts.count <= 100,
            texts.allSatisfy({ $0.map(passes) ?? false })
        else { throw .invalid(name, expected) }
        return texts.compactMap { $0 }
    }
}

extension AdminPermission {
    /// Who looks at the people who buy and at what they hold.
    static let lookingAtCustomers = AdminPermission.roles([.owner, .support, .finance, .readOnly])
    /// Who serves them.
    static let serving = AdminPermission.roles([.owner, .support])
    /// Who asks them for money, and lets them off: it moves when they pay.
    static let askingForMoney = AdminPermission.roles([.owner, .support, .finance])
    /// Who moves their money.
    static let movingMoney = AdminPermission.roles([.owner, .finance])
}
