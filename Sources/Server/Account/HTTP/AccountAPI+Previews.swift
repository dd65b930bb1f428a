internal import Billing
internal import Catalog
internal import HTTPTypes
internal import Primitives

extension AccountAPI {
    /// `GET /v1/subscriptions/{id}/renewal`: what the next renewal would cost.
    func previewRenewal(_ call: Call) async throws -> DialectResponse {
        let query = Query(call.request)
        let (count, coupon) = (try query.repeatCount(), try query.coupon())
        let code = try query.text("plan", .invalidPlan)
        guard let details = try await subscriptions.details(try call.id(), of: call.caller) else {
            throw Problem(.notFound)
        }
        let catalogue = try await pricedCatalogue(call)
        let wanted = code ?? details.subscription.plan
        guard let plan = catalogue.plans.first(where: { $0.code == wanted }) else {
            throw Problem(.invalidPlan)
        }
        let answer = try await previews.renewal(
            of: details.subscription, with: plan, count, coupon, by: call.caller)
        var json = Self.json(answer)
        json["active_until"] = answer.activeUntil.map { .string($0.rfc3339()) } ?? .null
        return .json(.object(json))
    }

    /// `POST /v1/coupons/preview`: what an order with a coupon would cost, or why not.
    func previewOrder(_ call: Call) async throws -> DialectResponse {
        let fields = try Fields(call.request)
        let catalogue = try await pricedCatalogue(call)
        let (plan, dialect) = try fields.plan(catalogue, keys.dialects(of: catalogue))
        let answer = try await previews.purchase(
            of: plan, in: dialect, try fields.quantity(), try fields.repeatCount(), try fields.coupon(),
            by: call.caller)
        return .json(.object(Self.json(answer)))
    }

    private func pricedCatalogue(_ call: Call) async throws -> TenantCatalogue {
        try await prices.catalogue(
            try await catalogues.catalogue(of: call.tenant), for: call.caller.customer)
    }

    private static func json(_ answer: OrderPreviews.Answer) -> JSONObject {
        var json = JSONObject()
        json["list"] = answer.list?.accountJSON ?? .null
        json["discount"] = answer.discount?.accountJSON ?? .null
        json["total"] = answer.total?.accountJSON ?? .null
        json["refusal"] = answer.refusal.map { .string($0.code) } ?? .null
        return json
    }
}

extension AccountAPI.Fields {
    /// A plan's code, and the dialect that it is asked for in: the first that sells it, where none is named.
    fileprivate func plan(
        _ catalogue: TenantCatalogue, _ dialects: [DialectName]
    ) throws(AccountAPI.Problem) -> (Plan, DialectName) {
        guard let code = try text("plan", .invalidPlan),
            let plan = catalogue.plans.first(where: { $0.code == code })
        else { throw AccountAPI.Problem(.invalidPlan) }
        let selling = dialects.filter(plan.sellsIn.contains)
        if let named = try text("dialect", .invalidDialect).map(DialectName.init(rawValue:)) {
            guard selling.contains(named) else { throw AccountAPI.Problem(.invalidDialect) }
            return (plan, named)
        }
        guard let first = selling.first else { throw AccountAPI.Problem(.invalidPlan) }
        return (plan, first)
    }

    fileprivate func quantity() throws(AccountAPI.Problem) -> Quantity {
        guard let value = member("quantity") else { return .one }
        guard let count = value.integralValue.flatMap(Quantity.init) else {
            throw AccountAPI.Problem(.invalidQuantity)
        }
        return count
    }

    fileprivate func repeatCount() throws(AccountAPI.Problem) -> RepeatCount {
        guard let value = member("repeat_count") else { return .one }
        guard let count = value.integralValue.flatMap(RepeatCount.init) else {
            throw AccountAPI.Problem(.invalidRepeatCount)
        }
        return count
    }

    /// `null` and `""` stand for none.
    fileprivate func coupon() throws(AccountAPI.Problem) -> CouponCode? {
        guard let text = try text("coupon", .invalidCoupon), !text.isEmpty else { return nil }
        guard let code = CouponCode(text) else { throw AccountAPI.Problem(.invalidCoupon) }
        return code
    }
}
