import Billing
import Catalog
import Primitives

extension Market {
    /// Puts money on a wallet; the reference is new each time.
    func topUp(_ customer: CustomerID, _ minor: Int64, in shop: Shop, with engine: Engine) async throws {
        let reference = "settlement-\(ids.next(at: now, of: CommandSubject.self))"
        _ = try await engine.submit(
            submission(
                .topUp(TopUp(customer: customer, amount: shop.money(minor), reference: reference)), by: shop))
    }

    func purchase(
        _ shop: Shop, plan: PlanID? = nil, network: NetworkID? = nil, by customer: CustomerID? = nil,
        quantity: Int64 = 1, repeatCount: Int64 = 1, coupon: String? = nil, key: String? = nil,
        fingerprint: UInt8 = 1
    ) -> Submission {
        submission(
            .purchase(
                Purchase(
                    customer: customer ?? shop.ann, plan: plan ?? shop.nlPlan, networks: [network ?? shop.nl],
                    quantity: Quantity(quantity)!, repeatCount: RepeatCount(repeatCount)!,
                    coupon: coupon.flatMap { CouponCode($0) })),
            by: shop, key: key, fingerprint: fingerprint)
    }

    func renewal(
        _ shop: Shop, of subscription: SubscriptionID, plan: PlanID? = nil, by customer: CustomerID? = nil,
        repeatCount: Int64 = 1, coupon: String? = nil, key: String? = nil, fingerprint: UInt8 = 1
    ) -> Submission {
        submission(
            .renewal(
                Renewal(
                    customer: customer ?? shop.ann, subscription: subscription, plan: plan ?? shop.nlPlan,
                    repeatCount: RepeatCount(repeatCount)!, coupon: coupon.flatMap { CouponCode($0) })),
            by: shop, key: key, fingerprint: fingerprint)
    }

    /// Gives an order back, all of it where no amount is said.
    func refund(
        _ order: OrderID, of shop: Shop, by customer: CustomerID? = nil, minor: Int64? = nil,
        keepsService: Bool = false, reason: RefundReason = .requested, asOf: Instant? = nil
    ) -> Submission {
        submission(
            .refund(
                Refund(
                    customer: customer ?? shop.ann, order: order, amount: minor.map(shop.money),
                    keepsService: keepsService, reason: reason, asOf: asOf)), by: shop)
    }

    /// Ends a subscription, at once where nothing else is said.
    func cancellation(
        _ shop: Shop, of subscription: SubscriptionID, way: Cancellation.Way = .now,
        by customer: CustomerID? = nil, keepsMoney: Bool = false, expecting minor: Int64? = nil,
        asOf: Instant? = nil, key: String? = nil, fingerprint: UInt8 = 1
    ) -> Submission {
        submission(
            .cancellation(
                Cancellation(
                    customer: customer ?? shop.ann, subscription: subscription, way: way,
                    keepsMoney: keepsMoney, expectedRefund: minor.map(shop.money), asOf: asOf)),
            by: shop, key: key, fingerprint: fingerprint)
    }

    func planChange(
        _ shop: Shop, of subscription: SubscriptionID, to plan: PlanID, by customer: CustomerID? = nil,
        exit: ExitChoice? = nil, expecting minor: Int64? = nil, asOf: Instant? = nil, key: String? = nil
    ) -> Submission {
        submission(
            .planChange(
                PlanChange(
                    customer: customer ?? shop.ann, subscription: subscription, plan: plan, exit: exit,
                    expectedTotal: minor.map(shop.money), asOf: asOf)), by: shop, key: key)
    }

    /// Submits all at once, and gives back what became of each, in their order.
    func race(_ submissions: [Submission], on engine: Engine) async -> [Result<Answer, EngineError>] {
        await withTaskGroup(of: (Int, Result<Answer, EngineError>).self) { group in
            for (place, submission) in submissions.enumerated() {
                group.addTask {
                    (
                        place,
                        await Self.result { () throws(EngineError) in try await engine.submit(submission) }
                    )
                }
            }
            var results: [Int: Result<Answer, EngineError>] = [:]
            for await (place, result) in group { results[place] = result }
            return submissions.indices.map { results[$0]! }
        }
    }

    /// Submits one after the other, for what depends on the order.
    func inTurn(_ submissions: [Submission], on engine: Engine) async -> [Result<Answer, EngineError>] {
        var results: [Result<Answer, EngineError>] = []
        for submission in submissions {
            results.append(
                await Self.result { () throws(EngineError) in try await engine.submit(submission) })
        }
        return results
    }

    static func result(
        _ body: () async throws(EngineError) -> Answer
    ) async -> Result<Answer, EngineError> {
        do throws(EngineError) { return .success(try await body()) } catch { return .failure(error) }
    }
}

extension Result<Answer, EngineError> {
    var refusal: Refusal? {
        if case .failure(.refused(let refusal)) = self { refusal } else { nil }
    }

    var isCarriedOut: Bool {
        if case .success(.done) = self { true } else { false }
    }

    /// Whether it is the answer that the same request was given before.
    var isReplayed: Bool {
        if case .success(.replayed) = self { true } else { false }
    }

    var bought: PurchaseReceipt? {
        if case .success(.done(.bought(let receipt))) = self { receipt } else { nil }
    }

    var renewed: RenewalReceipt? { (try? get())?.renewed }
    var refunded: RefundReceipt? { (try? get())?.refunded }
    var cancelled: CancellationReceipt? { (try? get())?.cancelled }
    var changed: PlanChangeReceipt? { (try? get())?.changed }
}

extension Answer {
    var bought: PurchaseReceipt? {
        if case .done(.bought(let receipt)) = self { receipt } else { nil }
    }

    var renewed: RenewalReceipt? {
        if case .done(.renewed(let receipt)) = self { receipt } else { nil }
    }

    var refunded: RefundReceipt? {
        if case .done(.refunded(let receipt)) = self { receipt } else { nil }
    }

    var changed: PlanChangeReceipt? {
        if case .done(.changed(let receipt)) = self { receipt } else { nil }
    }

    var cancelled: CancellationReceipt? {
        if case .done(.cancelled(let receipt)) = self { receipt } else { nil }
    }
}
