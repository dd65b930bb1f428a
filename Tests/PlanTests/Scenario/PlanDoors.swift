import Catalog
import Postgres
import Primitives
import Provisioning
import Server
import TestSupport

/// What customers ask through a door: one pool of one connection, under row-level security.
struct PlanDoors {
    private let world: PlanWorld
    private let pool: PostgresPool
    private let holdings: Holdings
    private let principal: Principal

    init(_ world: PlanWorld) async throws {
        self.world = world
        pool = PostgresPool(
            world.database.configuration(role: .door).withPinnedPlans, threads: 1, clock: world.clock,
            logger: .quiet)
        holdings = Holdings(pool: pool, seal: world.seal)
        let keys = APIKeyAuthenticator(pool: pool, cache: PrincipalCache(), clock: world.clock)
        guard
            let principal = try await keys.principal(
                for: PlanWorld.annKey, tenant: world.tenant, dialect: .gate)
        else { throw NeverHappened(description: "Ann's key") }
        self.principal = principal
    }

    func sent() async throws -> [SentStatement] {
        let sent = try await pool.run { try SentStatement.all(on: $0, as: .door) }
        await pool.close()
        return sent
    }

    func read(_ subscription: SubscriptionID) async throws {
        let (tenant, customer, now) = (world.tenant, principal.customer, world.clock.now())
        _ = try await holdings.currency(of: customer, of: tenant)
        _ = try await holdings.live(of: customer, of: tenant, in: .gate, at: now)
        _ = try await holdings.renewals(of: subscription, by: customer, of: tenant, in: .gate)
        _ = try await holdings.networks(for: subscription, of: customer, of: tenant, in: .gate, at: now)
        _ = try await RequestHistory(pool: pool).page(of: customer, tenant: tenant, .init(limit: 50))
    }

    /// Everything that a customer may change about what they hold.
    func change(_ subscription: SubscriptionID) async throws {
        let changes = ConnectionChanges(
            changes: IdempotentConnectionChange(pool: pool, answers: world.answers, ids: world.ids),
            connections: Connections(seal: world.seal, random: world.random), pool: pool, seal: world.seal)
        let subject = ConnectionChanges.Subject(subscription, of: principal)
        let claim = IdempotentConnectionChange.Claim(
            key: IdempotencyKey("again")!, fingerprint: [UInt8](repeating: 2, count: 32))
        let network: NetworkID = try await world.id("networks", "code", "DE")
        _ = try await changes.changeCredentials(subject, claim: claim) { _ in [1] }
        _ = try await changes.switchNetwork(to: network, subject, claim: nil) { _ in [1] }
        _ = try await changes.setRotation(minutes: 5, subject, claim: nil) { [1] }
        try await changes.rotateNow(subscription, of: world.tenant, in: .gate, minIntervalMilliseconds: 0)
    }
}
