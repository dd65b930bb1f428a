internal import Catalog
internal import Primitives

/// A member of one of the things that a catalogue is made of, as documents describe it; what it means is told in
/// docs/catalogue.md, and what it may be is for the file's parser to say.
struct CatalogueMember: Sendable {
    enum Presence: Sendable {
        /// Always there, and must be said.
        case required
        /// Must be said, be it `null`.
        case said
        /// Always there; has a default.
        case defaulted
        /// `null` where there is none of it.
        case nullable
        /// There where it was said.
        case extra
        /// Another way to say something else, never shown.
        case spelling
    }

    let name: String
    let presence: Presence
    let schema: JSON

    private init(_ name: String, _ presence: Presence, _ schema: JSON) {
        (self.name, self.presence, self.schema) = (name, presence, schema)
    }

    static func all(_ kind: CatalogueKind) -> [CatalogueMember] {
        switch kind {
        case .host: hosts
        case .network: networks
        case .gateway: gateways
        case .plan: plans
        case .coupon: coupons
        case .group: groups
        }
    }

    private static let hosts = [
        CatalogueMember("host", .required, text), CatalogueMember("dialect", .required, text),
    ]

    private static let networks = [
        CatalogueMember("code", .required, text), CatalogueMember("city", .required, text),
        CatalogueMember("country", .required, text),
        CatalogueMember("type", .required, words(NetworkType.self)),
        CatalogueMember("exit_class", .defaulted, text), CatalogueMember("asn", .nullable, text),
        CatalogueMember("asn_org", .nullable, text), CatalogueMember("low_stock", .nullable, number),
        CatalogueMember("active", .defaulted, flag),
    ]

    private static let gateways = [
        CatalogueMember("name", .required, text), CatalogueMember("network", .required, text),
        CatalogueMember("host", .required, text), CatalogueMember("ports", .nullable, text),
        CatalogueMember("shared_port", .nullable, number),
        CatalogueMember("protocols", .required, list(words(GatewayProtocol.self))),
        CatalogueMember("vless_port", .nullable, number),
        CatalogueMember("shadowsocks_port", .nullable, number),
        CatalogueMember("driver", .defaulted, text), CatalogueMember("active", .defaulted, flag),
    ]

    private static let plans = [
        CatalogueMember("code", .required, text), CatalogueMember("name", .required, text),
        CatalogueMember("product", .required, text),
        CatalogueMember("connection", .nullable, words(ConnectionType.self)),
        CatalogueMember("network", .spelling, text), CatalogueMember("networks", .defaulted, list(text)),
        CatalogueMember("gateway", .nullable, text), CatalogueMember("duration", .nullable, text),
        CatalogueMember("price", .said, money), CatalogueMember("wholesale_price", .nullable, money),
        CatalogueMember("popular", .defaulted, flag), CatalogueMember("auto_renew", .defaulted, flag),
        CatalogueMember("rotation", .defaulted, list(number)), CatalogueMember("threads", .nullable, number),
        CatalogueMember("countries", .defaulted, list(text)),
        CatalogueMember("rotations", .defaulted, list(text)),
        CatalogueMember("trial", .nullable, text), CatalogueMember("sells_in", .defaulted, list(text)),
        CatalogueMember("sort_order", .defaulted, number), CatalogueMember("active", .defaulted, flag),
        CatalogueMember("bandwidth_gb", .extra, number),
        CatalogueMember("requests_per_minute", .extra, number),
        CatalogueMember("burst_per_10s", .extra, number),
        CatalogueMember("limits", .extra, ["type": "object", "additionalProperties": number]),
        CatalogueMember("features", .extra, list(text)),
        CatalogueMember("default_project_plan", .extra, flag),
    ]

    private static let coupons = [
        CatalogueMember("code", .required, text), CatalogueMember("percent_off", .nullable, text),
        CatalogueMember("amount_off", .nullable, money), CatalogueMember("max_discount", .nullable, money),
        CatalogueMember("min_amount", .nullable, money), CatalogueMember("budget", .nullable, money),
        CatalogueMember("max_redemptions", .nullable, number),
        CatalogueMember("per_customer", .nullable, number), CatalogueMember("first_order", .defaulted, flag),
        CatalogueMember("customers", .nullable, list(text)), CatalogueMember("plans", .nullable, list(text)),
        CatalogueMember("applies_to", .nullable, list(words(OrderKind.self))),
        CatalogueMember("renewals", .nullable, number),
        CatalogueMember("starts_at", .nullable, AdminAPI.OpenAPI.schema("Instant")),
        CatalogueMember("ends_at", .nullable, AdminAPI.OpenAPI.schema("Instant")),
        CatalogueMember("active", .defaulted, flag),
    ]

    private static let groups = [
        CatalogueMember("code", .required, text), CatalogueMember("name", .defaulted, text),
        CatalogueMember("prices", .defaulted, prices),
        CatalogueMember("active", .defaulted, flag),
    ]

    private static let prices: JSON = [
        "type": "object",
        "description":
            "By the codes of plans. A change is of those that it names, and `null` takes one off the list.",
        "additionalProperties": ["type": ["string", "null"], "examples": ["12.00 USD"]],
    ]

    private static let text: JSON = ["type": "string"]
    private static let number: JSON = ["type": "integer"]
    private static let flag: JSON = ["type": "boolean"]
    private static let money: JSON = ["type": "string", "examples": ["12.00 USD"]]
    private static func list(_ element: JSON) -> JSON { ["type": "array", "items": element] }

    private static func words<Word: CaseIterable & RawRepresentable>(_ kind: Word.Type) -> JSON
    where Word.RawValue == String {
        ["enum": .array(Word.allCases.map { .string($0.rawValue) })]
    }
}
