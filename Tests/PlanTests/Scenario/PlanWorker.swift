import Postgres
import Primitives
import Provisioning
import Server
import TestSupport

/// The provisioning worker, with one connection.
struct PlanWorker {
    private let world: PlanWorld
    private let pool: PostgresPool
    private let worker: ProvisioningWorker

    init(_ world: PlanWorld) throws {
        self.world = world
        pool = PostgresPool(
            world.database.configuration(role: .worker).withPinnedPlans, threads: 1, clock: world.clock,
            logger: .quiet)
        worker = ProvisioningWorker(
            pool: pool, fleet: SimulatedFleet(), ending: BilledEnding(ids: world.ids), seal: world.seal,
            clock: world.clock, random: world.random, identifiers: world.ids, logger: .quiet)
    }

    func sent() async throws -> [SentStatement] {
        let sent = try await pool.run { try SentStatement.all(on: $0, as: .worker) }
        await pool.close()
        return sent
    }

    /// Slots for every port, known to their gateways and for sale.
    func stock() async throws {
        guard try await cycle().confirmed > 0 else { throw NeverHappened(description: "a stocked shelf") }
    }

    /// What was bought and is not open yet is found where nobody waits any longer.
    func miss() async throws {
        let deliveries = Deliveries(pool: pool, deadlineMilliseconds: 0)
        var found = 0
        for (tenant, time) in try await deliveries.tenants(nil, at: world.clock.now()) {
            found += try await deliveries.overdue(of: tenant, at: time, after: nil, limit: 256).count
        }
        guard found > 0 else { throw NeverHappened(description: "a delivery that is overdue") }
    }

    /// What was bought is opened and rotated, runs out, is taken back, rests and is made new.
    func serve() async throws {
        guard try await cycle().rotated > 0 else { throw NeverHappened(description: "a rotation") }
        world.clock.advance(days: 100)
        guard try await cycle().quarantined > 0 else { throw NeverHappened(description: "a slot at rest") }
        world.clock.advance(days: 1)
        guard try await cycle().renewed > 0 else { throw NeverHappened(description: "a slot made new") }
    }

    private func cycle() async throws -> WorkerReport {
        let report = try await worker.cycle(now: world.clock.now())
        guard report.problems.isEmpty else { throw NeverHappened(description: "\(report.problems)") }
        return report
    }
}
