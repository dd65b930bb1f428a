import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Provisioning

@Suite("A worker that runs", .database)
struct RunningWorkerTests {
    /// With an hour between polls only a notification can be what woke it.
    @Test func `a purchase in another process wakes it, and it stops when told`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            var settings = WorkerSettings.quick
            settings.pollMilliseconds = 3_600_000
            let listener = NotificationListener(
                database.configuration(), channels: ProvisioningWorker.channels, logger: .quiet)
            defer { listener.close() }
            let worker = ProvisioningWorker(
                pool: world.worker, fleet: world.fleet, ending: world.ending, seal: world.seal,
                clock: world.clock,
                random: world.random,
                identifiers: world.identifiers, settings: settings, listener: listener, logger: .quiet
            )
            let running = Task { await worker.run() }
            try await eventually("stock") { try await world.states(world.alba) == [.ready, .ready, .ready] }
            // The listener may only now begin to hear; what it missed it makes up for when it connects.
            let bought = try await world.buy(for: world.alba)[0]
            let connection = try #require(try await world.connection(bought, of: world.alba))
            SlotAnnouncer(pool: world.door, logger: .quiet).slotsChanged()

            try await eventually("an open port") { try world.works(connection, of: world.alba) }
            worker.stop()
            await running.value
        }
    }

    @Test func `a wake-up in this process is enough`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            var settings = WorkerSettings.quick
            settings.pollMilliseconds = 3_600_000
            let worker = world.makeWorker(settings: settings)
            let running = Task { await worker.run() }
            try await eventually("stock") { try await world.states(world.alba) == [.ready, .ready, .ready] }
            let bought = try await world.buy(for: world.alba)[0]
            let connection = try #require(try await world.connection(bought, of: world.alba))

            worker.wake()
            try await eventually("an open port") { try world.works(connection, of: world.alba) }
            running.cancel()
            worker.wake()
            await running.value
        }
    }
}

@Suite("Deadlines and wake-ups")
struct DeadlineTests {
    @Test func `whoever does not answer is given up`() async {
        await #expect(throws: GatewayProblem.unreachable("no answer within 20 ms")) {
            try await Deadline.within(milliseconds: 20) {
                while true {
                    try? await Task.sleep(for: .seconds(1)); await Task.yield();
                    if Task.isCancelled { return }
                }
            }
        }
    }

    @Test func `an answer in time is the answer, a refusal too`() async throws {
        #expect(try await Deadline.within(milliseconds: 10_000) { 7 } == 7)
        await #expect(throws: GatewayProblem.refused("no")) {
            try await Deadline.within(milliseconds: 10_000) { throw GatewayProblem.refused("no") }
        }
    }

    @Test func `a wake-up before the sleep spares it`() async {
        let signal = WakeSignal()
        signal.wake()
        signal.wake()
        await signal.sleep(atMostMilliseconds: 3_600_000)
        let sleeping = Task { await signal.sleep(atMostMilliseconds: 3_600_000) }
        sleeping.cancel()
        await sleeping.value
        await signal.sleep(atMostMilliseconds: 1)
    }
}
