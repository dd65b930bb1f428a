public import Primitives

/// Whether a port is lent to one customer or used by many.
public enum ConnectionType: String, Sendable, Hashable, CaseIterable {
    case `private`, shared
}

/// What a tenant sells, for a period at a price.
public struct Plan: Sendable, Hashable {
    public var id: PlanID
    public var tenant: TenantID
    public var code: String
    public var name: String
    /// What kind of thing is provisioned: `proxy`, `bandwidth`, …; an open set.
    public var product: String
    public var connection: ConnectionType?
    /// Where a subscription takes its slots from: one on each, in this order; empty where it is lent no port.
    public var networks: [NetworkID]
    /// The shared gateway of a product whose customers share one port.
    public var gatewayID: GatewayID?
    /// `nil` where it is agreed with a person, as the price is.
    public var duration: PlanDuration?
    public var currency: Currency
    /// In `currency`; `nil` where the price is agreed with a person.
    public var price: Money?
    /// Whose price that is; `nil` for the plan's own, which everybody pays who has none of their group's.
    public internal(set) var priceList: GroupPrice?
    /// What the tenant pays the platform for each period; `nil` where nothing moves wholesale.
    public var wholesalePrice: Money?
    public var isPopular: Bool
    /// Whether what is bought of it renews itself from the balance.
    public var renewsAutomatically: Bool
    /// The rotation intervals a customer may choose, in minutes; 0 is off, an empty list is no rotation.
    public var rotationMinutes: [Int32]
    /// How many connections a subscription may have open at once; `nil` is without limit.
    public var threads: Int32?
    /// The countries that an exit may be in; the first is what a buyer gets who names none. Empty: no choice of exit.
    public var exits: [ExitCountry]
    /// When an exit may change by itself; there are some where there are `exits`, and only there.
    public var exitRotations: [ExitRotation]
    public var trialMilliseconds: Int64?
    public var sellsIn: Set<DialectName>
    /// What only one product has, as the text of a JSON object.
    public var attributes: String
    /// Grows when the terms (duration, currency, prices) change.
    public var version: Int32
    public var sortOrder: Int32
    public var isActive: Bool
    /// Whether all of the plan's networks are active; true for a plan without any.
    public var networksAreActive: Bool

    public init(
        id: PlanID, tenant: TenantID, code: String, name: String, product: String,
        connection: ConnectionType? = nil,
        networks: [NetworkID] = [], gatewayID: GatewayID? = nil, duration: PlanDuration?,
        currency: Currency,
        price: Money?, wholesalePrice: Money? = nil, isPopular: Bool = false,
        renewsAutomatically: Bool = false,
        rotationMinutes: [Int32] = [],
        threads: Int32? = nil, exits: [ExitCountry] = [], exitRotations: [ExitRotation] = [],
        trialMilliseconds: Int64? = nil, sellsIn: Set<DialectName>, attributes: String = "{}",
        version: Int32 = 1,
        sortOrder: Int32 = 0, isActive: Bool = true, networksAreActive: Bool = true
    ) {
        self.id = id
        self.tenant = tenant
        self.code = code
        self.name = name
        self.product = product
        self.connection = connection
        self.networks = networks
        self.gatewayID = gatewayID
        self.duration = duration
        self.currency = currency
        self.price = price
        self.wholesalePrice = wholesalePrice
        self.isPopular = isPopular
        self.renewsAutomatically = renewsAutomatically
        self.rotationMinutes = rotationMinutes
        self.threads = threads
        self.exits = exits
        self.exitRotations = exitRotations
        self.trialMilliseconds = trialMilliseconds
        self.sellsIn = sellsIn
        self.attributes = attributes
        self.version = version
        self.sortOrder = sortOrder
        self.isActive = isActive
        self.networksAreActive = networksAreActive
    }

    /// Whether the plan and the networks that it takes slots from are all active.
    public var isOnSale: Bool { isActive && networksAreActive }
}
