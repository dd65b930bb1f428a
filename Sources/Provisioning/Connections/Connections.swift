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

    /// Makes a new password, UUID and key for all slots of a subscription, and a new username where `renewing` says so;
    /// the old ones are refused.
    ///
    /// Refuses with `noLiveConnection`.
    public func changeCredentials(
        renewing part: CredentialPart = .secret, tenant: TenantID, subscription: SubscriptionID,
        in transaction: Transaction
    ) throws -> Result<ChangedCredentials, ConnectionRefusal> {
        let connections = try ConnectionStore.lock(tenant, subscription, transaction)
        guard let first = connections.first else { return .failure(.noLiveConnection) }
        let secret = newSecret(instead: first, tenant)
        let username = newUsername(instead: first.username, renewing: part)
        var statements: [Statement] = []
        // Slots in the order of their ids, as everybody locks them.
        for connection in connections.sorted(by: { $0.allocation.slot < $1.allocation.slot }) {
            let slot = connection.allocation.slot
            let version = connection.secretVersion + 1
            statements.append(ConnectionStore.remember(connection, until: transaction.now))
            statements.append(
                ConnectionStore.setCredentials(
                    tenant: tenant, slot: slot, username: username,
                    secret: seal.seal(secret, tenant: tenant, slot: slot, version: version),
                    version: version, since: transaction.now))
        }
        _ = try transaction.pipeline(statements + [touch(connections, at: transaction.now)])
        return .success(ChangedCredentials(username: username, secret: secret))
    }

    /// Sets how often the exits change by themselves; 0 switches it off.
    ///
    /// Refuses, in this order, with `noLiveConnection`, `rotationNotAvailable`, `rotationNotAllowed`.
    public func setRotation(
        minutes: Int32, tenant: TenantID, subscription: SubscriptionID, in transaction: Transaction
    ) throws -> Result<Void, ConnectionRefusal> {
        let connections = try ConnectionStore.lock(tenant, subscription, transaction)
        guard let first = connections.first else { return .failure(.noLiveConnection) }
        if let refusal = RotationRule.refusal(ofMinutes: minutes, choices: first.rotationChoices) {
            return .failure(refusal)
        }
        _ = try transaction.pipeline([
            ConnectionStore.setRotation(connections, minutes: minutes, at: transaction.now),
            touch(connections, at: transaction.now),
        ])
        return .success(())
    }

    /// Asks for other exits now; the worker makes the gateways change them a moment later.
    ///
    /// Refuses, in this order, with `noLiveConnection`, `rotationNotAvailable`, `tooSoon`.
    public func rotateNow(
        minIntervalMilliseconds: Int64, tenant: TenantID, subscription: SubscriptionID,
        in transaction: Transaction
    ) throws -> Result<Void, ConnectionRefusal> {
        let connections = try ConnectionStore.lock(tenant, subscription, transaction)
        guard let first = connections.first else { return .failure(.noLiveConnection) }
        if let refusal = RotationRule.refusal(
            ofRotatingAt: transaction.now, last: connections.compactMap(\.rotatedAt).max(),
            minInterval: minIntervalMilliseconds, choices: first.rotationChoices
        ) {
            return .failure(refusal)
        }
        _ = try transaction.pipeline([ConnectionStore.requestRotation(connections, at: transaction.now)])
        return .success(())
    }

    func touch(_ connections: [LockedConnection], at now: Instant) -> Statement {
        SlotStore.touch(
            connections.map {
                SlotTouch(
                    tenant: $0.allocation.tenant, slot: $0.allocation.slot, gateway: $0.allocation.gateway)
            },
            at: now)
    }

    private func newUsername(instead former: String, renewing part: CredentialPart) -> String {
        switch part {
        case .secret: return former
        case .login:
            while true {
                let username = generator.username()
                if username != former { return username }
            }
        }
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
