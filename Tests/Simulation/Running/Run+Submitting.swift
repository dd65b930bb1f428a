internal import Billing
internal import Catalog
internal import Primitives

extension Run {
    /// Nobody can name an order or a subscription before its buyer was told of it.
    func known(_ asked: Request) -> Request {
        var request = asked
        switch asked.action {
        case .refund(let customer, let order, let amount, let keepsService):
            guard model.orders[Name(tenant: asked.tenant, number: order)] == nil else { return asked }
            request.action = .refund(customer: customer, order: 0, amount: amount, keepsService: keepsService)
        case .renewal(var renewal):
            guard model.subscriptions[renewal.subscription] == nil else { return asked }
            renewal.subscription = SubscriptionName(order: 0, index: 0)
            request.action = .renewal(renewal)
        case .cancellation(var cancellation):
            guard model.subscriptions[cancellation.subscription] == nil else { return asked }
            cancellation.subscription = SubscriptionName(order: 0, index: 0)
            request.action = .cancellation(cancellation)
        case .planChange(var change):
            guard model.subscriptions[change.subscription] == nil else { return asked }
            change.subscription = SubscriptionName(order: 0, index: 0)
            request.action = .planChange(change)
        case .purchase, .trial, .topUp, .floatTopUp, .adjustment: break
        }
        return request
    }

    func submission(_ request: Request) -> Submission {
        let number = request.number
        let claim = request.key.map { key in
            IdempotencyClaim(
                key: Names.key(key), fingerprint: [UInt8](repeating: UInt8(request.body & 0xFF), count: 32),
                remember: { _ in RememberedAnswer(status: 200, sealed: Self.sealed(number)) })
        }
        let unanswerable: @Sendable (Outcome) throws -> Void = { _ in throw Unanswerable() }
        return Submission(
            id: Names.command(number), tenant: Names.tenant(request.tenant),
            principal: request.by.map(Names.principal), dialect: Names.door(request.door),
            command: command(request), idempotency: claim,
            prepare: request.isBroken ? unanswerable : nil)
    }

    /// A remembered answer says whose it is.
    static func sealed(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    static func number(sealed: [UInt8]) -> Int {
        sealed.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private struct Unanswerable: Error {}

    private func choice(_ country: String?, _ rotation: String?) -> ExitChoice? {
        guard country != nil || rotation != nil else { return nil }
        return ExitChoice(
            country: country.flatMap(ExitCountry.init(rawValue:)),
            rotation: rotation.flatMap(ExitRotation.init(rawValue:)))
    }

    private func command(_ request: Request) -> Command {
        switch request.action {
        case .purchase(let it):
            .purchase(
                Purchase(
                    customer: Names.customer(it.customer), plan: Names.plan(it.plan),
                    networks: it.networks.map(Names.network), exit: choice(it.country, it.rotation),
                    quantity: Quantity(it.quantity) ?? .one,
                    repeatCount: RepeatCount(it.repeats) ?? .one, coupon: it.coupon.map(Names.code),
                    expectedTotal: it.expected))
        case .trial(let customer, let plan):
            .trial(
                Trial(
                    customer: Names.customer(customer), plan: Names.plan(plan),
                    networks: (model.plans[Name(tenant: request.tenant, number: plan)]?.networks ?? [])
                        .map(Names.network)))
        case .renewal(let it):
            .renewal(
                Renewal(
                    customer: Names.customer(it.customer),
                    subscription: subscriptionIDs[it.subscription] ?? Names.stranger,
                    plan: Names.plan(it.plan),
                    repeatCount: RepeatCount(it.repeats) ?? .one, coupon: it.coupon.map(Names.code),
                    expectedTotal: it.expected))
        case .topUp(let customer, let amount, let reference):
            .topUp(
                TopUp(
                    customer: Names.customer(customer), amount: amount, reference: Names.reference(reference))
            )
        case .floatTopUp(let amount, let reference):
            .floatTopUp(FloatTopUp(amount: amount, reference: Names.reference(reference)))
        case .refund(let customer, let order, let amount, let keepsService):
            .refund(
                Refund(
                    customer: Names.customer(customer), order: Names.order(order), amount: amount,
                    keepsService: keepsService))
        case .planChange(let it):
            .planChange(
                PlanChange(
                    customer: Names.customer(it.customer),
                    subscription: subscriptionIDs[it.subscription] ?? Names.stranger,
                    plan: Names.plan(it.plan), exit: choice(it.country, it.rotation),
                    expectedTotal: it.expected))
        case .cancellation(let it):
            .cancellation(
                Cancellation(
                    customer: Names.customer(it.customer),
                    subscription: subscriptionIDs[it.subscription] ?? Names.stranger, way: it.way,
                    keepsMoney: it.keepsMoney, expectedRefund: it.expected))
        case .adjustment(let customer, let amount, let reference):
            .adjustment(
                Adjustment(
                    customer: Names.customer(customer), amount: amount,
                    reference: reference.map(Names.reference), memo: "", actor: ""))
        }
    }
}
