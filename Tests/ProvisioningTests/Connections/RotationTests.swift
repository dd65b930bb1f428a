import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Rotation", .database)
struct RotationTests {
    private let minute: Int64 = 60_000

    private func exit(_ world: World, _ subscription: SubscriptionID) async throws -> Int {
        let connection = try #require(try await world.connection(subscription, of: world.alba))
        return world.fleet.simulated(tenant: world.alba.id, gateway: connection.gateway).exit(
            of: connection.slot)
    }

    private func set(
        _ minutes: Int32, _ world: World, _ subscription: SubscriptionID
    ) async throws -> ConnectionRefusal? {
        let result = try await world.change(world.alba) { connections, transaction in
            try connections.setRotation(
                minutes: minutes, tenant: world.alba.id, subscription: subscription, in: transaction)
        }
        if case .failure(let refusal) = result { return refusal } else { return nil }
    }

    private func rotate(_ world: World, _ subscription: SubscriptionID) async throws -> ConnectionRefusal? {
        let result = try await world.change(world.alba) { connections, transaction in
            try connections.rotateNow(
                minIntervalMilliseconds: 10_000, tenant: world.alba.id, subscription: subscription,
                in: transaction)
        }
        if case .failure(let refusal) = result { return refusal } else { return nil }
    }

    @Test func `the exit changes when its minutes are over, until it is switched off`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]
            let still = try await world.buy(for: world.alba)[0]
            #expect(try await set(5, world, bought) == nil)

            world.clock.advance(milliseconds: 5 * minute - 1)
            try await world.work(worker)
            #expect(try await exit(world, bought) == 0)
            world.clock.advance(milliseconds: 1)
            try await world.work(worker)
            #expect(try await exit(world, bought) == 1)
            world.clock.advance(milliseconds: 5 * minute)
            try await world.work(worker)
            #expect(try await exit(world, bought) == 2)
            let connection = try #require(try await world.connection(bought, of: world.alba))
            #expect(connection.rotatedAt == world.now && connection.rotationMinutes == 5)

            #expect(try await set(0, world, bought) == nil)
            world.clock.advance(milliseconds: 60 * minute)
            try await world.work(worker)
            #expect(try await exit(world, bought) == 2)
            #expect(try await exit(world, still) == 0)
        }
    }

    @Test func `a plan sold without rotation has none`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            let without = try await world.buy(for: world.alba, choices: [])[0]
            let with = try await world.buy(for: world.alba, choices: [0, 5])[0]

            #expect(try await set(0, world, without) == .rotationNotAvailable)
            #expect(try await rotate(world, without) == .rotationNotAvailable)
            #expect(try await set(7, world, with) == .rotationNotAllowed(minutes: 7, choices: [0, 5]))
            world.clock.advance(days: 1)
            #expect(try await set(0, world, without) == .noLiveConnection)
            #expect(try await rotate(world, with) == .noLiveConnection)
        }
    }

    @Test func `asked for, it changes at once, but not twice within its interval`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]

            #expect(try await rotate(world, bought) == nil)
            world.clock.advance(milliseconds: 100)
            #expect(try await rotate(world, bought) == .tooSoon(retryAfterMilliseconds: 9_900))
            try await world.work(worker)
            #expect(try await exit(world, bought) == 1)
            world.clock.advance(milliseconds: minute)
            try await world.work(worker)
            #expect(try await exit(world, bought) == 1, "once was asked for, once it is done")
            #expect(try await rotate(world, bought) == nil)
        }
    }

    @Test func `two workers rotate once, and a gateway that fails is asked again`() async throws {
        try await withDatabase { database in
            let world = try await World(database, connections: 4)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba, rotationMinutes: 5)[0]
            try await world.work(worker)
            world.clock.advance(milliseconds: 5 * minute)

            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = try await world.makeWorker().cycle(now: world.now) } }
                try await group.waitForAll()
            }
            #expect(try await exit(world, bought) == 1)

            world.clock.advance(milliseconds: 5 * minute)
            world.gateway(world.alba, "ams-1").mood = .dead
            #expect(try await !worker.cycle(now: world.now).problems.isEmpty)
            world.gateway(world.alba, "ams-1").mood = .willing
            world.clock.advance(milliseconds: minute)
            try await world.work(worker)
            #expect(try await exit(world, bought) == 2)
        }
    }
}
