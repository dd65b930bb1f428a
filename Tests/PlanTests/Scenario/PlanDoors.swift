import Catalog
import Postgres
import Primitives
import Provisioning
import TestSupport

@testable import Server

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
            tenantClock: { TenantClockStore.ahead(of: $0) }, logger: .quiet)
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
        _ = try await holdings.catalogue(catalogue(of: tenant), for: customer)
        _ = try await holdings.account(of: customer, of: tenant)
        _ = try await holdings.live(of: customer, of: tenant, in: .gate, at: now)
        _ = try await holdings.renewals(of: subscription, by: customer, of: tenant, in: .gate, at: now)
        _ = try await holdings.networks(for: subscription, of: customer, of: tenant, in: .gate, at: now)
        _ = try await RequestHistory(pool: pool).page(of: customer, tenant: tenant, .init(limit: 50))
    }

    /// One with a price list, so that the customer's group matters.
    private func catalogue(of tenant: TenantID) -> TenantCatalogue {
        let group = CustomerGroup(
            id: world.ids.next(at: world.clock.now()), tenant: tenant, code: "gold", name: "Gold")
        return TenantCatalogue(
            tenant: Tenant(
                id: tenant, slug: "alba", name: "Alba", currency: Currency("EUR")!, timezone: "UTC",
                graceMilliseconds: 0),
            plans: [], networks: [], groups: [group])
    }

    /// What a customer of a service with several ports reads and changes, in the dialect that sells it.
    func serve(_ subscription: SubscriptionID) async throws {
        let (tenant, customer, now) = (world.tenant, principal.customer, world.clock.now())
        let query = ServiceQuery(status: .active, before: subscription, limit: 50)
        _ = try await holdings.services(query, of: customer, of: tenant, in: .opproxy, at: now)
        let other = Principal(
            tenant: tenant, dialect: .opproxy, customer: customer, id: principal.id, kind: principal.kind)
        let subject = ConnectionChanges.Subject(subscription, of: other)
        let changes = changes()
        let address = AllowedSource(
            SourceAddress(rawValue: "192.0.2.1")!, label: SourceLabel(rawValue: "home"))
        _ = try await changes.replaceAllowList(with: [address], limit: 50, subject, claim: nil) { _ in [1] }
        let nl = ExitCountry(rawValue: "nl")!
        _ = try await changes.setExit(country: nl, subject, claim: nil) { _ in [1] }
        _ = try await changes.setExit(rotation: .every(minutes: 5), subject, claim: nil) { _ in [1] }
        guard
            let service = try await holdings.service(subscription, of: customer, of: tenant, in: .opproxy),
            service.allowList == [address], service.exit == Exit(country: nl, rotation: .every(minutes: 5)),
            service.lines.count == 2, service.login != nil
        else { throw NeverHappened(description: "a service with two ports, an address and an exit") }
    }

    private func changes() -> ConnectionChanges {
        ConnectionChanges(
            changes: IdempotentConnectionChange(pool: pool, answers: world.answers, ids: world.ids),
            connections: Connections(seal: world.seal, random: world.random), pool: pool, seal: world.seal)
    }

    /// Everything that a customer may change about what they hold.
    func change(_ subscription: SubscriptionID) async throws {
        let changes = changes()
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
