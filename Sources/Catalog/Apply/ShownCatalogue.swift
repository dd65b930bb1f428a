public import Primitives

/// One tenant's catalogue as its rows say it, in the words of the file.
public struct ShownCatalogue: Sendable {
    public let tenant: TenantRow
    /// Whether it has a sandbox that is open, which follows it.
    public let hasSandbox: Bool
    private let rows: CatalogueRows
    private let items: [CatalogueKind: [CatalogueEntry]]

    /// - Parameter rows: with the tenant's own among them; `nil` where it has none.
    /// - Throws: where a row cannot be said in the words of the file.
    public init?(_ rows: CatalogueRows, of id: TenantID) throws(Fault) {
        guard let tenant = rows.tenants.first(where: { $0.id == id }) else { return nil }
        self.tenant = tenant
        hasSandbox = rows.tenants.contains { $0.sandboxOf == id && $0.isActive }
        self.rows = rows
        items = try Self.items(rows, of: id)
    }

    private static func items(
        _ rows: CatalogueRows, of id: TenantID
    ) throws(Fault) -> [CatalogueKind: [CatalogueEntry]] {
        let (networks, gateways) = (
            rows.networks.filter { $0.tenant == id }, rows.gateways.filter { $0.tenant == id }
        )
        let plans = rows.plans.filter { $0.tenant == id }
        let wording = CatalogueWording(
            networks: Dictionary(uniqueKeysWithValues: networks.map { ($0.id, $0.code) }),
            gateways: Dictionary(uniqueKeysWithValues: gateways.map { ($0.id, $0.name) }),
            plans: Dictionary(uniqueKeysWithValues: plans.map { ($0.id, $0.code) }))
        let items: [CatalogueKind: [CatalogueEntry]] = [
            .host: rows.hosts.filter { $0.tenant == id }.map { CatalogueEntry($0.host, wording.host($0)) },
            .network: networks.map { CatalogueEntry($0.code, wording.network($0)) },
            .gateway: gateways.map { CatalogueEntry($0.name, wording.gateway($0)) },
            .plan: try plans.map { (plan) throws(Fault) in CatalogueEntry(plan.code, try wording.plan(plan))
            },
            .coupon: rows.coupons.filter { $0.tenant == id }.map {
                CatalogueEntry($0.code, wording.coupon($0))
            },
            .group: rows.groups.filter { $0.tenant == id }.map { CatalogueEntry($0.code, wording.group($0)) },
        ]
        return items.mapValues { $0.sorted { $0.name < $1.name } }
    }

    /// All of a kind, by name.
    public func all(_ kind: CatalogueKind) -> [CatalogueEntry] { items[kind] ?? [] }

    /// The one of this name; `nil` where there is none.
    public func one(_ kind: CatalogueKind, _ name: String) -> JSON? {
        all(kind).first { $0.name == name }?.value
    }

    /// The host of this name as its row says it.
    public func host(_ name: String) -> HostRow? {
        rows.hosts.first { $0.host == name && $0.tenant == tenant.id }
    }

    /// Whether a name that is unique over all tenants is another's; of rows that have theirs.
    public func isAnothers(host name: String) -> Bool {
        rows.hosts.contains { $0.host == name && $0.tenant != tenant.id }
    }

    /// The members of one thing as a file says them: without those that it leaves out.
    public static func said(_ members: JSONObject) -> JSONObject {
        var said = JSONObject()
        for member in members.members
        where !member.value.isNull || CatalogueWording.meaningfulNulls.contains(member.key) {
            said[member.key] = member.value
        }
        return said
    }

    /// The whole of it as a file, which `tollgate apply` finds done already. Customers are not in it, nor any secret.
    ///
    /// - Parameter creditLimit: how far the tenant's float may go below zero.
    public func file(creditLimit: Money) -> JSON {
        var file = JSONObject()
        file["slug"] = .string(tenant.slug)
        file["name"] = .string(tenant.name)
        file["currency"] = .string(tenant.currency.code)
        file["timezone"] = .string(tenant.timezone)
        file["grace"] = .string(FileSpelling.duration(tenant.graceMilliseconds))
        file["active"] = .bool(tenant.isActive)
        file["sandbox"] = .bool(hasSandbox)
        file["wholesale"] = ["credit_limit": .string(creditLimit.description)]
        for kind in CatalogueKind.allCases {
            file[kind.list] = .array(
                all(kind).map { .object(Self.said($0.value.objectValue ?? JSONObject())) })
        }
        return ["tenants": [.object(file)]]
    }
}

/// One thing of a catalogue under its name, in the words of the file.
public struct CatalogueEntry: Sendable, Hashable {
    public let name: String
    /// Every member that a thing of its kind has, `null` where it has none of it.
    public let value: JSON

    init(_ name: String, _ value: JSON) {
        self.name = name
        self.value = value
    }
}
