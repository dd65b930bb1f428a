public import Postgres
public import Primitives

/// What a customer changes about a live connection without money moving.
///
/// Every function locks the live allocation first and runs in the caller's transaction, as the door's role with the
/// tenant set. A refusal is returned before anything is written, so the transaction may commit with it; a fault is
/// thrown as it came, so that the pool can tell whether to run the transaction again.
public struct Connections: Sendable {
    let seal: CredentialSeal
    let generator: CredentialGenerator

    public init(seal: CredentialSeal, random: any RandomSource) {
        self.seal = seal
        generator = CredentialGenerator(random: random)
    }

    /// Makes a new password, UUID and key; the username stays and the old ones are refused.
    ///
    /// Refuses with `noLiveConnection`.
    public func changeCredentials(
        tenant: TenantID, subscription: SubscriptionID, in transaction: Transaction
    ) throws -> Result<ChangedCredentials, ConnectionRefusal> {
        guard let connection = try ConnectionStore.lock(tenant, subscription, transaction) else {
            return .failure(.noLiveConnection)
        }
        let slot = connection.allocation.slot
        let version = connection.secretVersion + 1
        let secret = newSecret(instead: connection, tenant)
        _ = try transaction.pipeline([
            ConnectionStore.remember(connection, until: transaction.now),
            ConnectionStore.setCredentials(
                tenant: tenant, slot: slot, username: connection.username,
                secret: seal.seal(secret, tenant: tenant, slot: slot, version: version), version: version,
                since: transaction.now
            ),
            touch(connection, at: transaction.now),
        ])
        return .success(ChangedCredentials(username: connection.username, secret: secret))
    }

    /// Sets how often the exit changes by itself; 0 switches it off.
    ///
    /// Refuses, in this order, with `noLiveConnection`, `rotationNotAvailable`, `rotationNotAllowed`.
    public func setRotation(
        minutes: Int32, tenant: TenantID, subscription: SubscriptionID, in transaction: Transaction
    ) throws -> Result<Void, ConnectionRefusal> {
        guard let connection = try ConnectionStore.lock(tenant, subscription, transaction) else {
            return .failure(.noLiveConnection)
        }
        if let refusal = RotationRule.refusal(ofMinutes: minutes, choices: connection.rotationChoices) {
            return .failure(refusal)
        }
        _ = try transaction.pipeline([
            ConnectionStore.setRotation(connection.allocation, minutes: minutes, at: transaction.now),
            touch(connection, at: transaction.now),
        ])
        return .success(())
    }

    /// Asks for another exit now; the worker makes the gateway change it a moment later.
    ///
    /// Refuses, in this order, with `noLiveConnection`, `rotationNotAvailable`, `tooSoon`.
    public func rotateNow(
        minIntervalMilliseconds: Int64, tenant: TenantID, subscription: SubscriptionID,
        in transaction: Transaction
    ) throws -> Result<Void, ConnectionRefusal> {
        guard let connection = try ConnectionStore.lock(tenant, subscription, transaction) else {
            return .failure(.noLiveConnection)
        }
        if let refusal = RotationRule.refusal(
            ofRotatingAt: transaction.now, last: connection.rotatedAt, minInterval: minIntervalMilliseconds,
            choices: connection.rotationChoices
        ) {
            return .failure(refusal)
        }
        _ = try transaction.pipeline([
            ConnectionStore.requestRotation(connection.allocation, at: transaction.now)
        ])
        return .success(())
    }

    func touch(_ connection: LockedConnection, at now: Instant) -> Statement {
        let allocation = connection.allocation
        return SlotStore.touch(
            [SlotTouch(tenant: allocation.tenant, slot: allocation.slot, gateway: allocation.gateway)],
            at: now
        )
    }

    /// Differs from the former secret in every part; one that does not open any more differs from whatever is made.
    private func newSecret(instead former: LockedConnection, _ tenant: TenantID) -> SlotSecret {
        let old = try? seal.open(
            former.sealedSecret, tenant: tenant, slot: former.allocation.slot, version: former.secretVersion
        )
        while true {
            let secret = generator.secret()
            if secret.password != old?.password, secret.vlessUUID != old?.vlessUUID,
                secret.shadowsocksKey != old?.shadowsocksKey
            {
                return secret
            }
        }
    }
}
