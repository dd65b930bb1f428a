public import Primitives

/// What carries a network's traffic to the internet.
public enum NetworkType: String, Sendable, Hashable, CaseIterable {
    case mobile, residential, isp, datacenter
}

/// A place that a tenant's traffic leaves from: a city and a carrier.
public struct Network: Sendable, Hashable {
    public var id: NetworkID
    public var tenant: TenantID
    public var code: String
    public var city: String
    /// ISO 3166-1 alpha-2, upper case.
    public var country: String
    public var type: NetworkType
    public var exitClass: String
    public var asn: String?
    public var asnOrg: String?
    public var isActive: Bool
    /// Below so many ready ports operators are told; `nil`: a tenth of what its gateways offer.
    public var lowStock: Int32?

    public init(
        id: NetworkID, tenant: TenantID, code: String, city: String, country: String, type: NetworkType,
        exitClass: String, asn: String? = nil, asnOrg: String? = nil, isActive: Bool = true,
        lowStock: Int32? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.code = code
        self.city = city
        self.country = country
        self.type = type
        self.exitClass = exitClass
        self.asn = asn
        self.asnOrg = asnOrg
        self.isActive = isActive
        self.lowStock = lowStock
    }
}
