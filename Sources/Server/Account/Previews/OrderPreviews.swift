internal import Billing
internal import Catalog
internal import Primitives

/// What an order would cost now, decided by the engine's own rules on the same rows: nothing is reserved and nothing moves.
struct OrderPreviews: Sendable {
    let ids: any IdentifierSource
    let clock: any WallClock
    let preview: @Sendable (Submission) async throws(EngineError) -> Preview

    /// What it comes to, or why it would not be carried out.
    struct Answer: Sendable {
        var list: Money?
        var discount: Money?
        var total: Money?
        /// Until when what is renewed would be paid.
        var activeUntil: Instant?
        var refusal: OrderRefusal?
    }

    /// What several of a plan would cost a customer.
    func purchase(
        of plan: Plan, in dialect: DialectName, _ quantity: Quantity, _ repeatCount: RepeatCount,
        _ coupon: CouponCode?, by caller: Principal
    ) async throws -> Answer {
        let purchase = Purchase(
            customer: caller.customer, plan: plan.id, networks: plan.networks, quantity: quantity,
            repeatCount: repeatCount, coupon: coupon)
        return try await answer(.purchase(purchase), in: dialect, caller) {
            plan.price?.multiplied(by: Int64(quantity.value) * Int64(repeatCount.value))
        }
    }

    /// What the next renewal would cost, a promised discount among it.
    func renewal(
        of subscription: SubscriptionView, with plan: Plan, _ repeatCount: RepeatCount, _ coupon: CouponCode?,
        by caller: Principal
    ) async throws -> Answer {
        let renewal = Renewal(
            customer: caller.customer, subscription: subscription.id, plan: plan.id, repeatCount: repeatCount,
            coupon: coupon)
        return try await answer(.renewal(renewal), in: subscription.dialect, caller) {
            plan.price?.multiplied(by: Int64(repeatCount.value))
        }
    }

    private func answer(
        _ command: Command, in dialect: DialectName, _ caller: Principal, list: () -> Money?
    ) async throws -> Answer {
        let submission = Submission(
            id: ids.next(at: clock.now()), tenant: caller.tenant, principal: caller.id, dialect: dialect,
            command: command)
        let found: Preview
        do throws(EngineError) {
            found = try await preview(submission)
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            return Self.answer(refusal, list())
        }
        switch found.outcome {
        case .bought(let receipt):
            return Answer(
                list: receipt.total.adding(receipt.discount), discount: receipt.discount, total: receipt.total
            )
        case .renewed(let receipt):
            return Answer(
                list: receipt.total.adding(receipt.discount), discount: receipt.discount,
                total: receipt.total, activeUntil: receipt.activeUntil)
        case .refunded, .cancelled, .changed, .moved, .placed, .settled, .closed, .paid:
            preconditionFailure("a purchase or a renewal was asked about")
        }
    }

    /// The price is found before the balance is looked at, and is told with what is missing.
    private static func answer(_ refusal: Refusal, _ list: Money?) -> Answer {
        guard case .insufficientBalance(let total, _) = refusal else {
            return Answer(refusal: OrderRefusal(refusal))
        }
        return Answer(
            list: list, discount: list?.subtracting(total), total: total, refusal: OrderRefusal(refusal))
    }
}
