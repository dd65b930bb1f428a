public import Catalog
public import Primitives
public import Provisioning

/// A subscription as its customer sees it: until when, and through which port with which credentials.
public struct HeldSubscription: Sendable, Hashable {
    public var id: SubscriptionID
    public var activeUntil: Instant
    /// What the customer wrote beside it.
    public var userNote: String?
    public var connection: ConnectionType
    public var network: NetworkPlace
    public var gateway: GatewayShape
    public var port: Int32
    public var username: String
    public var secret: SlotSecret
    /// 0: the exit changes only when asked.
    public var rotationMinutes: Int32
    /// What the plan allowed when it was sold; empty: no rotation.
    public var rotationChoices: [Int32]

    public init(
        id: SubscriptionID, activeUntil: Instant, userNote: String? = nil, connection: ConnectionType,
        network: NetworkPlace, gateway: GatewayShape, port: Int32, username: String, secret: SlotSecret,
        rotationMinutes: Int32 = 0, rotationChoices: [Int32]
    ) {
        self.id = id
        self.activeUntil = activeUntil
        self.userNote = userNote
        self.connection = connection
        self.network = network
        self.gateway = gateway
        self.port = port
        self.username = username
        self.secret = secret
        self.rotationMinutes = rotationMinutes
        self.rotationChoices = rotationChoices
    }
}

/// Where a network is: what a customer is shown of it.
public struct NetworkPlace: Sendable, Hashable {
    public var code: String
    public var city: String
    /// ISO 3166-1 alpha-2, upper case.
    public var country: String

    public init(code: String, city: String, country: String) {
        self.code = code
        self.city = city
        self.country = country
    }

    public init(_ network: Network) {
        self.init(code: network.code, city: network.city, country: network.country)
    }
}

/// A plan that lends ports, as it is offered to one customer: priced in their currency, active with its network.
public struct Offer: Sendable, Hashable {
    public var plan: PlanID
    public var connection: ConnectionType
    /// Of the period that would be bought: months have different lengths.
    public var durationMilliseconds: Int64
    public var price: Money
    public var isPopular: Bool
    public var network: NetworkPlace
    public var networkType: NetworkType
}

/// A network that a subscription may move to.
public struct NetworkChoice: Sendable, Hashable {
    public var id: NetworkID
    public var place: NetworkPlace
}

/// What was found of a subscription that a customer named.
public enum Found<Value: Sendable>: Sendable {
    /// There is none of that id, or it is another's: nobody is told which.
    case nothing
    /// It is theirs, but over: what was asked for is no longer possible.
    case over
    case value(Value)
}
