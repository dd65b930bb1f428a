internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// What an operator gives back of an order.
    struct RefundRequest: Sendable {
        /// `nil`: all that has not been given back yet.
        var amount: AmountText?
        var keepsService = false
        var reason = RefundReason.requested
        var memo: String?
        /// Names the request: the same one again gives nothing back a second time, and answers as before.
        var key: IdempotencyKey?

        init(
            amount: AmountText? = nil, keepsService: Bool = false, reason: RefundReason = .requested,
            memo: String? = nil, key: IdempotencyKey? = nil
        ) {
            self.amount = amount
            self.keepsService = keepsService
            self.reason = reason
            self.memo = memo
            self.key = key
        }

        /// The same for the same request, whoever asks.
        fileprivate func fingerprint(of order: OrderID, _ amount: Money?) -> [UInt8] {
            RequestFingerprint.of(
                "order refund",
                [
                    "order": .string(order.description),
                    "amount": amount.map { .string($0.description) } ?? .null,
                    "keeps_service": .bool(keepsService), "reason": .string(reason.rawValue),
                    "memo": memo.map(JSON.string) ?? .null,
                ])
        }
    }

    /// Whoever works on the command line: no key and no person has this id.
    static let principal = PrincipalID(bits: .zero)

    /// Gives an order's money back, as `Refund` says; how the order stands is read in the same transaction.
    func refund(
        _ id: OrderID, of slug: String, _ request: RefundRequest
    ) async throws -> RefundView {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(slug, transaction)
            let order = try Self.order(id, tenant.id, transaction)
            let currency = order.price.total.currency
            let amount = try request.amount.map { text in
                guard let money = text.money(in: currency) else {
                    throw Refusal.amountUnreadable(text, currency)
                }
                return money
            }
            let refund = Refund(
                customer: order.customer, order: id, amount: amount, keepsService: request.keepsService,
                reason: request.reason, memo: request.memo, actor: actor)
            let submission = Submission(
                id: identifiers.next(at: transaction.realNow), tenant: tenant.id, principal: Self.principal,
                dialect: DialectName(rawValue: "operator"), command: .refund(refund),
                idempotency: request.key.map { key in
                    IdempotencyClaim(key: key.text, fingerprint: request.fingerprint(of: id, amount)) {
                        RememberedAnswer(status: 200, sealed: RefundAnswer($0).json.encoded())
                    }
                })
            let (answer, isRepeated) = try carryOut(submission, transaction)
            return RefundView(
                answer: answer, isRepeated: isRepeated, order: try Self.order(id, tenant.id, transaction))
        }
    }

    private func carryOut(
        _ submission: Submission, _ transaction: Transaction
    ) throws -> (answer: RefundAnswer, isRepeated: Bool) {
        var ledger = LedgerWork(seed: seed(), stock: SlotStock())
        let results = try ledger.carryOut(
            [submission], on: transaction.connection, at: transaction.realNow)
        switch results[0] {
        case .success(.done(let outcome)): return (RefundAnswer(outcome), false)
        case .success(.replayed(let answer)): return (try RefundAnswer(remembered: answer.sealed), true)
        case .failure(let refusal): throw Refusal.money(refusal)
        }
    }

    private static func order(
        _ id: OrderID, _ tenant: TenantID, _ transaction: Transaction
    ) throws -> OrderView {
        let found = try OrderViewStore.orders(transaction.query(OrderViewStore.one(id, of: tenant)))
        guard let order = found.first else { throw Refusal.orderUnknown(id) }
        return order
    }
}
