import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Rest and re-use", .database)
struct RestTests {
    private let day: Int64 = 86_400_000
    private let grace: Int64 = 3_600_000
    private let hour: Int64 = 3_600_000

    @Test func `a released port rests for its hour and comes back with other credentials`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...101)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]
            try await world.work(worker)
            let before = try #require(try await world.connection(bought, of: world.alba))
            let old = try before.secret(openedBy: world.seal, tenant: world.alba.id)
            let released = world.now.milliseconds + day + grace

            world.clock.advance(milliseconds: day + grace)
            try await world.work(worker)
            world.clock.advance(milliseconds: hour - 1)
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.quarantined])
            await #expect(throws: SoldOut.self) { try await world.buy(for: world.alba) }
            world.clock.advance(milliseconds: 1)
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.ready])

            let again = try await world.buy(for: world.alba)[0]
            try await world.work(worker)
            let after = try #require(try await world.connection(again, of: world.alba))
            #expect(
                after.port == before.port && after.username != before.username && after.secretVersion == 2)
            #expect(try world.works(after, of: world.alba))
            let gateway = world.gateway(world.alba, "ams-1")
            #expect(
                !gateway.accepts(port: 101, username: before.username, password: old.password, at: world.now))
            #expect(!gateway.accepts(vlessUUID: old.vlessUUID, at: world.now))

            let history: Statement = """
                SELECT (extract(epoch FROM valid_until) * 1000)::bigint FROM credential_history
                WHERE tenant_id = 1 AND slot_id = \(before.slot) AND version = 1 AND username = \(before.username)
                """
            #expect(try await world.count(history) == released, "valid until the moment of its release")
        }
    }

    @Test func `ports that were never lent come first, then those that were released longest ago`()
        async throws
    {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...104)
            let worker = world.makeWorker()
            try await world.work(worker)
            // 101 lasts three days, 102 one, 103 two: released in the order 102, 103, 101. 104 is never lent.
            for days in [3, 1, 2] as [Int64] { try await world.buy(for: world.alba, days: days) }
            for _ in 0..<4 {
                world.clock.advance(days: 1)
                world.clock.advance(milliseconds: grace)
                try await world.work(worker)
            }
            world.clock.advance(milliseconds: hour)
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.ready, .ready, .ready, .ready])

            var ports: [Int32] = []
            for _ in 0..<4 {
                let bought = try await world.buy(for: world.alba)[0]
                ports.append(try #require(try await world.connection(bought, of: world.alba)).port)
            }
            #expect(ports == [104, 102, 103, 101])
        }
    }

    @Test func `a drain is waited for, and then the open connections are cut`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...101)
            var settings = WorkerSettings.quick
            settings.quarantine = Quarantine(drainMilliseconds: 30_000, restMilliseconds: 0)!
            let worker = world.makeWorker(settings: settings)
            try await world.work(worker)
            try await world.buy(for: world.alba)
            try await world.work(worker)
            let gateway = world.gateway(world.alba, "ams-1")
            #expect(gateway.use(port: 101, bytesUp: 1, bytesDown: 1, at: world.now))
            world.clock.advance(milliseconds: day + grace)

            _ = try await worker.cycle(now: world.now)
            #expect(try await world.states(world.alba) == [.draining])
            #expect(gateway.openConnections == 1)
            world.clock.advance(milliseconds: 29_999)
            _ = try await worker.cycle(now: world.now)
            #expect(try await world.states(world.alba) == [.draining])
            world.clock.advance(milliseconds: 1)
            _ = try await worker.cycle(now: world.now)
            #expect(try await world.states(world.alba) == [.quarantined])
            #expect(gateway.openConnections == 0)
        }
    }

    @Test func `a slot does not rest before its gateway has blocked it`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...101)
            let worker = world.makeWorker()
            try await world.work(worker)
            try await world.buy(for: world.alba)
            try await world.work(worker)
            world.gateway(world.alba, "ams-1").mood = .stalling
            world.clock.advance(milliseconds: day + grace)
            try await world.work(worker)
            world.clock.advance(milliseconds: 2 * hour)
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.draining])

            world.gateway(world.alba, "ams-1").mood = .willing
            world.clock.advance(milliseconds: 60_000)
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.quarantined])
        }
    }
}
