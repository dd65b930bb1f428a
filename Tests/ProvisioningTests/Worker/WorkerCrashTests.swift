import Postgres
import Primitives
import Provisioning
import Synchronization
import TestSupport
import Testing

@Suite("A worker that dies", .database)
struct WorkerCrashTests {
    private struct Killed: Error {}

    /// Every step happens in this story; whoever dies after one of them is replaced by somebody who knows nothing.
    private func story(_ world: World, _ makeWorker: () -> ProvisioningWorker) async throws {
        func work() async throws {
            for _ in 0..<40 {
                do {
                    try await world.work(makeWorker())
                    return
                } catch is WorkerInterrupted {
                    // Time goes on while nobody works.
                    world.clock.advance(milliseconds: 1)
                }
            }
            Issue.record("the worker died forty times")
        }
        try await work()
        try await world.buy(2, for: world.alba, rotationMinutes: 5)
        try await world.buy(for: world.brio)
        try await work()
        world.clock.advance(milliseconds: 600_000)
        try await work()
        // A rotation that was taken and not done comes back after half a minute.
        for _ in 0..<10 {
            world.clock.advance(milliseconds: 30_000)
            try await work()
        }
        world.clock.advance(days: 1)
        world.clock.advance(milliseconds: 3_600_000)
        try await work()
        world.clock.advance(milliseconds: 3_700_000)
        try await work()
    }

    private func check(_ world: World) async throws {
        for tenant in world.tenants {
            for name in tenant.gateways.keys {
                let slots = try await world.slots(tenant, name)
                #expect(slots.map(\.port) == [101, 102, 103])
                #expect(slots.allSatisfy { $0.state == .ready })
                let desired = try #require(world.gateway(tenant, name).desired)
                #expect(desired.slots.count == 3 && desired.slots.values.allSatisfy { $0.access == .blocked })
                for slot in slots { #expect(desired.slots[slot.id]?.username == slot.username) }
            }
        }
        #expect(try await world.count("SELECT count(*) FROM allocations WHERE released_at IS NOT NULL") == 3)
        #expect(try await world.count("SELECT count(*) FROM credential_history") == 3)
        #expect(try await world.count("SELECT count(*) FROM allocations WHERE rotated_at IS NOT NULL") == 2)
    }

    @Test(arguments: WorkerStep.allCases)
    func `is replaced after any step and nothing shows`(_ step: WorkerStep) async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let deaths = Mutex(0)

            try await story(world) {
                let living = Mutex(true)
                return world.makeWorker(onStep: { reached in
                    guard reached == step, living.withLock({ $0 }), deaths.withLock({ $0 }) < 8 else {
                        return
                    }
                    living.withLock { $0 = false }
                    deaths.withLock { $0 += 1 }
                    throw Killed()
                })
            }

            #expect(deaths.withLock { $0 } > 0, "the story never came to \(step)")
            try await check(world)
        }
    }

    @Test func `dies at random moments, with its gateways too, and nothing shows`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let dice = Mutex(SplitMix64(seed: 5))
            let left = Mutex(25)

            try await story(world) {
                // A gateway that lost everything now and then makes the next worker tell it all again.
                if dice.withLock({ $0.next() % 3 }) == 0 { world.gateway(world.alba, "ams-1").restart() }
                return world.makeWorker(onStep: { _ in
                    guard dice.withLock({ $0.next() % 4 }) == 0, left.withLock({ $0 }) > 0 else { return }
                    left.withLock { $0 -= 1 }
                    throw Killed()
                })
            }

            try await world.work()
            try await check(world)
        }
    }
}
