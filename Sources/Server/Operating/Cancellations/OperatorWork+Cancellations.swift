internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// How an operator ends a customer's subscription.
    struct CancellationRequest: Sendable {
        var way: Cancellation.Way
        /// Gives nothing back.
        var keepsMoney = false
        /// What was looked up before: what is given back is this, or nothing is done.
        var expected: AmountText?
        /// The moment of the preview that it is to come to; `nil`: now.
        var asOf: Instant?
        var memo: String?
        /// Names the request: the same one again gives nothing back a second time, and answers as before.
        var key: IdempotencyKey?

        init(
            _ way: Cancellation.Way, keepsMoney: Bool = false, expected: AmountText? = nil,
            asOf: Instant? = nil, memo: String? = nil, key: IdempotencyKey? = nil
        ) {
            self.asOf = asOf
            self.way = way
            self.keepsMoney = keepsMoney
            self.expected = expected
            self.memo = memo
            self.key = key
        }

        /// The same for the same request, whoever asks.
        fileprivate func fingerprint(of subscription: SubscriptionID, _ expected: Money?) -> [UInt8] {
            RequestFingerprint.of(
                "subscription cancel",
                [
                    "subscription": .string(subscription.description), "way": .string(way.rawValue),
                    "keeps_money": .bool(keepsMoney),
                    "expected": expected.map { .string($0.description) } ?? .null,
                    "as_of": asOf.map { .string($0.rfc3339()) } ?? .null,
                    "memo": memo.map(JSON.string) ?? .null,
                ])
        }
    }

    /// Ends a subscription, as `Cancellation` says, whichever dialect it was sold in.
    func cancel(
        _ id: SubscriptionID, of slug: String, _ request: CancellationRequest
    ) async throws -> CancellationView {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(slug, transaction)
            let hand = try hand(id, tenant, request, transaction)
            let (answer, isRepeated): (CancellationAnswer, Bool) = try carryOut(hand, transaction)
            if !isRepeated {
                try write(.cancellation(of: id, answer), of: tenant.id, transaction)
            }
            return CancellationView(
                answer: answer, isRepeated: isRepeated,
                subscription: try Self.subscription(id, tenant, transaction))
        }
    }

    /// What a cancellation would come to; nothing moves.
    func previewCancellation(
        _ id: SubscriptionID, of slug: String, _ request: CancellationRequest
    ) async throws -> PreviewByHand<CancellationAnswer> {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(slug, transaction)
            return try foresee(hand(id, tenant, request, transaction), transaction)
        }
    }

    /// The command that a request asks for, whose subscription is looked up.
    func hand(
        _ id: SubscriptionID, _ tenant: TenantView, _ request: CancellationRequest, _ transaction: Transaction
    ) throws -> CommandByHand {
        let subscription = try Self.subscription(id, tenant, transaction)
        let customer = try Self.customer(subscription.customer.description, tenant.id, transaction)
        let expected = try request.expected.map { try Self.money($0, in: customer.currency) }
        let cancellation = Cancellation(
            customer: subscription.customer, subscription: id, way: request.way,
            keepsMoney: request.keepsMoney, expectedRefund: expected, asOf: request.asOf,
            memo: request.memo, actor: actor)
        return CommandByHand(
            tenant: tenant.id, command: .cancellation(cancellation), dialect: subscription.dialect,
            key: request.key, fingerprint: request.fingerprint(of: id, expected))
    }

    /// The subscription as it stands by the tenant's clock.
    static func subscription(
        _ id: SubscriptionID, _ tenant: TenantView, _ transaction: Transaction
    ) throws -> SubscriptionView {
        let time = TenantTime(real: transaction.realNow, aheadMilliseconds: tenant.clockAhead)
        let found = try SubscriptionViewStore.subscriptions(
            transaction.query(SubscriptionViewStore.one(id, of: tenant.id)), at: time.now)
        guard let subscription = found.first else { throw Refusal.subscriptionUnknown(id) }
        return subscription
    }
}
