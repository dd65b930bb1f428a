public import Postgres
public import Primitives

extension Connections {
    /// Moves a connection to another network: same credentials, end and rotation, and the same port if it is free there.
    ///
    /// The old slot is blocked, drains and rests. Refuses, in this order, with `noLiveConnection`, `severalSlots`,
    /// `unknownNetwork`, `sameNetwork`, `networkInactive`, `networkOfAnotherType`, `soldOut`. A secret that does not open is a fault.
    public func switchNetwork(
        to network: NetworkID, tenant: TenantID, subscription: SubscriptionID, in transaction: Transaction
    ) throws -> Result<Void, ConnectionRefusal> {
        let connections = try ConnectionStore.lock(tenant, subscription, transaction)
        guard let connection = connections.first else { return .failure(.noLiveConnection) }
        guard connections.count == 1 else { return .failure(.severalSlots) }
        let current = connection.allocation.network
        guard let target = try ConnectionStore.target(tenant, network, from: current, transaction) else {
            return .failure(.unknownNetwork(network))
        }
        if network == current { return .failure(.sameNetwork) }
        if !target.isActive { return .failure(.networkInactive) }
        if !target.isOfSameType { return .failure(.networkOfAnotherType) }
        guard let slot = try claim(connection.port, tenant, network, transaction) else {
            return .failure(.soldOut)
        }
        try move(connection, to: slot, transaction)
        return .success(())
    }

    /// The slot with the same port number where that is free, else the first by rank; `nil` where none is for sale.
    ///
    /// A claim passes over what others have locked. Where that is all that is left the transaction has to run again.
    private func claim(
        _ port: Int32, _ tenant: TenantID, _ network: NetworkID, _ transaction: Transaction
    ) throws -> ClaimedSlot? {
        let same = try transaction.query(ConnectionStore.claimPort(port, tenant, network))
        if let slot = try SlotStore.claimed(same).first { return slot }
        let demand = SlotDemand(tenant: tenant, network: network, count: 1)
        if let slot = try SlotStore.claimed(try transaction.query(SlotStore.claim([demand]))).first {
            return slot
        }
        let ready = try SlotStore.readyCounts(try transaction.query(SlotStore.readyCount([demand])))
        guard ready.contains(where: { $0.2 > 0 }) else { return nil }
        var busy = PostgresError(message: "every slot for sale is locked by another transaction")
        busy.sqlState = .serializationFailure
        throw busy
    }

    /// The new slot takes over username and secret; the credentials made for it were never used and are forgotten.
    private func move(_ connection: LockedConnection, to slot: ClaimedSlot, _ transaction: Transaction) throws
    {
        let old = connection.allocation
        let secret = try seal.open(
            connection.sealedSecret, tenant: old.tenant, slot: old.slot, version: connection.secretVersion
        )
        let version = slot.secretVersion + 1
        let sealed = seal.seal(secret, tenant: old.tenant, slot: slot.id, version: version)
        var statements = ConnectionStore.move(connection, to: slot, at: transaction.now)
        statements.append(
            ConnectionStore.setCredentials(
                tenant: old.tenant, slot: slot.id, username: connection.username, secret: sealed,
                version: version,
                since: transaction.now
            )
        )
        statements.append(
            SlotStore.touch(
                [
                    SlotTouch(tenant: old.tenant, slot: slot.id, gateway: slot.gateway, state: .assigned),
                    SlotTouch(tenant: old.tenant, slot: old.slot, gateway: old.gateway, state: .draining),
                ],
                at: transaction.now
            )
        )
        _ = try transaction.pipeline(statements)
    }
}
