import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Switching networks", .database)
struct SwitchNetworkTests {
    private func switched(
        _ world: World, _ subscription: SubscriptionID, to network: NetworkID, _ tenant: Tenant? = nil
    ) async throws -> ConnectionRefusal? {
        let tenant = tenant ?? world.alba
        let result = try await world.change(tenant) { connections, transaction in
            try connections.switchNetwork(
                to: network, tenant: tenant.id, subscription: subscription, in: transaction)
        }
        switch result {
        case .success: return nil
        case .failure(let refusal): return refusal
        }
    }

    @Test func `credentials, end, rotation and port go along; the old port is closed and rests`() async throws
    {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            try await world.buy(for: world.alba)
            let bought = try await world.buy(for: world.alba, rotationMinutes: 5)[0]
            try await world.work(worker)
            let before = try #require(try await world.connection(bought, of: world.alba))
            let secret = try before.secret(openedBy: world.seal, tenant: world.alba.id)
            world.clock.advance(milliseconds: 1_000)

            #expect(try await switched(world, bought, to: world.alba.networks["BER"]!) == nil)
            try await world.work(worker)

            let after = try #require(try await world.connection(bought, of: world.alba))
            #expect(after.network.code == "BER" && after.gateway == world.alba.gateways["ber-1"])
            #expect(after.port == 102 && after.port == before.port, "its number was free there")
            #expect(after.username == before.username && after.expiresAt == before.expiresAt)
            #expect(after.rotationMinutes == 5 && after.rotationChoices == before.rotationChoices)
            #expect(try after.secret(openedBy: world.seal, tenant: world.alba.id) == secret)
            #expect(try world.works(after, of: world.alba))
            #expect(try !world.works(before, of: world.alba))
            #expect(try await world.states(world.alba, "ams-1") == [.assigned, .quarantined, .ready])
            #expect(try await world.states(world.alba, "ber-1") == [.ready, .assigned, .ready])

            let past: Statement = """
                SELECT count(*) FROM allocations p JOIN allocations l USING (tenant_id, subscription_id)
                WHERE p.subscription_id = \(bought) AND p.sequence = 1 AND l.sequence = 2 AND p.slot_id = \(before.slot)
                  AND p.released_at = l.allocated_at AND p.allocated_at < p.released_at AND l.released_at IS NULL
                """
            #expect(try await world.count(past) == 1)

            world.clock.advance(milliseconds: 3_600_000)
            try await world.work(worker)
            let slots = try await world.slots(world.alba, "ams-1")
            #expect(slots[1].state == .ready && slots[1].username != before.username)
        }
    }

    @Test func `another port is taken where the number is not free`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            try await world.buy(1, "BER", for: world.alba)
            let bought = try await world.buy(for: world.alba)[0]

            #expect(try await switched(world, bought, to: world.alba.networks["BER"]!) == nil)

            let connection = try #require(try await world.connection(bought, of: world.alba))
            #expect(connection.port == 102)
        }
    }

    @Test func `a full target changes nothing`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            try await world.buy(3, "BER", for: world.alba)
            let bought = try await world.buy(for: world.alba)[0]
            let before = try await world.connection(bought, of: world.alba)
            let slots = try await world.slots(world.alba) + world.slots(world.alba, "ber-1")

            #expect(try await switched(world, bought, to: world.alba.networks["BER"]!) == .soldOut)

            #expect(try await world.connection(bought, of: world.alba) == before)
            #expect(try await world.slots(world.alba) + world.slots(world.alba, "ber-1") == slots)
        }
    }

    @Test func `refusals come in their order`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            let bought = try await world.buy(for: world.alba)[0]
            let made: NetworkID = world.identifiers.next(at: world.now)
            let brios = world.brio.networks["BER"]!

            #expect(try await switched(world, bought, to: made) == .unknownNetwork(made))
            #expect(
                try await switched(world, bought, to: brios) == .unknownNetwork(brios),
                "another tenant's is unknown")
            #expect(try await switched(world, bought, to: world.alba.networks["AMS"]!) == .sameNetwork)
            #expect(try await switched(world, bought, to: world.alba.networks["OFF"]!) == .networkInactive)
            #expect(
                try await switched(world, bought, to: world.alba.networks["VIE"]!) == .networkOfAnotherType)
            #expect(try await switched(world, bought, to: brios, world.brio) == .noLiveConnection)
            world.clock.advance(days: 1)
            #expect(try await switched(world, bought, to: made) == .noLiveConnection)
            #expect(try await world.states(world.alba) == [.assigned, .ready, .ready])
        }
    }

    /// A renewal that waits for a switch must find the new slot, and not think that there is none.
    @Test func `a renewal that waits for a switch extends the new slot`() async throws {
        try await withDatabase { database in
            let world = try await World(database, connections: 3)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]
            let (moved, commit) = (Gate(), Gate())

            async let switching = world.change(world.alba) { connections, transaction in
                let result = try connections.switchNetwork(
                    to: world.alba.networks["BER"]!, tenant: world.alba.id, subscription: bought,
                    in: transaction)
                moved.open()
                commit.waitOnThread()
                return result
            }
            await moved.wait()
            async let renewing = world.renew(bought, of: world.alba)
            try await eventually("a renewal that waits") {
                try await world.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
                ) > 0
            }
            commit.open()
            _ = try await switching.get()

            #expect(try await renewing)
            try await world.work(worker)
            let connection = try #require(try await world.connection(bought, of: world.alba))
            #expect(connection.network.code == "BER")
            world.clock.advance(milliseconds: 86_400_000 + 1)
            #expect(try world.works(connection, of: world.alba), "the new gateway knows the new end")
        }
    }

    @Test func `many switches at once leave each subscription one port`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...110, connections: 6)
            let worker = world.makeWorker()
            try await world.work(worker)
            let inAmsterdam = try await world.buy(7, for: world.alba)
            let inBerlin = try await world.buy(7, "BER", for: world.alba)

            try await withThrowingTaskGroup(of: Void.self) { group in
                for (subscriptions, network) in [(inAmsterdam, "BER"), (inBerlin, "AMS")] {
                    for subscription in subscriptions {
                        group.addTask {
                            _ = try await switched(world, subscription, to: world.alba.networks[network]!)
                        }
                    }
                }
                group.addTask { _ = try await world.makeWorker().cycle(now: world.now) }
                try await group.waitForAll()
            }
            try await world.work(worker)

            for subscription in inAmsterdam + inBerlin {
                #expect(
                    try world.works(
                        try #require(try await world.connection(subscription, of: world.alba)), of: world.alba
                    ))
            }
        }
    }

    /// A claim passes over slots that others hold, so an empty one does not say that nothing is left.
    @Test func `a slot that somebody merely holds is not sold out`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...101, connections: 3)
            try await world.work()
            let bought = try await world.buy(for: world.alba)[0]
            let berlin = world.alba.networks["BER"]!
            let (held, release) = (Gate(), Gate())

            async let holding: Void = world.engine.transaction(tenant: nil) { transaction in
                let demand = SlotDemand(tenant: world.alba.id, network: berlin, count: 1)
                _ = try transaction.query(SlotStore.claim([demand]))
                held.open()
                release.waitOnThread()
            }
            await held.wait()
            let error = await #expect(throws: PostgresError.self) {
                _ = try await switched(world, bought, to: berlin)
            }
            #expect(error?.isTransient == true)
            release.open()
            try await holding

            #expect(try await switched(world, bought, to: berlin) == nil)
        }
    }
}
