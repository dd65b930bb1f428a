public import Primitives

/// Customers of a tenant who have a price list of their own.
public struct CustomerGroup: Sendable, Hashable {
    public var id: CustomerGroupID
    public var tenant: TenantID
    public var code: String
    public var name: String
    /// The price list: what the group has of its own, and what it once had.
    public var prices: [PlanID: GroupPrice]
    /// One that is not pays what everybody pays.
    public var isActive: Bool

    public init(
        id: CustomerGroupID, tenant: TenantID, code: String, name: String,
        prices: [PlanID: GroupPrice] = [:], isActive: Bool = true
    ) {
        self.id = id
        self.tenant = tenant
        self.code = code
        self.name = name
        self.prices = prices
        self.isActive = isActive
    }
}

/// What a group of customers pays for one period of a plan.
public struct GroupPrice: Sendable, Hashable {
    public var group: CustomerGroupID
    /// Grows with every change; orders name the version that they were priced with.
    public var version: Int32
    /// In the plan's currency; `nil` where the group had a price once, and pays the plan's own again.
    public var price: Money?

    public init(group: CustomerGroupID, version: Int32, price: Money?) {
        self.group = group
        self.version = version
        self.price = price
    }
}

extension Plan {
    /// The plan as a customer buys it: at their group's price, where the group has one of it, else at its own.
    ///
    /// This is the one rule of whose price counts: what doors show, quote, preview and renew, and what the engine charges,
    /// goes through it. What the tenant pays wholesale is the plan's, whoever buys.
    public func priced(by list: GroupPrice?) -> Plan {
        guard let list, let price = list.price, price.currency == currency else { return self }
        var plan = self
        plan.price = price
        plan.priceList = list
        return plan
    }
}
