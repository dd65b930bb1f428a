import Postgres
import Primitives
import Provisioning
import Synchronization
import TestSupport
import Testing

/// A pass knows nothing of the one before, as a process of its own does not.
@Suite("A pass over the stock", .database)
struct StockPassTests {
    private struct Killed: Error {}
    private static let hour: Int64 = 3_600_000

    @Test func `without a worker ports are stocked, rest, and come back with other credentials`() async throws
    {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...102)
            let first = try await world.makeWorker().stockPass(at: world.now)
            #expect(first.stocked == 16 && first.confirmed == 16 && first.problems.isEmpty)
            for tenant in world.tenants {
                #expect(try await world.states(tenant) == [.ready, .ready])
            }
            let bought = try await world.buy(for: world.alba)[0]
            let before = try #require(try await world.connection(bought, of: world.alba))

            // Nothing ends by it, late by a week or not; what has ended drains and rests.
            world.clock.advance(days: 7)
            #expect(try await world.makeWorker().stockPass(at: world.now).quarantined == 0)
            #expect(try await world.states(world.alba) == [.assigned, .ready])
            _ = try await Expiries(
                pool: world.worker, ending: world.ending, clock: world.clock, logger: .quiet
            ).run()
            world.clock.advance(milliseconds: Self.hour)
            #expect(try await world.makeWorker().stockPass(at: world.now).quarantined == 1)
            world.clock.advance(milliseconds: Self.hour)
            let last = try await world.makeWorker().stockPass(at: world.now)
            #expect(last.renewed == 1 && last.confirmed == 1)
            let after = try #require(try await world.slots(world.alba).first { $0.port == before.port })
            #expect(after.state == .ready && after.version == 2 && after.username != before.username)
            let again = try await world.makeWorker().stockPass(at: world.now)
            #expect(again.isIdle && again.problems.isEmpty)
        }
    }

    @Test func `a pass for one tenant leaves the others`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            #expect(try await world.makeWorker().stockPass(of: world.alba.id, at: world.now).stocked == 12)
            #expect(try await world.states(world.alba) == [.ready, .ready, .ready])
            #expect(try await world.states(world.brio) == [])
        }
    }

    @Test func `a gateway that a worker has just spoken with is left to it`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            try await world.buy(for: world.alba)
            // The gateways of another process: simulated ones would have to be told everything again.
            let strangers = ProvisioningWorker(
                pool: world.worker, fleet: SimulatedFleet(), ending: world.ending, seal: world.seal,
                clock: world.clock, random: world.random, identifiers: world.identifiers, logger: .quiet)
            world.clock.advance(milliseconds: 29_999)
            #expect(try await strangers.stockPass(at: world.now).applied == 0)
            world.clock.advance(milliseconds: 1)
            #expect(try await strangers.stockPass(at: world.now).applied > 0)
            try await world.work()
            #expect(try await world.states(world.alba) == [.assigned, .ready, .ready])
        }
    }

    @Test(
        arguments: [
            WorkerStep.stocked, .renewed, .applied, .recorded, .confirmed, .connectionsClosed, .quarantined,
        ], [1, 2])
    func `a pass that is killed after any step, and passes after it: nothing shows`(
        step: WorkerStep, nth: Int
    ) async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...102)
            let reached = Mutex(0)
            func pass() async throws {
                let doomed = world.makeWorker { passed in
                    guard passed == step else { return }
                    let count = reached.withLock { count in
                        count += 1
                        return count
                    }
                    if count == nth { throw Killed() }
                }
                do {
                    _ = try await doomed.stockPass(at: world.now)
                } catch is WorkerInterrupted {
                    world.clock.advance(milliseconds: 60_000)
                    _ = try await world.makeWorker().stockPass(at: world.now)
                }
                world.clock.advance(milliseconds: Self.hour)
            }
            try await pass()
            for tenant in world.tenants {
                for network in ["AMS", "BER"] { try await world.buy(2, network, for: tenant) }
            }
            try await pass()
            world.clock.advance(days: 1)
            _ = try await Expiries(
                pool: world.worker, ending: world.ending, clock: world.clock, logger: .quiet
            ).run()
            for _ in 0..<3 { try await pass() }
            #expect(reached.withLock { $0 } >= nth, "the story never came to \(step)")
            for tenant in world.tenants {
                for name in tenant.gateways.keys {
                    #expect(try await world.states(tenant, name) == [.ready, .ready], "\(name)")
                }
            }
            #expect(try await world.count("SELECT count(*) FROM credential_history") == 8)
        }
    }

    @Test func `eight passes at once make one stock`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 1001...1100, connections: 6)
            var settings = WorkerSettings.quick
            settings.batch = 30
            let workers = (0..<8).map { _ in world.makeWorker(settings: settings) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in workers {
                    group.addTask { _ = try await worker.stockPass(at: world.now) }
                }
                try await group.waitForAll()
            }
            world.clock.advance(milliseconds: 60_000)
            _ = try await world.makeWorker().stockPass(at: world.now)
            for tenant in world.tenants {
                let slots = try await world.slots(tenant)
                #expect(slots.map(\.port) == Array(1001...1100))
                #expect(slots.allSatisfy { $0.state == .ready })
            }
        }
    }

    @Test func `poisoned slots, even a whole batch of them, stop no others`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...106)
            var settings = WorkerSettings.quick
            settings.lendingBatch = 2
            _ = try await world.makeWorker().stockPass(at: world.now)
            try await world.execute(
                "UPDATE slots SET state = 'quarantined' WHERE tenant_id = 1 AND port <= 104")
            try await world.execute(
                "ALTER TABLE slots ADD CONSTRAINT poison CHECK (tenant_id <> 1 OR port > 102 OR secret_version = 1)"
            )
            world.clock.advance(milliseconds: Self.hour)
            let report = try await world.makeWorker(settings: settings).stockPass(at: world.now)
            #expect(report.renewed == 8 && report.parked == 8, "\(report)")
            #expect(report.problems.count == 8)
            #expect(
                try await world.states(world.alba) == [
                    .quarantined, .quarantined, .ready, .ready, .ready, .ready,
                ])
            try await world.execute("ALTER TABLE slots DROP CONSTRAINT poison")
            world.clock.advance(milliseconds: 60_000)
            #expect(try await world.makeWorker(settings: settings).stockPass(at: world.now).renewed == 8)
        }
    }
}
