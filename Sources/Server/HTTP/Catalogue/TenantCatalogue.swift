public import Catalog
public import Primitives
public import Provisioning

/// A tenant, as the doors need to know it.
public struct Tenant: Sendable, Hashable {
    public let id: TenantID
    /// The tenant's name in URLs.
    public let slug: String
    public let name: String
    public let currency: Currency
    public let timezone: String
    /// How long an ended subscription may still be renewed.
    public let graceMilliseconds: Int64
    /// The tenant that this is the sandbox of; `nil` for a live one. What counts money leaves sandboxes out.
    public var sandboxOf: TenantID?
    /// How far its clock is ahead of the real one, in milliseconds; a live one's never is.
    public var clockAhead: Int64 = 0

    public var isSandbox: Bool { sandboxOf != nil }

    /// `nil` where this machine's tz database lacks it: no calendar plan can be sold then.
    public var zone: Zone? { try? ZoneDatabase.machine.zone(named: timezone) }
}

/// What one tenant sells, at one moment; replaced as a whole, never changed.
public struct TenantCatalogue: Sendable {
    public let tenant: Tenant
    /// All of them, sold or not, in the order of the tenant's catalogue.
    public private(set) var plans: [Plan]
    /// All of them, active or not, by code.
    public let networks: [Network]
    public private(set) var plansByID: [PlanID: Plan]
    public let networksByID: [NetworkID: Network]
    /// All of them, active or not: what a customer needs to know to reach a port.
    public let gatewaysByID: [GatewayID: GatewayShape]
    /// The price lists of active groups of customers.
    public let priceLists: [CustomerGroupID: [PlanID: GroupPrice]]

    public init(
        tenant: Tenant, plans: [Plan], networks: [Network], gatewaysByID: [GatewayID: GatewayShape] = [:],
        groups: [CustomerGroup] = []
    ) {
        self.tenant = tenant
        self.plans = plans
        self.networks = networks
        plansByID = Dictionary(plans.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        networksByID = Dictionary(networks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.gatewaysByID = gatewaysByID
        priceLists = Dictionary(
            groups.filter(\.isActive).map { ($0.id, $0.prices) }, uniquingKeysWith: { first, _ in first })
    }

    /// The same catalogue at the prices of a group of customers; `nil` is in none.
    func priced(for group: CustomerGroupID?) -> TenantCatalogue {
        guard let group, let list = priceLists[group] else { return self }
        var catalogue = self
        catalogue.plans = plans.map { $0.priced(by: list[$0.id]) }
        catalogue.plansByID = plansByID.mapValues { $0.priced(by: list[$0.id]) }
        return catalogue
    }
}

/// Who is served where, at one moment: the active tenants and the hosts that are theirs.
public struct TenantDirectory: Sendable {
    public struct Host: Sendable, Hashable {
        public let name: String
        public let tenant: TenantID
        public let dialect: DialectName

        public init(name: String, tenant: TenantID, dialect: DialectName) {
            self.name = name
            self.tenant = tenant
            self.dialect = dialect
        }
    }

    public let tenants: [Tenant]
    public let tenantsBySlug: [String: Tenant]
    public let hostsByName: [String: Host]
    /// The sandbox of each live tenant that has one.
    public let sandboxesByLive: [TenantID: TenantID]
    public let sandboxes: Set<TenantID>
    /// As they stood when the tenants were read.
    public let clocks: TenantClocks

    public init(tenants: [Tenant], hosts: [Host]) {
        self.tenants = tenants
        tenantsBySlug = Dictionary(tenants.map { ($0.slug, $0) }, uniquingKeysWith: { first, _ in first })
        hostsByName = Dictionary(hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let pairs = tenants.compactMap { sandbox in sandbox.sandboxOf.map { ($0, sandbox.id) } }
        sandboxesByLive = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        sandboxes = Set(pairs.map(\.1))
        clocks = TenantClocks(
            Dictionary(tenants.map { ($0.id, $0.clockAhead) }, uniquingKeysWith: { first, _ in first }))
    }
}
