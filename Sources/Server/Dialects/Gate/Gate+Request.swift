internal import Primitives

// Reading a request, in the order of contracts/gate.md G5: JSON, object, op, then the fields as the vendor lists them.

extension Gate.Operation {
    /// What a request asks for: GET names its op in the query, POST in the body; each knows only its own ops (G9).
    ///
    /// - Throws: the first thing that is wrong with it.
    static func read(_ request: DialectRequest) throws(Gate.Problem) -> Gate.Operation {
        if request.method == .get { return try read(query: request.query ?? "") }
        guard request.body.isEmpty || JSONBody.isAccepted(request.headers) else {
            throw .unsupportedMediaType
        }
        return try read(body: request.body)
    }

    static func read(query: String) throws(Gate.Problem) -> Gate.Operation {
        let query = FormQuery(query)
        // Two ops are no op, even where they agree: nobody can say which one was meant.
        guard case .once(let op) = query["op"] else { throw .unknownOp }
        switch op {
        case "plans": return .plans
        case "subscriptions": return .subscriptions
        case "renewal-plans": return .renewalPlans(try query.subscription())
        case "available-networks": return .availableNetworks(try query.subscription())
        default: throw .unknownOp
        }
    }

    static func read(body: [UInt8]) throws(Gate.Problem) -> Gate.Operation {
        let fields = try Gate.Fields(body)
        switch fields.op {
        case "purchase": return .purchase(try fields.purchase())
        case "renew": return .renew(try fields.renewal())
        case "trial": return .trial(try fields.plan())
        case "change-credentials": return .changeCredentials(try fields.subscription())
        case "set-rotation-policy":
            let subscription = try fields.subscription()
            return .setRotationPolicy(subscription, minutes: try fields.rotationMinutes())
        case "switch-network":
            let subscription = try fields.subscription()
            return .switchNetwork(subscription, to: try fields.targetNetwork())
        default: throw .unknownOp
        }
    }
}
