internal import Primitives

/// The fields of rows, spelt as the file spells them: what is compared, and what a change shows.
struct FieldText {
    /// Codes of what rows refer to by id; an id without one is shown as it is.
    var networks: [NetworkID: String] = [:]
    var gateways: [GatewayID: String] = [:]
    var plans: [PlanID: String] = [:]

    typealias Fields = Difference.Fields

    static func fields(_ row: TenantRow) -> Fields {
        [
            ("name", row.name), ("timezone", row.timezone),
            ("grace", FileSpelling.duration(row.graceMilliseconds)),
            ("active", flag(row.isActive)),
        ]
    }

    static func fields(_ row: HostRow) -> Fields { [("dialect", row.dialect.rawValue)] }

    static func fields(_ row: Network) -> Fields {
        [
            ("city", row.city), ("country", row.country), ("type", row.type.rawValue),
            ("exit_class", row.exitClass),
            ("asn", row.asn ?? none), ("asn_org", row.asnOrg ?? none),
            ("low_stock", row.lowStock.map { "\($0)" } ?? none), ("active", flag(row.isActive)),
        ]
    }

    static func fields(_ row: GatewayRow) -> Fields {
        [
            ("host", row.host), ("ports", row.ports.description),
            ("protocols", list(row.protocols.map(\.rawValue))),
            ("vless_port", row.vlessPort.map { "\($0)" } ?? none),
            ("shadowsocks_port", row.shadowsocksPort.map { "\($0)" } ?? none), ("driver", row.driver),
            ("active", flag(row.isActive)),
        ]
    }

    func fields(_ row: Plan) -> Fields {
        let fields: Fields = [
            ("name", row.name), ("product", row.product), ("connection", row.connection?.rawValue ?? none),
            ("duration", row.duration.map(FileSpelling.duration) ?? none),
            ("price", row.price?.description ?? none),
            ("wholesale_price", row.wholesalePrice?.description ?? none), ("popular", flag(row.isPopular)),
            ("auto_renew", flag(row.renewsAutomatically)),
            ("rotation", list(row.rotationMinutes.map { "\($0)" })),
            ("trial", row.trialMilliseconds.map(FileSpelling.duration) ?? none),
            ("threads", row.threads.map { "\($0)" } ?? none),
            ("countries", list(row.exits.map(\.rawValue))),
            ("rotations", list(row.exitRotations.map(\.rawValue))),
            ("sells_in", list(row.sellsIn.sorted().map(\.rawValue))),
        ]
        return fields + attributes(row.attributes) + [
            ("sort_order", "\(row.sortOrder)"), ("active", flag(row.isActive)),
        ]
    }

    func fields(_ row: Coupon) -> Fields {
        let (percent, amount): (String, String) =
            switch row.discount {
            case .percent(let share): (FileSpelling.percentage(share), none)
            case .amount(let money): (none, money.description)
            }
        let codes = row.planIDs.map { list($0.map { plans[$0] ?? $0.description }.sorted()) }
        return [
            ("percent_off", percent), ("amount_off", amount),
            ("max_discount", row.maxDiscount?.description ?? none),
            ("min_amount", row.minimum?.description ?? none),
            ("budget", row.budget?.description ?? none),
            ("max_redemptions", row.maxRedemptions.map { "\($0)" } ?? none),
            ("per_customer", row.perCustomer.map { "\($0)" } ?? none),
            ("first_order", flag(row.isFirstOrderOnly)),
            ("customers", row.customers.map { list($0.sorted()) } ?? none), ("plans", codes ?? none),
            ("applies_to", row.kinds.map { list($0.map(\.rawValue).sorted()) } ?? none),
            ("renewals", row.renewals.map { "\($0)" } ?? none),
            ("starts_at", row.startsAt.map(FileSpelling.moment) ?? none),
            ("ends_at", row.endsAt.map(FileSpelling.moment) ?? none),
            ("active", flag(row.isActive)),
        ]
    }

    func fields(_ row: CustomerGroup) -> Fields {
        let prices = row.prices.compactMap { plan, price in
            price.price.map { (name: "price of \(plans[plan] ?? plan.description)", text: $0.description) }
        }
        return [("name", row.name)] + prices.sorted { $0.name < $1.name } + [("active", flag(row.isActive))]
    }

    /// Each member of the object by itself, in one spelling whoever wrote the JSON.
    private func attributes(_ text: String) -> Fields {
        guard let object = try? JSON.parse(text.utf8).objectValue else { return [("attributes", text)] }
        return object.members.sorted { $0.key < $1.key }
            .map { ($0.key, String(decoding: $0.value.canonical(), as: UTF8.self)) }
    }
}

private let none = "none"

private func flag(_ value: Bool) -> String { value ? "yes" : "no" }

private func list(_ words: [String]) -> String { "[\(words.joined(separator: ", "))]" }

extension GatewayPorts: CustomStringConvertible {
    /// `12001-12200`, or `7777 shared`.
    public var description: String {
        switch self {
        case .range(let ports): "\(ports.lowerBound)-\(ports.upperBound)"
        case .shared(let port): "\(port) shared"
        }
    }
}
