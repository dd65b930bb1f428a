internal import Catalog
internal import Primitives
internal import Provisioning

// From the shared domain to the vendor's shapes.

extension OPProxy.Wire.Account {
    init(_ account: CustomerAccount) {
        self.init(
            username: account.username, email: account.email, balance: OPProxy.flooredUnits(account.balance),
            currency: account.balance.currency.code)
    }
}

extension OPProxy.Wire.Plan {
    init(_ offer: OPProxy.Offer, days: Int64) {
        self.init(
            planID: offer.plan.id.bits.hexString, type: offer.type.rawValue, name: offer.plan.name,
            threads: offer.threads, days: days, price: offer.price, currency: offer.plan.currency.code)
    }
}

extension OPProxy.Wire.Purchased {
    init(_ service: HeldService) {
        self.init(
            serviceID: service.id.bits.hexString, type: service.product, threads: service.threads ?? 0,
            expiresAt: service.activeUntil, country: Self.country(service.exit),
            rotation: Self.rotation(service.exit), auth: service.login.map(OPProxy.Wire.Auth.init),
            whitelist: service.allowList.map(OPProxy.Wire.WhitelistEntry.init))
    }

    /// A plan without a choice of exits gives any.
    private static func country(_ exit: Exit?) -> String { exit?.country.rawValue ?? OPProxy.anyCountry }
    private static func rotation(_ exit: Exit?) -> String {
        (exit?.rotation ?? .perConnection).rawValue
    }
}

extension OPProxy.Wire.Service {
    init(_ service: HeldService, at now: Instant) {
        self.init(
            purchased: OPProxy.Wire.Purchased(service),
            status: service.isActive(at: now) ? "active" : "expired",
            planID: service.plan.bits.hexString, createdAt: service.startedAt)
    }
}

extension OPProxy.Wire.Auth {
    init(_ login: ServiceLogin) {
        self.init(login: login.username, password: login.secret.password)
    }
}

extension OPProxy.Wire.WhitelistEntry {
    init(_ source: AllowedSource) {
        self.init(ip: source.address.rawValue, label: source.label?.rawValue ?? "")
    }
}

extension OPProxy.Wire.ProxyServer {
    init(_ line: ServiceLine) {
        self.init(host: line.gateway.host, port: line.port, country: line.network.country.lowercased())
    }
}
