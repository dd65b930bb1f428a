import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Stock", .database)
struct StockTests {
    @Test func `each port of each active gateway gets a slot that its gateway knows, blocked`() async throws {
        try await withDatabase { database in
            let world = try await World(database)

            try await world.work()

            for tenant in world.tenants {
                for name in tenant.gateways.keys {
                    #expect(
                        try await world.slots(tenant, name).map(\.port) == [101, 102, 103],
                        "\(tenant.slug) \(name)")
                    #expect(try await world.states(tenant, name) == [.ready, .ready, .ready])
                    let desired = try #require(world.gateway(tenant, name).desired)
                    #expect(desired.slots.values.allSatisfy { $0.access == .blocked })
                    #expect(desired.slots.count == 3)
                }
            }
        }
    }

    /// Alba and Brio both have an `ams-1` with a port 101: they share a name and nothing else.
    @Test func `two tenants with the same gateway names keep to their own`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()

            let bought = try await world.buy(for: world.alba)[0]
            try await world.work()
            let connection = try #require(try await world.connection(bought, of: world.alba))
            let secret = try connection.secret(openedBy: world.seal, tenant: world.alba.id)

            #expect(try world.works(connection, of: world.alba))
            #expect(
                !world.gateway(world.brio, "ams-1").accepts(
                    port: connection.port, username: connection.username, password: secret.password,
                    at: world.now)
            )
            #expect(try await world.states(world.brio) == [.ready, .ready, .ready])
            #expect(try await world.connection(bought, of: world.brio) == nil)
        }
    }

    @Test func `nothing is for sale before the gateway knows it`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            world.gateway(world.alba, "ams-1").mood = .refusing("full")

            try await world.work()
            #expect(try await world.states(world.alba) == [.held, .held, .held])
            #expect(try await world.states(world.brio) == [.ready, .ready, .ready])
            await #expect(throws: SoldOut.self) { try await world.buy(for: world.alba) }

            world.gateway(world.alba, "ams-1").mood = .willing
            world.clock.advance(milliseconds: 5_000)
            try await world.work()
            #expect(try await world.states(world.alba) == [.ready, .ready, .ready])
        }
    }

    @Test func `a range that grows gets the new ports, one that shrinks retires the free ones`() async throws
    {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let lent = try await world.buy(2, for: world.alba)

            try await world.execute(
                "UPDATE gateways SET first_port = 102, last_port = 105 WHERE tenant_id = 1 AND name = 'ams-1'"
            )
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.assigned, .assigned, .ready, .ready, .ready])

            try await world.execute(
                "UPDATE gateways SET first_port = 102, last_port = 103 WHERE tenant_id = 1 AND name = 'ams-1'"
            )
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.assigned, .assigned, .ready, .retired, .retired])
            let gone = try #require(world.gateway(world.alba, "ams-1").desired).slots.values.filter {
                $0.access == .absent
            }
            #expect(gone.map(\.port).sorted() == [104, 105])

            world.clock.advance(days: 2)
            try await world.work(worker)
            world.clock.advance(milliseconds: 3_600_000)
            try await world.work(worker)
            #expect(
                try await world.states(world.alba) == [.retired, .ready, .ready, .retired, .retired],
                "\(lent.count) came back")
        }
    }

    @Test func `a port that is offered again comes back with new credentials`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            let before = try await world.slots(world.alba)
            try await world.execute(
                "UPDATE gateways SET last_port = 102 WHERE tenant_id = 1 AND name = 'ams-1'")
            try await world.work()
            try await world.execute(
                "UPDATE gateways SET last_port = 103 WHERE tenant_id = 1 AND name = 'ams-1'")
            try await world.work()

            let after = try await world.slots(world.alba)
            #expect(after.map(\.state) == [.ready, .ready, .ready])
            #expect(
                after[2].id == before[2].id && after[2].username != before[2].username
                    && after[2].version == 2)
            #expect(after[0] == before[0])
        }
    }

    @Test func `an inactive gateway goes off sale, serves who has paid, and comes back`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]

            try await world.execute(
                "UPDATE gateways SET active = false WHERE tenant_id = 1 AND name = 'ams-1'")
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.assigned, .held, .held])
            let connection = try #require(try await world.connection(bought, of: world.alba))
            #expect(try world.works(connection, of: world.alba))

            try await world.execute(
                "UPDATE gateways SET active = true WHERE tenant_id = 1 AND name = 'ams-1'")
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.assigned, .ready, .ready])
        }
    }

    @Test func `two workers at once make one stock`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 1001...1500, connections: 6)
            var settings = WorkerSettings.quick
            settings.batch = 50
            let workers = (0..<3).map { _ in world.makeWorker(settings: settings) }

            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in workers { group.addTask { try await world.work(worker) } }
                try await group.waitForAll()
            }
            try await world.work()

            for tenant in world.tenants {
                let slots = try await world.slots(tenant)
                let isComplete = slots.map(\.port) == Array(1001...1500)
                #expect(isComplete)
                #expect(slots.allSatisfy { $0.state == .ready })
                #expect(Set(slots.map(\.username)).count == 500)
            }
        }
    }

    @Test func `thirty thousand slots are made ready`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...103)
            try await world.execute(
                "UPDATE gateways SET first_port = 30001, last_port = 60000 WHERE tenant_id = 1 AND name = 'ams-1'"
            )

            // One pass on a quiet machine; beside the whole suite one was seen to fall short (docs/known-gaps.md).
            try await eventually("thirty thousand ready slots") {
                try await world.work()
                return try await world.count(
                    "SELECT count(*) FROM slots WHERE tenant_id = 1 AND state = 'ready' AND port > 30000")
                    == 30_000
            }
            #expect(world.gateway(world.alba, "ams-1").desired?.slots.count == 30_000)
        }
    }
}
