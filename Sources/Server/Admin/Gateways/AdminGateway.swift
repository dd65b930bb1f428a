internal import Primitives
internal import Provisioning

/// A gateway, as staff see it: how it stands, and how many slots it has in each state.
struct AdminGateway: Sendable {
    let id: GatewayID
    let name: String
    /// The network's code.
    let network: String
    let host: String
    /// `12001-12200`, or the one port that is shared.
    let ports: String
    let protocols: [String]
    let driver: String
    let isActive: Bool
    let desiredVersion: Int64
    /// `nil`: it was never seen.
    let seen: Seen?
    let slots: [SlotState: Int64]

    struct Seen: Sendable {
        let appliedVersion: Int64
        let at: Instant
        let isHealthy: Bool
        let problem: String?

        var json: JSON {
            [
                "applied_version": .integer(appliedVersion), "at": .string(at.rfc3339()),
                "healthy": .bool(isHealthy), "problem": problem.map(JSON.string) ?? .null,
            ]
        }
    }

    var json: JSON {
        [
            "id": .string(id.description), "name": .string(name), "network": .string(network),
            "host": .string(host), "ports": .string(ports), "protocols": .array(protocols.map(JSON.string)),
            "driver": .string(driver), "active": .bool(isActive),
            "desired_version": .integer(desiredVersion), "seen": seen?.json ?? .null, "slots": slotsJSON,
        ]
    }

    /// Every state, also those in which there is none.
    var slotsJSON: JSON {
        var object = JSONObject()
        for state in SlotState.allCases { object[state.rawValue] = .integer(slots[state] ?? 0) }
        return .object(object)
    }
}

/// A slot, as staff see it: never its login.
struct AdminSlot: Sendable {
    let id: SlotID
    /// The gateway's name.
    let gateway: String
    let network: String
    let port: Int32
    let state: SlotState
    let since: Instant
    /// Whose it is now.
    let subscription: SubscriptionID?

    var json: JSON {
        [
            "id": .string(id.description), "gateway": .string(gateway), "network": .string(network),
            "port": .integer(Int64(port)), "state": .string(state.rawValue),
            "since": .string(since.rfc3339()),
            "subscription": subscription.map { .string($0.description) } ?? .null,
        ]
    }
}
