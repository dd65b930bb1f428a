internal import Primitives

/// A plan in the making: the rows that there are, by the names that the file uses, and what was decided so
/// far.
struct CatalogueDraft {
    struct Key: Hashable {
        let tenant: TenantID
        let name: String
    }

    var plan = CataloguePlan()
    let scope: CatalogueScope
    var ids: IdentifierSequence
    let now: Instant
    let rows: CatalogueRows
    /// Gateways that the file lists, as they will be, with where it says so.
    var gateways: [(row: GatewayRow, document: GatewayDocument, tenant: String)] = []
    var text = FieldText()

    private let slugs: [String: TenantRow]
    private let hosts: [String: HostRow]
    /// Rows by their name within the tenant; what the file adds joins them, so that it can be referred to.
    var networks: [Key: Network]
    let gatewayRows: [Key: GatewayRow]
    var gatewayIDs: [Key: GatewayID]
    let planRows: [Key: Plan]
    var planIDs: [Key: PlanID]
    let coupons: [Key: Coupon]
    let groups: [Key: CustomerGroup]
    private var lastTenant: Int64

    init(_ rows: CatalogueRows, _ scope: CatalogueScope, ids: IdentifierSequence, now: Instant) {
        self.rows = rows
        self.scope = scope
        self.ids = ids
        self.now = now
        slugs = Dictionary(uniqueKeysWithValues: rows.tenants.map { ($0.slug, $0) })
        hosts = Dictionary(uniqueKeysWithValues: rows.hosts.map { ($0.host, $0) })
        networks = Dictionary(
            uniqueKeysWithValues: rows.networks.map { (Key(tenant: $0.tenant, name: $0.code), $0) })
        gatewayRows = Dictionary(
            uniqueKeysWithValues: rows.gateways.map { (Key(tenant: $0.tenant, name: $0.name), $0) })
        gatewayIDs = gatewayRows.mapValues(\.id)
        planRows = Dictionary(
            uniqueKeysWithValues: rows.plans.map { (Key(tenant: $0.tenant, name: $0.code), $0) })
        planIDs = planRows.mapValues(\.id)
        coupons = Dictionary(
            uniqueKeysWithValues: rows.coupons.map { (Key(tenant: $0.tenant, name: $0.code), $0) })
        groups = Dictionary(
            uniqueKeysWithValues: rows.groups.map { (Key(tenant: $0.tenant, name: $0.code), $0) })
        for group in rows.groups { plan.groupIDs[group.tenant, default: [:]][group.code] = group.id }
        lastTenant = rows.tenants.map(\.id.number).max() ?? 0
        text.plans = Dictionary(uniqueKeysWithValues: rows.plans.map { ($0.id, $0.code) })
    }

    /// Everything that the file says of a tenant; what it refers to comes before what refers to it.
    mutating func add(_ document: TenantDocument) throws(DocumentError) {
        let tenant = try addTenant(document)
        for host in document.hosts { try add(host, tenant, document.slug) }
        for network in document.networks { add(network, tenant, document.slug) }
        for gateway in document.gateways { try add(gateway, tenant, document.slug) }
        try addPlans(document, tenant)
        for coupon in document.coupons { try add(coupon, tenant, document) }
        for group in document.groups { try add(group, tenant, document) }
    }

    private mutating func addTenant(_ document: TenantDocument) throws(DocumentError) -> TenantID {
        let current = slugs[document.slug]
        let sandboxOf = document.sandboxOf.flatMap { plan.tenantIDs[$0] }
        if let current, current.sandboxOf != sandboxOf {
            let kind = current.sandboxOf == nil ? "no sandbox" : "the sandbox of another tenant"
            throw document.mark.problem("tenant \"\(document.slug)\" is there already and \(kind)")
        }
        // Balances, prices and coupons are kept in it.
        if let current, current.currency != document.currency.value {
            throw document.currency.mark.problem(
                "the currency of tenant \"\(document.slug)\" is \(current.currency) and cannot change")
        }
        let desired = TenantRow(
            id: current?.id ?? nextTenant(), slug: document.slug, name: document.name,
            currency: document.currency.value,
            timezone: document.timezone, graceMilliseconds: document.graceMilliseconds,
            isActive: document.isActive, sandboxOf: sandboxOf)
        plan.tenantIDs[document.slug] = desired.id
        Difference(tenant: document.slug, kind: "tenant")
            .note(desired, from: current, name: document.slug, in: &plan.tenants, fields: FieldText.fields)
        return desired.id
    }

    private mutating func nextTenant() -> TenantID {
        lastTenant += 1
        return TenantID(lastTenant)
    }

    private mutating func add(
        _ document: HostDocument, _ tenant: TenantID, _ slug: String
    ) throws(DocumentError) {
        let current = hosts[document.host]
        if let current, current.tenant != tenant {
            let owner = rows.tenants.first { $0.id == current.tenant }
            let name = scope.mayName(current.tenant) ? "tenant \"\(owner?.slug ?? "")\"" : "another tenant"
            throw document.mark.problem("host \"\(document.host)\" belongs to \(name)")
        }
        let desired = HostRow(host: document.host, tenant: tenant, dialect: document.dialect)
        Difference(tenant: slug, kind: "host")
            .note(desired, from: current, name: document.host, in: &plan.hosts, fields: FieldText.fields)
    }

    private mutating func add(_ document: NetworkDocument, _ tenant: TenantID, _ slug: String) {
        let key = Key(tenant: tenant, name: document.code)
        let current = networks[key]
        let desired = Network(
            id: current?.id ?? ids.next(at: now), tenant: tenant, code: document.code, city: document.city,
            country: document.country, type: document.type, exitClass: document.exitClass, asn: document.asn,
            asnOrg: document.asnOrg, isActive: document.isActive, lowStock: document.lowStock)
        networks[key] = desired
        Difference(tenant: slug, kind: "network")
            .note(desired, from: current, name: document.code, in: &plan.networks, fields: FieldText.fields)
    }
}
