import Postgres
import Primitives
import TestSupport
import Testing

@testable import Provisioning

@Suite("Expiry", .database)
struct ExpiryTests {
    private let day: Int64 = 86_400_000
    private let grace: Int64 = 3_600_000

    @Test func `the gateway closes at the end, the slot leaves after the grace`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]
            try await world.work(worker)
            let connection = try #require(try await world.connection(bought, of: world.alba))

            world.clock.advance(milliseconds: day - 1)
            #expect(try world.works(connection, of: world.alba))
            world.clock.advance(milliseconds: 1)
            #expect(try !world.works(connection, of: world.alba), "nobody told the gateway")
            world.clock.advance(milliseconds: grace - 1)
            try await world.work(worker)
            #expect(try await world.states(world.alba) == [.assigned, .ready, .ready])
            world.clock.advance(milliseconds: 1)
            let reports = try await world.work(worker)

            #expect(reports[0].released == 1 && reports[0].quarantined == 1)
            #expect(try await world.states(world.alba) == [.quarantined, .ready, .ready])
            #expect(try await world.connection(bought, of: world.alba) == nil)
            #expect(try await !world.renew(bought, of: world.alba), "nothing is left to renew")
        }
    }

    @Test func `a renewal within the grace gets the same port and opens it again`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]
            world.clock.advance(milliseconds: day + grace - 1)
            try await world.work(worker)

            #expect(try await world.renew(bought, of: world.alba))
            try await world.work(worker)
            world.clock.advance(milliseconds: 1)
            try await world.work(worker)

            let connection = try #require(try await world.connection(bought, of: world.alba))
            #expect(connection.port == 101)
            #expect(try world.works(connection, of: world.alba))
        }
    }

    /// The worker must neither wait for the renewal nor take the slot away under it.
    @Test func `a renewal under way keeps its slot`() async throws {
        try await withDatabase { database in
            let world = try await World(database, connections: 3)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(2, for: world.alba)
            world.clock.advance(milliseconds: day + grace)
            let (locked, release) = (Gate(), Gate())

            async let renewed = world.renew(bought[0], of: world.alba) {
                locked.open()
                release.waitOnThread()
            }
            await locked.wait()
            let report = try await worker.cycle(now: world.now)
            release.open()

            #expect(try await renewed)
            #expect(report.released == 1, "the neighbour is not kept waiting")
            try await world.work(worker)
            #expect(try await world.connection(bought[0], of: world.alba) != nil)
            #expect(try await world.connection(bought[1], of: world.alba) == nil)
        }
    }

    @Test func `renewals and expiry at once never leave half of either`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...160, connections: 4)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(60, for: world.alba)
            world.clock.advance(milliseconds: day + grace)

            let renewed = try await withThrowingTaskGroup(of: (SubscriptionID, Bool).self) { group in
                for subscription in bought {
                    group.addTask { (subscription, try await world.renew(subscription, of: world.alba)) }
                }
                group.addTask {
                    _ = try await world.makeWorker().cycle(now: world.now)
                    return (bought[0], false)
                }
                var renewed: Set<SubscriptionID> = []
                for try await (subscription, isRenewed) in group where isRenewed {
                    renewed.insert(subscription)
                }
                return renewed
            }

            for subscription in bought {
                let connection = try await world.connection(subscription, of: world.alba)
                #expect((connection != nil) == renewed.contains(subscription))
            }
        }
    }

    /// A constraint that only one row breaks stands for whatever may be wrong with one row.
    @Test func `one poisoned row stops nobody else, and is tried again later`() async throws {
        try await withDatabase { database in
            let world = try await World(database, ports: 101...110)
            let worker = world.makeWorker()
            try await world.work(worker)
            try await world.buy(10, for: world.alba)
            try await world.buy(2, for: world.brio)
            try await world.execute(
                "ALTER TABLE slots ADD CONSTRAINT poison CHECK (NOT (tenant_id = 1 AND port = 104 AND state = 'draining'))"
            )
            world.clock.advance(milliseconds: day + grace)

            let report = try await worker.cycle(now: world.now)
            #expect(report.released == 11)
            #expect(report.problems.count == 1)
            #expect(try await world.states(world.alba).filter { $0 == .assigned }.count == 1)
            #expect(try await worker.cycle(now: world.now).problems.isEmpty, "it is left alone for a while")

            try await world.execute("ALTER TABLE slots DROP CONSTRAINT poison")
            world.clock.advance(milliseconds: 60_000)
            #expect(try await worker.cycle(now: world.now).released == 1)
            #expect(await worker.memory.parked.isEmpty, "nothing is remembered of a row that went through")
        }
    }
}
