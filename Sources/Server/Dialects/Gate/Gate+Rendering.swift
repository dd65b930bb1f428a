internal import Catalog
internal import Primitives

// From the shared domain to the vendor's shapes.

extension Gate.Wire.Plan {
    init(_ offer: Offer) {
        id = offer.plan.bits.base36String
        connectionType = offer.connection.rawValue
        durationMs = offer.durationMilliseconds
        priceAmountCents = offer.price.minor
        popular = offer.isPopular
        network = Gate.Wire.PlanNetwork(
            name: offer.network.code, city: offer.network.city, country: offer.network.country,
            networkType: offer.networkType.rawValue)
    }
}

extension Gate.Wire.RenewalPlan {
    init(_ offer: Offer) {
        id = offer.plan.bits.base36String
        connectionType = offer.connection.rawValue
        durationMs = offer.durationMilliseconds
        priceAmountCents = offer.price.minor
    }
}

extension Gate.Wire.Network {
    init(_ choice: NetworkChoice) {
        id = choice.id.bits.base36String
        networkLabel = choice.place.gateLabel
        country = choice.place.country
    }
}

extension Gate.Wire.Subscription {
    /// - Parameter rotatePath: the subscription's rotate link, relative to the host.
    init(_ held: HeldSubscription, rotatePath: String) {
        subscriptionId = held.id.bits.base36String
        // Provisioning is synchronous and only live subscriptions are shown, so a customer sees no other state (G12).
        status = "active"
        activeUntil = held.activeUntil.milliseconds
        userNote = held.userNote
        rotationPolicy = held.rotationMinutes
        label = "\(held.port) - \(held.network.country) - \(held.connection.gateLabel)"
        networkLabel = held.network.gateLabel
        username = held.username
        password = held.secret.password
        protocols = Gate.Wire.Links(held, label: label)
        self.rotatePath = rotatePath
        rotateAvailable = !held.rotationChoices.isEmpty
    }
}

extension Gate.Wire.Links {
    init(_ held: HeldSubscription, label: String) {
        self.init(
            Source(
                host: held.gateway.host, port: held.port, protocols: held.gateway.protocols,
                vlessPort: held.gateway.vlessPort, shadowsocksPort: held.gateway.shadowsocksPort,
                username: held.username, password: held.secret.password, vlessID: held.secret.vlessUUID,
                shadowsocksKey: held.secret.shadowsocksKey, label: label))
    }
}

extension NetworkPlace {
    /// "NL-AMS Amsterdam".
    fileprivate var gateLabel: String { "\(code) \(city)" }
}

extension ConnectionType {
    fileprivate var gateLabel: String {
        switch self {
        case .private: "Private"
        case .shared: "Shared"
        }
    }
}
