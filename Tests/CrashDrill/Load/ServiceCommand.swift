internal import Primitives

/// What a client wants done through the second door, where a service has one login for a port on each of its networks.
enum ServiceCommand: Sendable {
    case purchase(plan: DrillShop.Plan, country: String?, rotation: String?)
    case extend(IdentifierBits, plan: DrillShop.Plan)
    case newLogin(IdentifierBits)
    case whitelist(IdentifierBits, [String])
    case country(IdentifierBits, String)
    case rotation(IdentifierBits, String)

    var movesMoney: Bool {
        switch self {
        case .purchase, .extend: true
        case .newLogin, .whitelist, .country, .rotation: false
        }
    }

    /// The event that it leaves in the outbox.
    var event: String {
        switch self {
        case .purchase: "order.purchased"
        case .extend: "order.renewed"
        case .newLogin: "credentials.rotated"
        case .whitelist: "allowlist.replaced"
        case .country: "exit.country_changed"
        case .rotation: "exit.rotation_changed"
        }
    }

    var method: String {
        switch self {
        case .purchase, .extend, .newLogin: "POST"
        case .whitelist, .country, .rotation: "PUT"
        }
    }

    /// Below `/api/v1`.
    var path: String {
        switch self {
        case .purchase: "/purchase"
        case .extend(let id, _): "/services/\(id.hexString)/extend"
        case .newLogin(let id): "/services/\(id.hexString)/credentials"
        case .whitelist(let id, _): "/services/\(id.hexString)/whitelist"
        case .country(let id, _): "/services/\(id.hexString)/country"
        case .rotation(let id, _): "/services/\(id.hexString)/rotation"
        }
    }

    /// The JSON that is sent; `nil` where the path says all.
    var body: JSON? {
        switch self {
        case .purchase(let plan, let country, let rotation):
            var body = JSONObject()
            body["type"] = .string(plan.product)
            body["plan_id"] = .string(plan.id.hexString)
            if let country { body["country"] = .string(country) }
            if let rotation { body["rotation"] = .string(rotation) }
            return .object(body)
        case .extend, .newLogin: return nil
        case .whitelist(_, let addresses): return ["whitelisted_ips": .array(addresses.map { .string($0) })]
        case .country(_, let country): return ["country": .string(country)]
        case .rotation(_, let rotation): return ["rotation": .string(rotation)]
        }
    }
}
