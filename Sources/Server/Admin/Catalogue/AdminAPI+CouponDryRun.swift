internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension AdminAPI {
    func tryCoupon(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "plan", "quantity", "repeat_count", "kind", "customer")
        guard let code = CouponCode(call.itemName(.coupon)) else { throw AdminProblem(.notFound) }
        let order = CouponTrial(
            coupon: code, plan: try query.required("plan"), kind: try query.word("kind") ?? .purchase,
            quantity: try query.count("quantity", Quantity.cap, Quantity.init) ?? .one,
            repeatCount: try query.count("repeat_count", RepeatCount.cap, RepeatCount.init) ?? .one,
            customer: try query.text("customer"))
        return .json(try await order.outcome(at: call.tenantInPath.id, reading: catalogueDesk.reading))
    }
}

/// An order that is not placed, to see what a coupon does with it.
struct CouponTrial: Sendable {
    let coupon: CouponCode
    /// Its code.
    let plan: String
    let kind: OrderKind
    let quantity: Quantity
    let repeatCount: RepeatCount
    /// Who would order: an id, an e-mail address or a username; `nil`: somebody who never did.
    let customer: String?

    /// By the rule that prices every order, at the tenant's own time; nothing is locked, counted or kept.
    func outcome(at tenant: TenantID, reading: PostgresPool) async throws -> JSON {
        try await reading.snapshot(tenant: tenant) { transaction in
            let results = try transaction.pipeline([
                CouponStore.all(of: tenant), PlanStore.all(of: tenant),
            ])
            let coupons = try CouponStore.coupons(results[0])
            guard let coupon = coupons.first(where: { $0.code == self.coupon.text }) else {
                throw AdminProblem(.notFound)
            }
            guard let plan = try PlanStore.plans(results[1]).first(where: { $0.code == self.plan }) else {
                throw AdminProblem.invalidQuery("plan", "the code of a plan")
            }
            let (user, price) = try self.user(of: plan.id, at: tenant, transaction)
            return answer(coupon, plan.priced(by: price), user, at: transaction.now)
        }
    }

    private func user(
        of plan: PlanID, at tenant: TenantID, _ transaction: Transaction
    ) throws -> (CouponUser, GroupPrice?) {
        guard let customer else { return (CouponUser(), nil) }
        let id = IdentifierBits(uuidString: customer).map { CustomerID(bits: $0) }
        let found = try AdminCatalogueStore.customer(
            transaction.query(AdminCatalogueStore.customer(id, named: customer, tenant)))
        guard let found else { throw AdminProblem.invalidQuery("customer", "one of the tenant's customers") }
        let results = try transaction.pipeline([
            CouponUserStore.uses(of: coupon, by: found, tenant),
            CustomerGroupStore.prices(for: [(tenant, found, plan)]),
        ])
        return (
            try CouponUserStore.user(results[0]), try CustomerGroupStore.prices(results[1]).first?.price
        )
    }

    private func answer(_ coupon: Coupon, _ plan: Plan, _ user: CouponUser, at now: Instant) -> JSON {
        do throws(PricingRefusal) {
            let quote = try self.quote(plan, .named(coupon, by: user), at: now)
            return answer(quote, refusal: .null)
        } catch {
            let refusal: JSON = ["code": .string(error.word), "message": .string(error.sentence)]
            // What the order would cost without it, where it would cost anything.
            return answer(try? self.quote(plan, nil, at: now), refusal: refusal)
        }
    }

    private func quote(
        _ plan: Plan, _ coupon: CouponClaim?, at now: Instant
    ) throws(PricingRefusal) -> Quote {
        try Pricing.quote(
            plan: plan, kind: kind, quantity: quantity, repeatCount: repeatCount, coupon: coupon, at: now)
    }

    private func answer(_ quote: Quote?, refusal: JSON) -> JSON {
        [
            "applies": .bool(refusal.isNull),
            "list_price": quote.map { .string($0.list.description) } ?? .null,
            "discount": quote.map { .string($0.discount.description) } ?? .null,
            "total": quote.map { .string($0.total.description) } ?? .null, "refusal": refusal,
        ]
    }
}

extension AdminQuery {
    func required(_ name: String) throws(AdminProblem) -> String {
        guard let text = try text(name), !text.isEmpty else { throw .invalidQuery(name, "given") }
        return text
    }

    func count<Count>(
        _ name: String, _ cap: Int32, _ make: (Int64) -> Count?
    ) throws(AdminProblem) -> Count? {
        guard let text = try text(name) else { return nil }
        guard let count = Int64(text).flatMap(make) else {
            throw .invalidQuery(name, "a whole number from 1 to \(cap)")
        }
        return count
    }
}

extension PricingRefusal {
    /// The word that a purchase is counted under when it is refused for this.
    fileprivate var word: String {
        switch self {
        case .notPriced: "plan_not_priced"
        case .amountTooLarge: "amount_too_large"
        case .coupon(let refusal): refusal.code
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .notPriced: "The plan's price is agreed with a person."
        case .amountTooLarge: "The amount is too large to be booked."
        case .coupon(let refusal): refusal.sentence
        }
    }
}

extension CouponRefusal {
    fileprivate var sentence: String {
        switch self {
        case .inactive: "The coupon is not active."
        case .notStarted: "The coupon is not good yet."
        case .ended: "The coupon is no longer good."
        case .exhausted: "All its redemptions are used."
        case .customerNotCovered: "The coupon is for other customers."
        case .customerLimitReached: "The customer has used all of theirs."
        case .notFirstOrder: "The coupon is for a first order, and one of the customer's stands."
        case .planNotCovered: "The coupon is for other plans."
        case .kindNotCovered: "The coupon is for other kinds of orders."
        case .currencyMismatch: "The coupon is in another currency than the plan."
        case .belowMinimum(let minimum): "The list price is below \(minimum)."
        case .budgetExhausted: "What is left of its budget does not cover the whole discount."
        }
    }
}
