public import Billing
public import Postgres
public import Primitives
public import Provisioning

/// Billing's shelf on top of provisioning's slots: the one place where the two meet.
///
/// Both speak of the same rows in their own words; nothing is decided here.
public struct SlotStock: Stock {
    private let seal: CredentialSeal?

    /// - Parameter seal: what gives several slots one login; who sells nothing needs none.
    public init(seal: CredentialSeal? = nil) {
        self.seal = seal
    }

    public func claim(_ demands: [StockDemand]) -> Statement {
        SlotStore.claim(demands.map(SlotDemand.init))
    }

    public func claimed(_ result: ResultSet) throws -> [StockUnit] {
        try SlotStore.claimed(result).map { slot in
            StockUnit(
                tenant: slot.tenant, slot: slot.id, gateway: slot.gateway, network: slot.network,
                port: slot.port,
                rank: slot.rank, username: slot.username,
                secret: VersionedSecret(sealed: slot.secret, version: slot.secretVersion).bytes)
        }
    }

    public func joined(_ units: [StockUnit]) throws -> [StockUnit] {
        guard let seal, let first = units.first else { throw SealMissing() }
        let known = VersionedSecret(bytes: first.secret)
        let secret = try seal.open(
            known.sealed, tenant: first.tenant, slot: first.slot, version: known.version)
        return [first]
            + units.dropFirst().map { unit in
                let version = VersionedSecret(bytes: unit.secret).version + 1
                let sealed = seal.seal(secret, tenant: unit.tenant, slot: unit.slot, version: version)
                return StockUnit(
                    tenant: unit.tenant, slot: unit.slot, gateway: unit.gateway, network: unit.network,
                    port: unit.port, rank: unit.rank, username: first.username,
                    secret: VersionedSecret(sealed: sealed, version: version).bytes)
            }
    }

    /// Counts what is ready per network, up to each demand's count, and locks nothing.
    ///
    /// A claim passes over what others have locked: only this tells sold out from busy.
    public func ready(_ demands: [StockDemand]) -> Statement {
        SlotStore.readyCount(demands.map(SlotDemand.init))
    }

    public func readyCounts(
        _ result: ResultSet
    ) throws -> [(tenant: TenantID, network: NetworkID, count: Int32)] {
        try SlotStore.readyCounts(result).map { (tenant: $0.0, network: $0.1, count: $0.2) }
    }

    public func lockHoldings(_ subscriptions: [(tenant: TenantID, subscription: SubscriptionID)]) -> Statement
    {
        SlotStore.lockAllocations(subscriptions.map { ($0.tenant, $0.subscription) })
    }

    public func holdings(_ result: ResultSet) throws -> [Holding] {
        try SlotStore.liveAllocations(result).map { live in
            Holding(
                tenant: live.tenant, subscription: live.subscription, sequence: live.sequence,
                slot: live.slot,
                gateway: live.gateway, network: live.network)
        }
    }

    public func write(_ changes: StockChanges, at now: Instant) -> [Statement] {
        var slots = SlotChanges(at: now)
        for loan in changes.lent { slots.allocate(NewAllocation(loan)) }
        for (holding, until) in changes.extended {
            slots.extend(LiveAllocation(holding, expiresAt: until), to: until)
        }
        for (holding, agreement) in changes.agreed {
            slots.agree(
                LiveAllocation(holding, expiresAt: now), on: agreement.rotationChoices,
                rotationMinutes: agreement.rotationMinutes)
        }
        for holding in changes.returned { slots.release(LiveAllocation(holding, expiresAt: now)) }
        return SlotStore.write(slots)
    }
}

/// Slots were to share a login on a shelf that cannot open their secrets.
struct SealMissing: Error {}

/// A sealed secret with the version it was sealed for: what travels through billing as one opaque value.
struct VersionedSecret {
    var sealed: [UInt8]
    var version: Int32

    init(sealed: [UInt8], version: Int32) {
        self.sealed = sealed
        self.version = version
    }

    /// Four bytes of version, then the sealed bytes.
    var bytes: [UInt8] {
        withUnsafeBytes(of: version.bigEndian) { Array($0) } + sealed
    }

    /// - Precondition: the bytes are those of a unit that came from this shelf.
    init(bytes: [UInt8]) {
        precondition(bytes.count > 4, "a stock unit carries a secret that this shelf did not make")
        version = bytes.prefix(4).reduce(0) { $0 << 8 | Int32($1) }
        sealed = Array(bytes.dropFirst(4))
    }
}

extension SlotDemand {
    fileprivate init(_ demand: StockDemand) {
        self.init(
            tenant: demand.tenant, network: demand.network, count: demand.count, afterRank: demand.afterRank)
    }
}

extension NewAllocation {
    fileprivate init(_ loan: StockChanges.Loan) {
        self.init(
            tenant: loan.unit.tenant, subscription: loan.subscription, sequence: loan.sequence,
            slot: loan.unit.slot, gateway: loan.unit.gateway, rotationMinutes: loan.rotationMinutes,
            rotationChoices: loan.rotationChoices, expiresAt: loan.until,
            credentials: loan.place > 1 ? RenewedCredentials(loan.unit) : nil)
    }
}

extension RenewedCredentials {
    fileprivate init(_ unit: StockUnit) {
        let secret = VersionedSecret(bytes: unit.secret)
        self.init(
            tenant: unit.tenant, slot: unit.slot, version: secret.version, username: unit.username,
            sealedSecret: secret.sealed)
    }
}

extension LiveAllocation {
    /// Provisioning writes by key; the end that a holding had before is not looked at.
    fileprivate init(_ holding: Holding, expiresAt: Instant) {
        self.init(
            tenant: holding.tenant, subscription: holding.subscription, sequence: holding.sequence,
            slot: holding.slot, gateway: holding.gateway, network: holding.network, expiresAt: expiresAt)
    }
}
