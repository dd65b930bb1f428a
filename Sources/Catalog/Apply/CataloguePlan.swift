public import Primitives

/// What has to be written so that the database says what a file says: decided from values alone.
public struct CataloguePlan: Sendable {
    public internal(set) var tenants: [CatalogueChange<TenantRow>] = []
    public internal(set) var hosts: [CatalogueChange<HostRow>] = []
    public internal(set) var networks: [CatalogueChange<Network>] = []
    public internal(set) var gateways: [CatalogueChange<GatewayRow>] = []
    public internal(set) var plans: [CatalogueChange<Plan>] = []
    public internal(set) var coupons: [CatalogueChange<Coupon>] = []
    public internal(set) var groups: [CatalogueChange<CustomerGroup>] = []
    /// Prices that groups have not had before: each becomes a version that orders name.
    public internal(set) var groupPrices: [NewGroupPrice] = []
    /// Plans whose terms are new: each becomes a row of the versions that orders name.
    public internal(set) var versions: [Plan] = []
    /// The tenants that the file lists, new ones included.
    public internal(set) var tenantIDs: [String: TenantID] = [:]
    /// The groups that these tenants have then, by code.
    public internal(set) var groupIDs: [TenantID: [String: CustomerGroupID]] = [:]

    /// Every change, in the order in which they are written.
    public var lines: [ChangeLine] {
        tenants.map(\.line) + hosts.map(\.line) + networks.map(\.line) + gateways.map(\.line)
            + plans.map(\.line)
            + coupons.map(\.line) + groups.map(\.line)
    }

    /// Compares a file with the rows that there are; new rows take their ids from `ids`.
    ///
    /// - Parameters:
    ///   - prune: whether what the file leaves out is deactivated; otherwise it is left alone.
    ///   - scope: how far pruning goes, and whose names an error may tell.
    /// - Throws: what the file asks for and the rows do not allow, at the place that asks for it.
    public static func decide(
        _ document: CatalogueDocument, on rows: CatalogueRows, prune: Bool,
        scope: CatalogueScope = .installation, ids: inout IdentifierSequence, at now: Instant
    ) throws(DocumentError) -> CataloguePlan {
        var draft = CatalogueDraft(rows, scope, ids: ids, now: now)
        for tenant in document.tenants { try draft.add(tenant) }
        draft.closeSandboxes(document)
        if prune { draft.prune(document) }
        try draft.checkPorts()
        ids = draft.ids
        return draft.plan
    }

    /// Takes a name off its door, as pruning does: a host is no more than that, and nothing refers to it.
    public static func removal(of host: HostRow, slug: String) -> CataloguePlan {
        var plan = CataloguePlan()
        plan.hosts = [Difference(tenant: slug, kind: "host").deactivation(host, name: host.host)]
        return plan
    }
}

/// A price of a group's list that is another than before.
public struct NewGroupPrice: Sendable, Hashable {
    let tenant: TenantID
    let plan: PlanID
    let currency: Currency
    let price: GroupPrice
}

/// Whose catalogue it is that is decided about.
public enum CatalogueScope: Sendable, Hashable {
    /// Everybody's: an operator's file.
    case installation
    /// One tenant's and its sandbox's, on behalf of somebody who is told nothing of the others.
    case tenants(Set<TenantID>)

    func mayName(_ tenant: TenantID) -> Bool {
        switch self {
        case .installation: true
        case .tenants(let own): own.contains(tenant)
        }
    }
}
