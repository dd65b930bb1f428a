import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Claiming slots", .database)
struct ClaimTests {
    private func claim(_ world: World, _ demands: [SlotDemand]) async throws -> [ClaimedSlot] {
        try await world.engine.transaction(tenant: nil) { transaction in
            try SlotStore.claimed(try transaction.query(SlotStore.claim(demands)))
        }
    }

    private func demand(
        _ tenant: Tenant, _ network: String, _ count: Int32, after: Int64 = .min
    ) -> SlotDemand {
        SlotDemand(tenant: tenant.id, network: tenant.networks[network]!, count: count, afterRank: after)
    }

    @Test func `slots come in order of rank, per tenant and network`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()

            let claimed = try await claim(
                world,
                [demand(world.brio, "BER", 1), demand(world.alba, "AMS", 2), demand(world.alba, "BER", 9)]
            )

            #expect(claimed.map(\.port) == [101, 102, 101, 102, 103, 101])
            #expect(claimed.map(\.tenant.number) == [1, 1, 1, 1, 1, 2])
            #expect(claimed.filter { $0.network == world.alba.networks["AMS"] }.count == 2)
            let secret = try claimed[0].secret(openedBy: world.seal)
            #expect(secret.password.hasPrefix("p_"))
        }
    }

    @Test func `a cursor spares what was taken before, and comes back from the start`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()

            #expect(
                try await claim(world, [demand(world.alba, "AMS", 2, after: 101)]).map(\.port) == [102, 103])
            #expect(try await claim(world, [demand(world.alba, "AMS", 2, after: 103)]).isEmpty)
            #expect(try await claim(world, [demand(world.alba, "AMS", 2)]).map(\.port) == [101, 102])
        }
    }

    /// A transaction's own locks are not skipped: without merging, both demands would get the same slot.
    @Test func `one network named twice is answered with different slots`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()

            let twice = [
                demand(world.alba, "AMS", 1, after: 102), demand(world.alba, "AMS", 1),
                demand(world.alba, "AMS", 0),
            ]
            #expect(try await claim(world, twice).map(\.port) == [101, 102])
        }
    }

    @Test func `inactive gateways sell nothing`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            try await world.execute(
                "UPDATE gateways SET active = false WHERE tenant_id = \(world.alba.id) AND name = 'ams-1'"
            )

            #expect(try await claim(world, [demand(world.alba, "AMS", 1)]).isEmpty)
            #expect(try await claim(world, [demand(world.brio, "AMS", 1)]).count == 1)
        }
    }

    @Test func `one free slot and sixty-four buyers`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...101, connections: 16)
            try await world.work()

            let bought = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<64 { group.addTask { (try? await world.buy(for: world.alba)) != nil } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }

            #expect(bought == 1)
            #expect(try await world.states(world.alba) == [.assigned])
            #expect(try await world.states(world.brio) == [.ready])
        }
    }

    @Test func `a hundred buyers empty a network of forty, each with a port of its own`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...140, connections: 8)
            try await world.work()

            let bought = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<100 { group.addTask { (try? await world.buy(2, for: world.alba).count) ?? 0 } }
                return await group.reduce(0, +)
            }

            #expect(bought <= 40)
            // Whoever skipped a lock that was given back may try again: nothing is lost.
            while (try? await world.buy(for: world.alba)) != nil {}
            #expect(try await world.states(world.alba).allSatisfy { $0 == .assigned })
        }
    }

    @Test func `lending, extending and returning in one group counts the gateway up once`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            let first = try await world.buy(for: world.alba)[0]
            let second = try await world.buy(for: world.alba)[0]
            let version: Statement =
                "SELECT desired_version FROM gateways WHERE tenant_id = 1 AND name = 'ams-1'"
            let before = try await world.count(version)

            try await world.engine.transaction(tenant: nil) { transaction in
                let live = try SlotStore.liveAllocations(
                    try transaction.query(
                        SlotStore.lockAllocations([
                            (world.alba.id, second), (world.alba.id, first), (world.alba.id, first),
                        ])
                    )
                )
                #expect(live.map(\.subscription) == [first, second].sorted())
                var changes = SlotChanges(at: transaction.now)
                for allocation in live { changes.extend(allocation, to: allocation.expiresAt) }
                changes.release(live.first { $0.subscription == second }!)
                _ = try transaction.pipeline(
                    SlotStore.write(changes) + [
                        "UPDATE subscriptions SET ended_at = \(transaction.now) WHERE tenant_id = 1 AND id = \(second)"
                    ]
                )
            }

            #expect(try await world.count(version) == before + 1)
            #expect(try await world.states(world.alba) == [.assigned, .draining, .ready])
        }
    }

    @Test func `a count tells what is ready although others hold it, up to what is asked for`() async throws {
        try await withDatabase { database in
            let world = try await World(database, connections: 2)
            try await world.work()
            try await world.buy(3, "BER", for: world.alba)
            try await world.execute(
                "UPDATE gateways SET active = false WHERE tenant_id = \(world.brio.id) AND name = 'ams-1'")
            let demands = [
                demand(world.alba, "AMS", 2), demand(world.alba, "BER", 1), demand(world.brio, "AMS", 1),
                demand(world.brio, "BER", 9, after: .max),
            ]

            let (held, release) = (Gate(), Gate())
            async let holding: Void = world.engine.transaction(tenant: nil) { transaction in
                _ = try transaction.query(SlotStore.claim(demands))
                held.open()
                release.waitOnThread()
            }
            await held.wait()
            let counts = try await world.engine.transaction(tenant: nil) { transaction in
                try SlotStore.readyCounts(try transaction.query(SlotStore.readyCount(demands)))
                    .map { (network: $0.1, count: $0.2) }
            }
            release.open()
            try await holding
            let byNetwork = Dictionary(uniqueKeysWithValues: counts.map { ($0.network, $0.count) })
            #expect(byNetwork[world.alba.networks["AMS"]!] == 2)
            #expect(byNetwork[world.alba.networks["BER"]!] == 0)
            #expect(byNetwork[world.brio.networks["AMS"]!] == 0)
            #expect(byNetwork[world.brio.networks["BER"]!] == 3)
        }
    }
}
