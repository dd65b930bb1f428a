public import Billing
internal import Catalog
internal import Primitives
public import Provisioning

/// Turns a purchase's receipt into what its customer holds since, without asking the database.
///
/// It runs between decision and commit for an answer that a key will repeat, so it knows only what it was given.
public struct Delivery: Sendable {
    private let catalogue: TenantCatalogue
    private let seal: CredentialSeal

    public init(catalogue: TenantCatalogue, seal: CredentialSeal) {
        self.catalogue = catalogue
        self.seal = seal
    }

    /// The subscriptions of a purchase, in the order in which they were made.
    /// - Throws: `CatalogueOutdated` where a slot's gateway or network is newer than the catalogue; `SealError`.
    public func subscriptions(of receipt: PurchaseReceipt) throws -> [HeldSubscription] {
        try receipt.subscriptions.map { issued in
            guard let unit = issued.units.first else { throw CatalogueOutdated() }
            return try subscription(issued, unit, receipt.plan)
        }
    }

    /// The services of a purchase, in the order in which they were made.
    /// - Throws: as above.
    public func services(of receipt: PurchaseReceipt) throws -> [HeldService] {
        try receipt.subscriptions.map { issued in
            HeldService(
                id: issued.id, plan: receipt.plan.id, product: receipt.plan.product,
                threads: receipt.plan.threads, startedAt: issued.period.start,
                activeUntil: issued.period.end, isEnded: false, exit: issued.exit, allowList: [],
                login: try issued.units.first.map(login), lines: try issued.units.map(line))
        }
    }

    private func login(_ unit: StockUnit) throws -> ServiceLogin {
        ServiceLogin(username: unit.username, secret: try secret(of: unit))
    }

    private func line(_ unit: StockUnit) throws -> ServiceLine {
        let (gateway, network) = try place(of: unit)
        return ServiceLine(gateway: gateway, port: unit.port, network: NetworkPlace(network))
    }

    private func subscription(
        _ issued: IssuedSubscription, _ unit: StockUnit, _ plan: Plan
    ) throws -> HeldSubscription {
        let (gateway, network) = try place(of: unit)
        return HeldSubscription(
            id: issued.id, activeUntil: issued.period.end, connection: plan.connection ?? .private,
            network: NetworkPlace(network), gateway: gateway, port: unit.port, username: unit.username,
            secret: try secret(of: unit), rotationChoices: plan.rotationMinutes)
    }

    private func place(of unit: StockUnit) throws -> (GatewayShape, Network) {
        guard let gateway = catalogue.gatewaysByID[unit.gateway],
            let network = catalogue.networksByID[unit.network]
        else { throw CatalogueOutdated() }
        return (gateway, network)
    }

    private func secret(of unit: StockUnit) throws -> SlotSecret {
        let secret = VersionedSecret(bytes: unit.secret)
        return try seal.open(
            secret.sealed, tenant: unit.tenant, slot: unit.slot, version: secret.version)
    }
}

/// A slot was sold of a gateway or network that the catalogue at hand does not know yet.
public struct CatalogueOutdated: Error, Sendable, Hashable {
    public init() {}
}
