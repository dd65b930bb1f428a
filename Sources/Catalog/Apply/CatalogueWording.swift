internal import Primitives

/// The rows of a catalogue in the words of the file: what `CatalogueParser` reads back as the same rows.
///
/// Every member is there that a thing always has, `null` where it has none of it. What only one product has is there
/// where it is.
struct CatalogueWording {
    /// What rows refer to by id; an id without a name is shown as it is.
    var networks: [NetworkID: String] = [:]
    var gateways: [GatewayID: String] = [:]
    var plans: [PlanID: String] = [:]

    /// Members whose `null` says something else than that they are left out.
    static let meaningfulNulls: Set<String> = [
        "price", "bandwidth_gb", "requests_per_minute", "burst_per_10s",
    ]

    func host(_ row: HostRow) -> JSON {
        ["host": .string(row.host), "dialect": .string(row.dialect.rawValue)]
    }

    func network(_ row: Network) -> JSON {
        [
            "code": .string(row.code), "city": .string(row.city), "country": .string(row.country),
            "type": .string(row.type.rawValue), "exit_class": .string(row.exitClass), "asn": text(row.asn),
            "asn_org": text(row.asnOrg), "low_stock": number(row.lowStock), "active": .bool(row.isActive),
        ]
    }

    func gateway(_ row: GatewayRow) -> JSON {
        let (range, shared): (JSON, JSON) =
            switch row.ports {
            case .range: (.string(row.ports.description), .null)
            case .shared(let port): (.null, .integer(Int64(port)))
            }
        return [
            "name": .string(row.name),
            "network": .string(networks[row.networkID] ?? row.networkID.description),
            "host": .string(row.host), "ports": range, "shared_port": shared,
            "protocols": list(row.protocols.map(\.rawValue)), "vless_port": number(row.vlessPort),
            "shadowsocks_port": number(row.shadowsocksPort), "driver": .string(row.driver),
            "active": .bool(row.isActive),
        ]
    }

    /// Throws where the row's attributes are no JSON object.
    func plan(_ row: Plan) throws(Fault) -> JSON {
        guard var members = columns(of: row).objectValue else { preconditionFailure("a plan is an object") }
        let stored = try attributes(of: row)
        for key in PlanAttributes.keys { members[key] = stored[key] }
        return .object(members)
    }

    private func columns(of row: Plan) -> JSON {
        [
            "code": .string(row.code), "name": .string(row.name), "product": .string(row.product),
            "connection": text(row.connection?.rawValue),
            "networks": list(row.networks.map { networks[$0] ?? $0.description }),
            "gateway": text(row.gatewayID.map { gateways[$0] ?? $0.description }),
            "duration": text(row.duration.map(FileSpelling.duration)), "price": money(row.price),
            "wholesale_price": money(row.wholesalePrice), "popular": .bool(row.isPopular),
            "auto_renew": .bool(row.renewsAutomatically),
            "rotation": .array(row.rotationMinutes.map { .integer(Int64($0)) }),
            "threads": number(row.threads), "countries": list(row.exits.map(\.rawValue)),
            "rotations": list(row.exitRotations.map(\.rawValue)),
            "trial": text(row.trialMilliseconds.map(FileSpelling.duration)),
            "sells_in": list(row.sellsIn.sorted().map(\.rawValue)),
            "sort_order": .integer(Int64(row.sortOrder)), "active": .bool(row.isActive),
        ]
    }

    /// Shown without them a plan would read as if it had none, and be written so by whoever sends it back.
    private func attributes(of row: Plan) throws(Fault) -> JSONObject {
        do throws(JSONError) {
            let value = try JSON.parse(row.attributes.utf8)
            guard let object = value.objectValue else {
                throw JSONError(.unexpectedByte(row.attributes.utf8.first ?? 0), at: 0)
            }
            return object
        } catch {
            throw Fault(
                operation: "read the attributes of plan \(row.code) of tenant \(row.tenant)",
                isTransient: false,
                underlying: error)
        }
    }

    func coupon(_ row: Coupon) -> JSON {
        let (percent, amount): (JSON, JSON) =
            switch row.discount {
            case .percent(let share): (.string(FileSpelling.percentage(share)), .null)
            case .amount(let money): (.null, .string(money.description))
            }
        return [
            "code": .string(row.code), "percent_off": percent, "amount_off": amount,
            "max_discount": money(row.maxDiscount), "min_amount": money(row.minimum),
            "budget": money(row.budget), "max_redemptions": number(row.maxRedemptions),
            "per_customer": number(row.perCustomer), "first_order": .bool(row.isFirstOrderOnly),
            "customers": row.customers.map { list($0.sorted()) } ?? .null,
            "plans": row.planIDs.map { list($0.map { plans[$0] ?? $0.description }.sorted()) } ?? .null,
            "applies_to": row.kinds.map { list($0.map(\.rawValue).sorted()) } ?? .null,
            "renewals": number(row.renewals), "starts_at": text(row.startsAt.map(FileSpelling.moment)),
            "ends_at": text(row.endsAt.map(FileSpelling.moment)), "active": .bool(row.isActive),
        ]
    }

    func group(_ row: CustomerGroup) -> JSON {
        var prices = JSONObject()
        let named = row.prices.compactMap { plan, price in
            price.price.map { (code: plans[plan] ?? plan.description, price: $0) }
        }
        for (code, price) in named.sorted(by: { $0.code < $1.code }) { prices[code] = money(price) }
        return [
            "code": .string(row.code), "name": .string(row.name), "prices": .object(prices),
            "active": .bool(row.isActive),
        ]
    }

    private func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
    private func number(_ value: Int32?) -> JSON { value.map { .integer(Int64($0)) } ?? .null }
    private func money(_ value: Money?) -> JSON { text(value?.description) }
    private func list(_ words: [String]) -> JSON { .array(words.map { .string($0) }) }
}
