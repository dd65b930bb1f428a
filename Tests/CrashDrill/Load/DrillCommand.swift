internal import Primitives

/// What a client wants done, and what it has to cost.
struct DrillCommand: Sendable {
    enum Kind: Sendable {
        case purchase(plan: DrillShop.Plan, quantity: Int32, repeatCount: Int32, discountPercent: Int64)
        case renewal(IdentifierBits, plan: DrillShop.Plan, repeatCount: Int32)
        case trial(plan: DrillShop.Plan)
        case changeCredentials(IdentifierBits)
        case setRotation(IdentifierBits, minutes: Int32)
        case switchNetwork(IdentifierBits, to: IdentifierBits)
        case service(ServiceCommand)
    }

    let kind: Kind
    /// The JSON that is sent, the same each time.
    let body: [UInt8]
    /// The Idempotency-Key, unique in the whole drill.
    let key: String

    var movesMoney: Bool {
        switch kind {
        case .purchase, .renewal, .trial: true
        case .changeCredentials, .setRotation, .switchNetwork: false
        case .service(let service): service.movesMoney
        }
    }

    var door: Door {
        switch kind {
        case .purchase, .renewal, .trial, .changeCredentials, .setRotation, .switchNetwork: .gate
        case .service: .opproxy
        }
    }

    /// The event that it leaves in the outbox.
    var event: String {
        switch kind {
        case .purchase: "order.purchased"
        case .renewal: "order.renewed"
        case .trial: "trial.started"
        case .changeCredentials: "credentials.rotated"
        case .setRotation: "rotation.changed"
        case .switchNetwork: "network.switched"
        case .service(let service): service.event
        }
    }

    init(_ kind: Kind, key: String) {
        self.kind = kind
        self.key = key
        body = Self.json(kind)?.encoded() ?? []
    }

    private static func json(_ kind: Kind) -> JSON? {
        switch kind {
        case .purchase(let plan, let quantity, let repeatCount, let percent):
            [
                "op": "purchase", "planId": .string(plan.id.base36String),
                "quantity": .integer(Int64(quantity)), "repeatCount": .integer(Int64(repeatCount)),
                "couponCode": percent == 0 ? .null : .string(percent == 50 ? "HALFOFF" : "FIFTH"),
            ]
        case .renewal(let subscription, let plan, let repeatCount):
            [
                "op": "renew", "subscriptionId": .string(subscription.base36String),
                "planId": .string(plan.id.base36String), "repeatCount": .integer(Int64(repeatCount)),
            ]
        case .trial(let plan): ["op": "trial", "planId": .string(plan.id.base36String)]
        case .changeCredentials(let subscription):
            ["op": "change-credentials", "subscriptionId": .string(subscription.base36String)]
        case .setRotation(let subscription, let minutes):
            [
                "op": "set-rotation-policy", "subscriptionId": .string(subscription.base36String),
                "rotationPolicy": .integer(Int64(minutes)),
            ]
        case .switchNetwork(let subscription, let network):
            [
                "op": "switch-network", "subscriptionId": .string(subscription.base36String),
                "targetNetwork": .string(network.base36String),
            ]
        case .service(let service): service.body
        }
    }
}

/// What an answer of success says, as far as rows can be held against it.
struct DrillAnswer: Sendable {
    /// Subscriptions in the order they were told; one for everything but purchases of several.
    var subscriptions: [IdentifierBits] = []
    /// Milliseconds since 1970; nil where the answer names none.
    var activeUntil: Int64?
    /// Of each subscription that the answer describes: host and port that were lent.
    var ports: [String] = []
    /// At the second door.
    var service: ServiceAnswer?

    init?(_ body: [UInt8], to kind: DrillCommand.Kind) {
        if case .service = kind {
            guard let told = ServiceAnswer(body) else { return nil }
            subscriptions = [told.id]
            activeUntil = told.shape?.expiresAt.milliseconds
            service = told
            return
        }
        guard let json = try? JSON.parse(body), json["ok"]?.boolValue == true else { return nil }
        switch kind {
        case .purchase, .trial, .switchNetwork:
            let told = json["subscriptions"]?.arrayValue ?? [json["subscription"]].compactMap { $0 }
            for one in told {
                guard let id = one["subscriptionId"]?.stringValue.flatMap(IdentifierBits.init(base36String:)),
                    let link = one["protocols"]?["http"]?.stringValue, let at = link.firstIndex(of: "@")
                else { return nil }
                subscriptions.append(id)
                ports.append(String(link[link.index(after: at)...]))
                activeUntil = one["activeUntil"]?.integralValue
            }
            guard !told.isEmpty else { return nil }
        case .renewal:
            guard let id = json["subscriptionId"]?.stringValue.flatMap(IdentifierBits.init(base36String:)),
                let end = json["endAt"]?.integralValue
            else { return nil }
            subscriptions = [id]
            activeUntil = end
        case .changeCredentials(let subscription):
            guard json["password"]?.stringValue?.isEmpty == false else { return nil }
            subscriptions = [subscription]
        case .setRotation(let subscription, _): subscriptions = [subscription]
        case .service: return nil
        }
    }
}
