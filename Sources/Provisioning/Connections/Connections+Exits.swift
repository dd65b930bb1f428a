public import Catalog
public import Postgres
public import Primitives

extension Connections {
    /// Lets a subscription's connections leave from another country of its plan, and answers with the exit since.
    ///
    /// This and the next refuse, in this order, with `noLiveConnection`, `exitNotChangeable`, and
    /// `exitCountryNotOffered` or `exitRotationNotOffered`.
    public func setExit(
        country: ExitCountry, tenant: TenantID, subscription: SubscriptionID, in transaction: Transaction
    ) throws -> Result<Exit, ConnectionRefusal> {
        try setExit(tenant, subscription, transaction) { offers in
            guard offers.countries.contains(country) else {
                return .failure(.exitCountryNotOffered(country))
            }
            return .success(Exit(country: country, rotation: offers.current.rotation))
        }
    }

    /// Changes when a subscription's exit changes by itself: with every connection, which is the gateways' to do, or
    /// after so many minutes from now, which the worker asks them for.
    public func setExit(
        rotation: ExitRotation, tenant: TenantID, subscription: SubscriptionID, in transaction: Transaction
    ) throws -> Result<Exit, ConnectionRefusal> {
        try setExit(tenant, subscription, transaction) { offers in
            guard offers.rotations.contains(rotation) else {
                return .failure(.exitRotationNotOffered(rotation))
            }
            return .success(Exit(country: offers.current.country, rotation: rotation))
        }
    }

    private func setExit(
        _ tenant: TenantID, _ subscription: SubscriptionID, _ transaction: Transaction,
        _ choose: (ExitOffers) -> Result<Exit, ConnectionRefusal>
    ) throws -> Result<Exit, ConnectionRefusal> {
        // The subscription before its allocations, as everybody locks them.
        let offers = try ExitStore.lock(tenant, subscription, transaction)
        let connections = try ConnectionStore.lock(tenant, subscription, transaction)
        if connections.isEmpty { return .failure(.noLiveConnection) }
        guard let offers else { return .failure(.exitNotChangeable) }
        let exit: Exit
        switch choose(offers) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let chosen): exit = chosen
        }
        var statements = [ExitStore.set(exit, tenant, subscription)]
        if exit.rotation != offers.current.rotation {
            statements.append(
                ConnectionStore.setRotation(
                    connections, minutes: exit.rotation.minutes, at: transaction.now))
        }
        _ = try transaction.pipeline(statements + [touch(connections, at: transaction.now)])
        return .success(exit)
    }
}

/// What a subscription's exit may be, and what it is.
struct ExitOffers {
    let countries: [ExitCountry]
    let rotations: [ExitRotation]
    let current: Exit
}
