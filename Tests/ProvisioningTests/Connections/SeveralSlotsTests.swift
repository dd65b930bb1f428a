import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Several slots of one subscription", .database)
struct SeveralSlotsTests {
    private let day: Int64 = 86_400_000
    private let grace: Int64 = 3_600_000
    private let gateways = ["ams-1", "ber-1", "vie-1"]

    private func states(_ world: World) async throws -> [SlotState] {
        var states: [SlotState] = []
        for gateway in gateways { states.append(try await world.states(world.alba, gateway)[0]) }
        return states
    }

    @Test func `one login opens all of them, and a change renews it everywhere`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buyWide(for: world.alba)
            try await world.work(worker)

            var known = try await world.connections(bought, of: world.alba)
            #expect(known.count == 3 && Set(known.map(\.username)).count == 1)
            for connection in known { #expect(try world.works(connection, of: world.alba)) }
            for part in [CredentialPart.secret, .login] {
                let former = known
                let changed = try await world.change(world.alba) { connections, transaction in
                    try connections.changeCredentials(
                        renewing: part, tenant: world.alba.id, subscription: bought, in: transaction)
                }.get()
                try await world.work(worker)
                known = try await world.connections(bought, of: world.alba)

                #expect((changed.username == former[0].username) == (part == .secret))
                for (old, new) in zip(former, known) {
                    #expect(new.username == changed.username && new.slot == old.slot)
                    #expect(try new.secret(openedBy: world.seal, tenant: world.alba.id) == changed.secret)
                    #expect(try world.works(new, of: world.alba))
                    #expect(try !world.works(old, of: world.alba), "the old login still opens \(old.host)")
                }
            }
            #expect(try await world.count("SELECT count(*) FROM credential_history WHERE tenant_id = 1") == 6)
        }
    }

    @Test func `rotation is set and asked for on all of them; a move to another network is refused`()
        async throws
    {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buyWide(for: world.alba)
            let tenant = world.alba
            _ = try await world.change(tenant) { connections, transaction in
                try connections.setRotation(
                    minutes: 5, tenant: tenant.id, subscription: bought, in: transaction)
            }.get()
            try await world.work(worker)
            world.clock.advance(milliseconds: 5 * 60_000)
            try await world.work(worker)
            let connections = try await world.connections(bought, of: tenant)
            #expect(connections.map(\.rotationMinutes) == [5, 5, 5])
            func exits() -> [Int] {
                zip(gateways, connections).map { world.gateway(tenant, $0).exit(of: $1.slot) }
            }
            #expect(exits() == [1, 1, 1])
            _ = try await world.change(tenant) { connections, transaction in
                try connections.rotateNow(
                    minIntervalMilliseconds: 0, tenant: tenant.id, subscription: bought, in: transaction)
            }.get()
            try await world.work(worker)
            #expect(exits() == [2, 2, 2])

            let moved = try await world.change(tenant) { connections, transaction in
                try connections.switchNetwork(
                    to: tenant.networks["BER"]!, tenant: tenant.id, subscription: bought, in: transaction)
            }
            guard case .failure(.severalSlots) = moved else { throw Unexpected() }
        }
    }

    @Test func `a renewal extends all of them, and two workers at once take all of them back once`()
        async throws
    {
        try await withDatabase { database in
            let world = try await World(database, connections: 4)
            let workers = [world.makeWorker(), world.makeWorker()]
            try await world.work(workers[0])
            let bought = try await world.buyWide(for: world.alba)
            #expect(try await world.renew(bought, of: world.alba))
            world.clock.advance(milliseconds: day + grace)
            try await world.work(workers[0])
            #expect(try await states(world) == [.assigned, .assigned, .assigned])

            world.clock.advance(milliseconds: day)
            async let first = workers[0].cycle(now: world.now)
            async let second = workers[1].cycle(now: world.now)
            let reports = try await [first, second]
            #expect(reports.map(\.released).reduce(0, +) == 3)
            try await world.work(workers[0])
            #expect(try await states(world) == [.quarantined, .quarantined, .quarantined])
            #expect(try await world.connections(bought, of: world.alba).isEmpty)
        }
    }

    /// Somebody has one of three slots in hand: the worker takes none rather than two.
    @Test func `where one of them is locked none is taken back`() async throws {
        try await withDatabase { database in
            let world = try await World(database, connections: 3)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buyWide(for: world.alba)
            world.clock.advance(milliseconds: day + grace)
            let (locked, release) = (Gate(), Gate())
            let tenant = world.alba
            async let held: Void = world.engine.transaction(tenant: nil) { transaction in
                _ = try transaction.query(
                    """
                    SELECT FROM allocations
                    WHERE tenant_id = \(tenant.id) AND subscription_id = \(bought) AND sequence = 2 FOR UPDATE
                    """)
                locked.open()
                release.waitOnThread()
            }
            await locked.wait()
            let report = try await worker.cycle(now: world.now)
            #expect(report.released == 0)
            #expect(try await states(world) == [.assigned, .assigned, .assigned])
            release.open()
            try await held
            #expect(try await world.work(worker).map(\.released).reduce(0, +) == 3)
        }
    }

    private struct Unexpected: Error {}
}
