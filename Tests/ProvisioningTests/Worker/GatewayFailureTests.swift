import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Gateways that fail", .database)
struct GatewayFailureTests {
    private static let moods: [SimulatedDriver.Mood] = [
        .refusing("full"), .stalling, .dead, .dyingAfterwards,
    ]

    @Test(arguments: moods)
    func `one that fails is recorded and tried again, the others go on`(
        _ mood: SimulatedDriver.Mood
    ) async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]
            let elsewhere = try await world.buy(for: world.brio)[0]
            let gateway = world.gateway(world.alba, "ams-1")
            gateway.mood = mood

            let report = try await worker.cycle(now: world.now)

            #expect(report.problems.count == 1)
            #expect(
                try await world.count(
                    "SELECT count(*) FROM gateway_states WHERE NOT healthy AND problem <> ''") == 1)
            #expect(
                try world.works(
                    try #require(try await world.connection(elsewhere, of: world.brio)), of: world.brio))
            #expect(
                try await worker.cycle(now: world.now).problems.isEmpty,
                "it is not asked before its wait is over")

            gateway.mood = .willing
            world.clock.advance(milliseconds: 1_000)
            try await world.work(worker)
            #expect(
                try await world.count(
                    "SELECT count(*) FROM gateway_states WHERE NOT healthy OR problem IS NOT NULL") == 0)
            #expect(
                try world.works(
                    try #require(try await world.connection(bought, of: world.alba)), of: world.alba))
        }
    }

    @Test func `one that lost its memory is told everything again`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]
            try await world.work(worker)
            let connection = try #require(try await world.connection(bought, of: world.alba))
            let gateway = world.gateway(world.alba, "ams-1")

            gateway.restart()
            try await world.work(world.makeWorker())
            #expect(try world.works(connection, of: world.alba), "a worker that starts asks every gateway")

            gateway.restart()
            world.clock.advance(milliseconds: 60_000)
            try await world.work(worker)
            #expect(try world.works(connection, of: world.alba), "one that runs asks every minute")

            gateway.restart()
            try await world.buy(for: world.alba)
            try await world.work(worker)
            #expect(try world.works(connection, of: world.alba), "a change that does not fit tells at once")
            #expect(gateway.desired?.slots.count == 3)
        }
    }

    /// A gateway that knows version 40 would take no notice of version 12.
    @Test func `one that is ahead of a restored database follows it again`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            for _ in 0..<2 {
                try await world.buy(1, "BER", for: world.alba)
                try await world.work()
            }
            try await world.execute("UPDATE slots SET revision = 1 WHERE tenant_id = 1")
            try await world.execute("UPDATE gateways SET desired_version = 1 WHERE tenant_id = 1")
            try await world.execute("UPDATE gateway_states SET applied_version = 1 WHERE tenant_id = 1")
            let bought = try await world.buy(1, "BER", for: world.alba)[0]

            try await world.work()

            #expect(
                try world.works(
                    try #require(try await world.connection(bought, of: world.alba)), of: world.alba))
        }
    }

    @Test func `a secret that does not open is never sold, and is made anew`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            world.gateway(world.alba, "ams-1").mood = .refusing("not yet")
            _ = try await worker.cycle(now: world.now)
            try await world.execute(
                """
                UPDATE slots SET secret = set_byte(secret, 20, get_byte(secret, 20) # 1)
                WHERE tenant_id = 1 AND gateway_id = \(world.alba.gateways["ams-1"]) AND port = 102
                """
            )
            world.gateway(world.alba, "ams-1").mood = .willing
            world.clock.advance(milliseconds: 1_000)

            let report = try await worker.cycle(now: world.now)
            #expect(try await world.states(world.alba) == [.ready, .held, .ready])
            #expect(report.problems.count == 1)
            try await world.work(worker)

            let slots = try await world.slots(world.alba)
            #expect(slots.map(\.state) == [.ready, .ready, .ready])
            #expect(slots.map(\.version) == [1, 2, 1])
            #expect(
                try await world.count("SELECT count(*) FROM gateway_states WHERE problem IS NOT NULL") == 0)
        }
    }
}
