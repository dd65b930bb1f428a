internal import Catalog
internal import Primitives

extension Line: CustomStringConvertible {
    /// The line as a script file has it.
    package var description: String {
        switch self {
        case .books(let tenant, let currency, let limit):
            "books \(tenant) currency \(currency) limit \(limit)"
        case .customer(let line):
            "customer \(line.name.word) currency \(line.currency) limit \(line.limit)"
                + (line.isOpen ? "" : " closed")
        case .network(let line):
            "network \(line.name.word) slots \(line.slots)" + (line.isOn ? "" : " off")
        case .plan(let line): line.text
        case .coupon(let line): line.text
        case .list(let line): "list \(line.customer.word) plan \(line.plan)" + pair("price", line.price)
        case .clock(let milliseconds): "clock \(milliseconds)"
        case .ask(let request): request.text
        case .commit(let count): "commit \(count)"
        case .crash(let count): "crash \(count)"
        case .shuffle(let seed): "shuffle \(seed)"
        case .expire: "expire"
        case .restock: "restock"
        case .relocate(let tenant, let subscription, let network):
            "relocate \(subscription.word) tenant \(tenant) network \(network)"
        }
    }
}

private func pair(_ name: String, _ value: (some CustomStringConvertible)?) -> String {
    value.map { " \(name) \($0)" } ?? ""
}

private func list(_ name: String, _ values: [some CustomStringConvertible]) -> String {
    values.isEmpty ? "" : " \(name) " + values.map(\.description).joined(separator: ",")
}

extension PlanLine {
    fileprivate var text: String {
        "plan \(name.word) currency \(currency)" + pair("price", price) + pair("wholesale", wholesale)
            + pair("ms", duration) + pair("trial", trial) + list("network", networks) + list("exits", exits)
            + list("rotations", rotations) + " product \(product)"
            + " doors \(doors.joined(separator: ","))" + (isShared ? " shared" : "") + (isOn ? "" : " off")
    }
}

extension CouponLine {
    fileprivate var text: String {
        "coupon \(name.word)" + pair("percent", percent) + pair("amount", amount?.word)
            + pair("most", most?.word) + pair("minimum", minimum?.word) + pair("budget", budget?.word)
            + pair("limit", limit) + pair("each", perCustomer)
            + pair("plans", plans.map { $0.map(String.init).joined(separator: ",") })
            + pair("kinds", kinds.map { $0.map(\.rawValue).joined(separator: ",") })
            + pair("starts", starts) + pair("ends", ends) + (isFirstOrderOnly ? " first" : "")
            + (isOn ? "" : " off")
    }
}

extension Request {
    fileprivate var text: String {
        "ask \(number) \(action.text) tenant \(tenant) door \(door)" + pair("by", by) + pair("key", key)
            + (key == nil ? "" : " body \(body)") + (isBroken ? " broken" : "")
    }
}

extension Action {
    fileprivate var text: String {
        switch self {
        case .purchase(let it):
            "purchase customer \(it.customer) plan \(it.plan)" + list("network", it.networks)
                + pair("country", it.country) + pair("rotation", it.rotation)
                + pair("quantity", it.quantity == 1 ? nil : it.quantity)
                + pair("repeat", it.repeats == 1 ? nil : it.repeats) + pair("coupon", it.coupon)
                + pair("expect", it.expected?.word)
        case .trial(let customer, let plan): "trial customer \(customer) plan \(plan)"
        case .renewal(let it):
            "renewal customer \(it.customer) of \(it.subscription.word) plan \(it.plan)"
                + pair("repeat", it.repeats == 1 ? nil : it.repeats) + pair("coupon", it.coupon)
                + pair("expect", it.expected?.word)
        case .topUp(let customer, let amount, let reference):
            "topup customer \(customer) amount \(amount.word) reference \(reference)"
        case .floatTopUp(let amount, let reference): "float amount \(amount.word) reference \(reference)"
        case .refund(let customer, let order, let amount, let keepsService):
            "refund customer \(customer) order \(order)" + pair("amount", amount?.word)
                + (keepsService ? " keep" : "")
        case .cancellation(let it):
            "cancellation customer \(it.customer) of \(it.subscription.word) way \(it.way.rawValue)"
                + pair("expect", it.expected?.word) + (it.keepsMoney ? " keep" : "")
        case .planChange(let it):
            "change customer \(it.customer) of \(it.subscription.word) plan \(it.plan)"
                + pair("country", it.country) + pair("rotation", it.rotation)
                + pair("expect", it.expected?.word)
        case .adjustment(let customer, let amount, let reference):
            "adjustment customer \(customer) amount \(amount.word)" + pair("reference", reference)
        }
    }
}
