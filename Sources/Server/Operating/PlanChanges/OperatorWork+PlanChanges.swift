internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// How an operator puts a customer's subscription on another plan.
    struct PlanChangeRequest: Sendable {
        /// The plan's code.
        let plan: String
        /// Price less credit, as it was looked up before: it comes to this, or nothing is done.
        var expected: AmountText?
        /// The moment of the preview that it is to come to; `nil`: now.
        var asOf: Instant?
        var memo: String?
        /// Names the request: the same one again charges nothing a second time, and answers as before.
        var key: IdempotencyKey?

        /// The same for the same request, whoever asks.
        fileprivate func fingerprint(of subscription: SubscriptionID, _ expected: Money?) -> [UInt8] {
            RequestFingerprint.of(
                "subscription change-plan",
                [
                    "subscription": .string(subscription.description), "plan": .string(plan),
                    "expected": expected.map { .string($0.description) } ?? .null,
                    "as_of": asOf.map { .string($0.rfc3339()) } ?? .null,
                    "memo": memo.map(JSON.string) ?? .null,
                ])
        }
    }

    /// Puts a subscription on another plan, as `PlanChange` says, whichever dialect it was sold in.
    func changePlan(
        of id: SubscriptionID, of slug: String, _ request: PlanChangeRequest
    ) async throws -> PlanChangeView {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(slug, transaction)
            let hand = try hand(id, tenant, request, transaction)
            let (answer, isRepeated): (PlanChangeAnswer, Bool) = try carryOut(hand, transaction)
            if !isRepeated {
                try write(.planChange(of: id, to: request.plan, answer), of: tenant.id, transaction)
            }
            return PlanChangeView(
                answer: answer, isRepeated: isRepeated,
                subscription: try Self.subscription(id, tenant, transaction))
        }
    }

    /// What a change of plan would come to; nothing moves.
    func previewPlanChange(
        of id: SubscriptionID, of slug: String, _ request: PlanChangeRequest
    ) async throws -> PreviewByHand<PlanChangeAnswer> {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(slug, transaction)
            return try foresee(hand(id, tenant, request, transaction), transaction)
        }
    }

    /// The command that a request asks for, whose subscription and plan are looked up.
    func hand(
        _ id: SubscriptionID, _ tenant: TenantView, _ request: PlanChangeRequest, _ transaction: Transaction
    ) throws -> CommandByHand {
        let subscription = try Self.subscription(id, tenant, transaction)
        let customer = try Self.customer(subscription.customer.description, tenant.id, transaction)
        let plans = try PlanStore.plans(transaction.query(PlanStore.all(of: tenant.id)))
        guard let plan = plans.first(where: { $0.code == request.plan }) else {
            throw Refusal.planUnknown(request.plan)
        }
        let expected = try request.expected.map { try Self.money($0, in: customer.currency) }
        let change = PlanChange(
            customer: subscription.customer, subscription: id, plan: plan.id, expectedTotal: expected,
            asOf: request.asOf, memo: request.memo, actor: actor)
        return CommandByHand(
            tenant: tenant.id, command: .planChange(change), dialect: subscription.dialect,
            key: request.key, fingerprint: request.fingerprint(of: id, expected))
    }
}
