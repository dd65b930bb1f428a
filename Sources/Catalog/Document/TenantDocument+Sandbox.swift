public import Primitives

/// What a sandbox is called and starts with.
public enum Sandbox {
    /// What its slug ends in; no other tenant's does.
    public static let suffix = "-sandbox"
    /// How many ports of a gateway it offers at most: they are played, but each costs a row.
    static let portsMax: Int32 = 200
    /// How far its float may go below zero, in whole units: so far that nobody meets it by trying things out.
    private static let wholesaleCredit: Int64 = 1_000_000

    /// The slug of a live tenant's sandbox.
    public static func slug(of live: String) -> String { live + suffix }

    /// What a customer of a sandbox starts with unless the file says otherwise: ten thousand whole units.
    public static func playBalance(in currency: Currency) -> Money {
        Money(minor: 10_000 * currency.minorPerMajor, currency: currency)
    }

    static func wholesaleCreditLimit(in currency: Currency) -> Money {
        Money(minor: wholesaleCredit * currency.minorPerMajor, currency: currency)
    }
}

extension TenantDocument {
    /// The tenant itself, without what the file says of test keys.
    var live: TenantDocument {
        var tenant = self
        for index in tenant.customers.indices {
            tenant.customers[index].keys.removeAll { $0.environment == .test }
        }
        return tenant
    }

    /// Its sandbox, as if the file listed it: what is sold is the same, gateways are simulated, and of the customers those
    /// are there who have a test key, with play money. `nil` where there is to be none.
    var sandbox: TenantDocument? {
        guard let sandboxBalance else { return nil }
        var tenant = self
        tenant.slug = Sandbox.slug(of: slug)
        tenant.name = "\(name) (sandbox)"
        tenant.sandboxOf = slug
        tenant.hosts = []
        tenant.gateways = gateways.map(\.simulated)
        // Its gateways offer fewer ports, of which a number made for the live ones might always be too few.
        for index in tenant.networks.indices { tenant.networks[index].lowStock = nil }
        tenant.customers = customers.compactMap { $0.double(with: sandboxBalance) }
        tenant.spared = Set(customers.map(\.email))
        let credit = Sandbox.wholesaleCreditLimit(in: currency.value)
        if wholesaleCreditLimit.value.minor < credit.minor {
            tenant.wholesaleCreditLimit = Located(credit, at: wholesaleCreditLimit.mark)
        }
        return tenant
    }
}

extension CustomerDocument {
    /// The customer's double in the sandbox, where nobody signs in.
    fileprivate func double(with balance: Located<Money>) -> CustomerDocument? {
        var double = self
        double.keys = keys.filter { $0.environment == .test }
        guard !double.keys.isEmpty else { return nil }
        double.balance = balance
        double.users = []
        double.listsUsers = false
        return double
    }
}

extension GatewayDocument {
    /// The same gateway where none is: its first ports, under the same address.
    fileprivate var simulated: GatewayDocument {
        var gateway = self
        gateway.driver = "simulated"
        if case .range(let ports) = ports {
            gateway.ports = .range(
                ports.lowerBound...min(ports.upperBound, ports.lowerBound + Sandbox.portsMax - 1))
        }
        return gateway
    }
}
