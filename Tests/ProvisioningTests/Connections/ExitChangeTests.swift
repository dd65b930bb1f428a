import Catalog
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Changing an exit", .database)
struct ExitChangeTests {
    private let minute: Int64 = 60_000
    private let nl = ExitCountry(rawValue: "nl")!
    private let us = ExitCountry(rawValue: "us")!

    private func set(
        country: ExitCountry, _ world: World, _ bought: SubscriptionID
    ) async throws -> Result<Exit, ConnectionRefusal> {
        try await world.change(world.alba) { connections, transaction in
            try connections.setExit(
                country: country, tenant: world.alba.id, subscription: bought, in: transaction)
        }
    }

    private func set(
        rotation: ExitRotation, _ world: World, _ bought: SubscriptionID
    ) async throws -> Result<Exit, ConnectionRefusal> {
        try await world.change(world.alba) { connections, transaction in
            try connections.setExit(
                rotation: rotation, tenant: world.alba.id, subscription: bought, in: transaction)
        }
    }

    private func refusal(_ result: Result<Exit, ConnectionRefusal>) -> ConnectionRefusal? {
        if case .failure(let refusal) = result { refusal } else { nil }
    }

    /// What each of the subscription's gateways is told of it.
    private func desired(_ world: World, _ bought: SubscriptionID) async throws -> [DesiredSlot] {
        try await world.connections(bought, of: world.alba).compactMap { connection in
            world.fleet.simulated(tenant: world.alba.id, gateway: connection.gateway).desired?
                .slots[connection.slot]
        }
    }

    @Test func `country and rotation are told to every gateway, and the worker rotates all of them`()
        async throws
    {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buyWide(for: world.alba)
            #expect(
                try await set(country: nl, world, bought).get() == Exit(country: nl, rotation: .perConnection)
            )
            #expect(
                try await set(rotation: .every(minutes: 5), world, bought).get()
                    == Exit(country: nl, rotation: .every(minutes: 5)))
            try await world.work(worker)
            let told = try await desired(world, bought)
            #expect(told.count == 3)
            #expect(Set(told.map(\.exit)) == [Exit(country: nl, rotation: .every(minutes: 5))])
            #expect(Set(told.map(\.rotationMinutes)) == [5] && Set(told.map(\.threads)) == [2])

            func exits() -> [Int] {
                zip(["ams-1", "ber-1", "vie-1"], told.map(\.slot)).map {
                    world.gateway(world.alba, $0).exit(of: $1)
                }
            }
            world.clock.advance(milliseconds: 5 * minute)
            try await world.work(worker)
            #expect(exits() == [1, 1, 1])
            _ = try await set(rotation: .perConnection, world, bought).get()
            world.clock.advance(milliseconds: 60 * minute)
            try await world.work(worker)
            #expect(exits() == [1, 1, 1], "nobody but the connections changes it now")
            #expect(Set(try await desired(world, bought).map(\.rotationMinutes)) == [0])
        }
    }

    @Test func `what the plan does not offer is refused, and nothing is touched`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buyWide(for: world.alba)
            let plain = try await world.buy(for: world.alba)[0]
            let theirs = try await world.buyWide(for: world.brio)
            try await world.work(worker)
            let versions: Statement = "SELECT sum(desired_version)::bigint FROM gateways"
            let before = try await world.count(versions)

            #expect(refusal(try await set(country: us, world, bought)) == .exitCountryNotOffered(us))
            let weekly = ExitRotation.every(minutes: 10_080)
            #expect(
                refusal(try await set(rotation: weekly, world, bought)) == .exitRotationNotOffered(weekly))
            #expect(refusal(try await set(country: us, world, plain)) == .exitNotChangeable)
            #expect(refusal(try await set(country: nl, world, theirs)) == .noLiveConnection)
            world.clock.advance(days: 1)
            #expect(refusal(try await set(country: us, world, bought)) == .noLiveConnection)
            #expect(try await world.count(versions) == before)
            #expect(
                try await world.count("SELECT count(*) FROM subscriptions WHERE exit_country IS NOT NULL")
                    == 0)
        }
    }
}
