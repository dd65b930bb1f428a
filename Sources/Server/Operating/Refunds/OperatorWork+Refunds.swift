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
        /// The moment of the preview that it is to come to; `nil`: now.
        var asOf: Instant?
        var memo: String?
        /// Names the request: the same one again gives nothing back a second time, and answers as before.
        var key: IdempotencyKey?

        init(
            amount: AmountText? = nil, keepsService: Bool = false, reason: RefundReason = .requested,
            asOf: Instant? = nil, memo: String? = nil, key: IdempotencyKey? = nil
        ) {
            self.asOf = asOf
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
                    "as_of": asOf.map { .string($0.rfc3339()) } ?? .null,
                    "memo": memo.map(JSON.string) ?? .null,
                ])
        }
    }

    /// Gives an order's money back, as `Refund` says; how the order stands is read in the same transaction.
    func refund(
        _ id: OrderID, of slug: String, _ request: RefundRequest
    ) async throws -> RefundView {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(slug, transaction)
            let hand = try hand(id, tenant, request, transaction)
            let (answer, isRepeated): (RefundAnswer, Bool) = try carryOut(hand, transaction)
            if !isRepeated {
                try write(.refund(of: id, answer), of: tenant.id, transaction)
            }
            return RefundView(
                answer: answer, isRepeated: isRepeated, order: try Self.order(id, tenant.id, transaction))
        }
    }

    /// What a refund would come to; nothing moves.
    func previewRefund(
        _ id: OrderID, of slug: String, _ request: RefundRequest
    ) async throws -> PreviewByHand<RefundAnswer> {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(slug, transaction)
            return try foresee(hand(id, tenant, request, transaction), transaction)
        }
    }

    /// The command that a request asks for, whose order is looked up.
    func hand(
        _ id: OrderID, _ tenant: TenantView, _ request: RefundRequest, _ transaction: Transaction
    ) throws -> CommandByHand {
        let order = try Self.order(id, tenant.id, transaction)
        let currency = order.price.total.currency
        let amount = try request.amount.map { try Self.money($0, in: currency) }
        let refund = Refund(
            customer: order.customer, order: id, amount: amount, keepsService: request.keepsService,
            reason: request.reason, memo: request.memo, actor: actor, asOf: request.asOf)
        return CommandByHand(
            tenant: tenant.id, command: .refund(refund), key: request.key,
            fingerprint: request.fingerprint(of: id, amount))
    }

    private static func order(
        _ id: OrderID, _ tenant: TenantID, _ transaction: Transaction
    ) throws -> OrderView {
        let found = try OrderViewStore.orders(transaction.query(OrderViewStore.one(id, of: tenant)))
        guard let order = found.first else { throw Refusal.orderUnknown(id) }
        return order
    }
}
