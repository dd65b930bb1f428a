public import Catalog
public import Postgres
public import Primitives
public import Provisioning

/// What customers change about what they hold, without money moving: each in one transaction, each once per
/// Idempotency-Key.
public struct ConnectionChanges: Sendable {
    private let changes: IdempotentConnectionChange
    let connections: Connections
    private let pool: PostgresPool
    let seal: CredentialSeal
    private let onSlotsChanged: @Sendable () -> Void

    /// - Parameters:
    ///   - pool: connections of the doors' role.
    ///   - onSlotsChanged: called after every commit that gives the workers something to do.
    public init(
        changes: IdempotentConnectionChange, connections: Connections, pool: PostgresPool,
        seal: CredentialSeal, onSlotsChanged: @escaping @Sendable () -> Void = {}
    ) {
        self.changes = changes
        self.connections = connections
        self.pool = pool
        self.seal = seal
        self.onSlotsChanged = onSlotsChanged
    }

    /// A subscription as one customer may name it.
    public struct Subject: Sendable {
        public let subscription: SubscriptionID
        public let principal: Principal

        public init(_ subscription: SubscriptionID, of principal: Principal) {
            self.subscription = subscription
            self.principal = principal
        }
    }

    /// Makes new credentials for all slots of a subscription, and answers with what `render` makes of them.
    ///
    /// This and the next two refuse, in this order, with `idempotency`, `subscriptionUnknown`, `refused`.
    public func changeCredentials(
        renewing part: CredentialPart = .secret, _ subject: Subject, claim: IdempotentConnectionChange.Claim?,
        render: @escaping @Sendable (ChangedCredentials) -> [UInt8]
    ) async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer {
        try await run("credentials.rotated", subject, claim) { [connections] transaction in
            try connections.changeCredentials(
                renewing: part, tenant: subject.principal.tenant, subscription: subject.subscription,
                in: transaction
            ).map(render)
        }
    }

    /// Sets how often the exit changes by itself, in minutes; 0 switches it off.
    public func setRotation(
        minutes: Int32, _ subject: Subject, claim: IdempotentConnectionChange.Claim?,
        render: @escaping @Sendable () -> [UInt8]
    ) async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer {
        try await run("rotation.changed", subject, claim) { [connections] transaction in
            try connections.setRotation(
                minutes: minutes, tenant: subject.principal.tenant, subscription: subject.subscription,
                in: transaction
            ).map(render)
        }
    }

    /// Moves a subscription to another network, and answers with what `render` makes of it there.
    public func switchNetwork(
        to network: NetworkID, _ subject: Subject, claim: IdempotentConnectionChange.Claim?,
        render: @escaping @Sendable (HeldSubscription) -> [UInt8]
    ) async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer {
        let (tenant, subscription) = (subject.principal.tenant, subject.subscription)
        return try await run("network.switched", subject, claim) { [connections, seal] transaction in
            let moved = try connections.switchNetwork(
                to: network, tenant: tenant, subscription: subscription, in: transaction)
            if case .failure(let refusal) = moved { return .failure(refusal) }
            let statement = HoldingStore.one(
                subscription, of: subject.principal.customer, of: tenant, in: subject.principal.dialect,
                at: transaction.now)
            let found = try HoldingStore.found(try transaction.query(statement), tenant, seal)
            guard case .value(let held) = found else { return .failure(.noLiveConnection) }
            return .success(render(held))
        }
    }

    /// Asks for another exit now, for whoever holds the subscription's link.
    ///
    /// Refuses, in this order, with `subscriptionUnknown`, `refused`.
    /// - Parameter found: told whose the subscription is, also where it is refused.
    public func rotateNow(
        _ subscription: SubscriptionID, of tenant: TenantID, in dialect: DialectName,
        minIntervalMilliseconds: Int64, found: @escaping @Sendable (CustomerID) -> Void = { _ in }
    ) async throws(ConnectionChangeError) {
        do {
            try await pool.transaction(tenant: tenant) { [connections] transaction in
                let statement = HoldingStore.exists(subscription, of: nil, of: tenant, in: dialect)
                guard let owner = try HoldingStore.owner(try transaction.query(statement)) else {
                    throw ConnectionChangeError.subscriptionUnknown
                }
                found(owner)
                let result = try connections.rotateNow(
                    minIntervalMilliseconds: minIntervalMilliseconds, tenant: tenant,
                    subscription: subscription,
                    in: transaction)
                if case .failure(let refusal) = result { throw ConnectionChangeError.refused(refusal) }
            }
            onSlotsChanged()
        } catch {
            throw ConnectionChangeError(error, "rotate an exit")
        }
    }

    /// A refusal undoes the transaction, so that it is remembered under no key; a change leaves its event.
    func run(
        _ event: String, _ subject: Subject, _ claim: IdempotentConnectionChange.Claim?,
        _ change: @escaping @Sendable (Transaction) throws -> Result<[UInt8], ConnectionRefusal>
    ) async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer {
        let principal = subject.principal
        let existence = HoldingStore.exists(
            subject.subscription, of: principal.customer, of: principal.tenant, in: principal.dialect)
        do {
            let answer = try await changes.run(
                tenant: principal.tenant, principal: principal.id, claim: claim
            ) { transaction, command in
                guard try HoldingStore.exists(try transaction.query(existence)) else {
                    throw ConnectionChangeError.subscriptionUnknown
                }
                switch try change(transaction) {
                case .failure(let refusal): throw ConnectionChangeError.refused(refusal)
                case .success(let body):
                    _ = try transaction.query(
                        ConnectionEventStore.insert(
                            event, command, subject.subscription, principal, at: transaction.now))
                    return (status: 200, body: body)
                }
            }
            if !answer.isReplayed { onSlotsChanged() }
            return answer
        } catch {
            throw ConnectionChangeError(error, "change a connection")
        }
    }
}

/// Why a connection was not changed. Nothing was written, unless the outcome is unknown.
public enum ConnectionChangeError: Error, Sendable {
    case idempotency(IdempotencyRefusal)
    /// There is no such subscription, or it is another customer's or another dialect's.
    case subscriptionUnknown
    case refused(ConnectionRefusal)
    case unavailable(Fault)
    /// The answer to COMMIT was lost: look at the connection before asking again, or repeat under the same key.
    case outcomeUnknown

    init(_ error: any Error, _ operation: String) {
        switch error {
        case let error as ConnectionChangeError: self = error
        case let refusal as IdempotencyRefusal: self = .idempotency(refusal)
        case let error as PostgresError where error.mayHaveCommitted: self = .outcomeUnknown
        default: self = .unavailable(Fault(operation, error))
        }
    }
}
