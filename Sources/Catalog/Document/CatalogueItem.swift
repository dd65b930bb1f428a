public import Primitives
internal import Yams

/// What a tenant's catalogue is made of.
public enum CatalogueKind: String, Sendable, Hashable, CaseIterable {
    case host, network, gateway, plan, coupon, group

    /// The key under which a file lists them.
    public var list: String { rawValue + "s" }

    /// The key that names one of them.
    public var nameKey: String {
        switch self {
        case .host: "host"
        case .network, .plan, .coupon, .group: "code"
        case .gateway: "name"
        }
    }
}

/// One thing of a tenant's catalogue, read as a file's is.
public enum CatalogueItem: Sendable {
    case host(HostDocument)
    case network(NetworkDocument)
    case gateway(GatewayDocument)
    case plan(PlanDocument)
    case coupon(CouponDocument)
    case group(GroupDocument)

    /// As it is kept: of a coupon in capitals.
    public var name: String {
        switch self {
        case .host(let host): host.host
        case .network(let network): network.code
        case .gateway(let gateway): gateway.name
        case .plan(let plan): plan.code
        case .coupon(let coupon): coupon.code.text
        case .group(let group): group.code
        }
    }

    /// Reads the members that a file would list of one thing, with the file's own parser.
    ///
    /// - Parameter currency: the tenant's, in which all amounts must be.
    public static func parse(
        _ members: JSONObject, _ kind: CatalogueKind, currency: Currency, vocabulary: CatalogueVocabulary
    ) throws(DocumentError) -> CatalogueItem {
        let whole = SourceMark(file: "", line: 1, column: 1)
        let value = ValueReader(Node(.object(members)), key: kind.rawValue, at: whole)
        let parser = CatalogueParser(vocabulary: vocabulary, currency: currency)
        switch kind {
        case .host: return .host(try TenantParser(vocabulary: vocabulary).host(value))
        case .network: return .network(try parser.network(value))
        case .gateway: return .gateway(try parser.gateway(value))
        case .plan: return .plan(try parser.plan(value))
        case .coupon: return .coupon(try parser.coupon(value))
        case .group: return .group(try parser.group(value))
        }
    }
}

extension CatalogueDocument {
    /// As if a file listed of this tenant that alone; its sandbox, where it has one, follows as it follows a file.
    public init(_ item: CatalogueItem, of tenant: TenantRow, hasSandbox: Bool) {
        let document = TenantDocument(of: tenant, hasSandbox: hasSandbox, item)
        self.init(file: "", tenants: [document.live] + [document.sandbox].compactMap(\.self))
    }

    /// Reads a whole file that was sent as JSON; errors tell the field, for there are no lines.
    public static func parse(
        json: JSON, vocabulary: CatalogueVocabulary
    ) throws(DocumentError) -> CatalogueDocument {
        try parse(Node(json), at: SourceMark(file: "", line: 1, column: 1), vocabulary: vocabulary)
    }
}

extension TenantDocument {
    /// What a file would say of the tenant as it is, and of one thing.
    fileprivate init(of row: TenantRow, hasSandbox: Bool, _ item: CatalogueItem) {
        let mark = SourceMark(file: "", line: 1, column: 1)
        self.mark = mark
        (slug, name, timezone) = (row.slug, row.name, row.timezone)
        currency = Located(row.currency, at: mark)
        (graceMilliseconds, isActive) = (row.graceMilliseconds, row.isActive)
        // Money and customers are not the catalogue's, and nothing is decided about them here.
        (float, wholesaleCreditLimit) = (nil, Located(.zero(row.currency), at: mark))
        (customers, listsCustomers) = ([], false)
        sandboxBalance = hasSandbox ? Located(Sandbox.playBalance(in: row.currency), at: mark) : nil
        hosts = if case .host(let host) = item { [host] } else { [] }
        networks = if case .network(let network) = item { [network] } else { [] }
        gateways = if case .gateway(let gateway) = item { [gateway] } else { [] }
        plans = if case .plan(let plan) = item { [plan] } else { [] }
        coupons = if case .coupon(let coupon) = item { [coupon] } else { [] }
        groups = if case .group(let group) = item { [group] } else { [] }
    }
}
