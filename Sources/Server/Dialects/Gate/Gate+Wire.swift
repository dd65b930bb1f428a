internal import Primitives

extension Gate {
    /// The shapes of the vendor's answers: members in the order of the vendor's own examples.
    enum Wire {}
}

extension Gate.Wire {
    struct Plan: Sendable, Hashable {
        var id: String
        var connectionType: String
        var durationMs: Int64
        var priceAmountCents: Int64
        var popular: Bool
        var network: PlanNetwork
    }

    struct PlanNetwork: Sendable, Hashable {
        var name: String
        var city: String
        var country: String
        var networkType: String
    }

    /// A plan that may renew a subscription: exactly these four members.
    struct RenewalPlan: Sendable, Hashable {
        var id: String
        var connectionType: String
        var durationMs: Int64
        var priceAmountCents: Int64
    }

    /// A network that a subscription may move to.
    struct Network: Sendable, Hashable {
        var id: String
        var networkLabel: String
        var country: String
    }

    struct Subscription: Sendable, Hashable {
        var subscriptionId: String
        var status: String
        var activeUntil: Int64
        var userNote: String?
        var rotationPolicy: Int32
        var label: String
        var networkLabel: String
        var username: String
        var password: String
        var protocols: Links
        var rotatePath: String
        var rotateAvailable: Bool
    }

    /// How a customer's program reaches the port; a protocol that the gateway does not serve is left out.
    struct Links: Sendable, Hashable {
        var http: String?
        var socks5: String?
        var vless: String?
        var shadowsocks: String?
    }
}
