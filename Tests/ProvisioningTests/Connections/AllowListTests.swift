import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Addresses that need no login", .database)
struct AllowListTests {
    @Test(arguments: [
        ("192.0.2.1", true), ("0.0.0.0", true), ("255.255.255.255", true), ("10.0.0.1", true),
        ("01.2.3.4", false), ("1.2.3", false), ("1.2.3.4.5", false), ("1.2.3.256", false),
        ("1.2.3.4/32", false),
        (" 1.2.3.4", false), ("1.2.3.4 ", false), ("", false), ("::1", false), ("::ffff:1.2.3.4", false),
        ("1.2.3.-4", false), ("1.2.3.٤", false), ("1..2.3", false),
    ])
    func `an address is four plain numbers`(text: String, isOne: Bool) {
        #expect((SourceAddress(rawValue: text) != nil) == isOne)
    }

    @Test(arguments: [
        ("home", true), (String(repeating: "ö", count: 80), true), (String(repeating: "x", count: 81), false),
        ("", false), ("a\nb", false), ("a\u{7f}", false), (String(repeating: "e\u{301}", count: 41), false),
    ])
    func `a label is short text`(text: String, isOne: Bool) {
        #expect((SourceLabel(rawValue: text) != nil) == isOne)
    }

    private func source(_ number: Int, _ label: String? = nil) -> AllowedSource {
        AllowedSource(
            SourceAddress(rawValue: "192.0.2.\(number)")!, label: label.flatMap(SourceLabel.init(rawValue:)))
    }

    private func replace(
        _ sources: [AllowedSource], _ world: World, _ subscription: SubscriptionID, _ tenant: Tenant? = nil
    ) async throws -> Result<[AllowedSource], ConnectionRefusal> {
        let tenant = tenant ?? world.alba
        return try await world.change(tenant) { connections, transaction in
            try connections.replaceAllowList(
                with: sources, limit: 5, tenant: tenant.id, subscription: subscription, in: transaction)
        }
    }

    /// Whether each of the three gateways lets somebody in from the address.
    private func letIn(
        _ number: Int, _ world: World, _ subscription: SubscriptionID
    ) async throws -> Set<Bool> {
        Set(
            try await world.connections(subscription, of: world.alba).map { connection in
                world.fleet.simulated(tenant: world.alba.id, gateway: connection.gateway)
                    .accepts(port: connection.port, from: source(number).address, at: world.now)
            })
    }

    @Test func `a list is replaced as a whole, and every gateway is told`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buyWide(for: world.alba)
            let other = try await world.buyWide(for: world.brio)

            let first = try await replace(
                [source(1, "home"), source(2), source(1, "twice")], world, bought
            ).get()
            #expect(first == [source(1, "home"), source(2)])
            try await world.work(worker)
            #expect(try await letIn(1, world, bought) == [true])
            #expect(try await letIn(2, world, bought) == [true])
            #expect(try await letIn(3, world, bought) == [false])

            _ = try await replace([source(3), source(2, "work")], world, bought).get()
            try await world.work(worker)
            #expect(try await letIn(1, world, bought) == [false])
            #expect(try await letIn(3, world, bought) == [true])

            #expect(try await replace([], world, bought).get().isEmpty)
            try await world.work(worker)
            #expect(try await letIn(3, world, bought) == [false])
            _ = try await replace([source(9)], world, other, world.brio).get()
            #expect(try await letIn(9, world, bought) == [false])
        }
    }

    @Test func `too long a list, and one of nothing live, is refused and changes nothing`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            let bought = try await world.buy(for: world.alba)[0]
            _ = try await replace([source(1)], world, bought).get()
            let long = try await replace((1...6).map { source($0) }, world, bought)
            guard case .failure(.tooManySources(limit: 5)) = long else { throw Unexpected() }
            // The other tenant has no such subscription.
            guard case .failure(.noLiveConnection) = try await replace([], world, bought, world.brio) else {
                throw Unexpected()
            }
            world.clock.advance(days: 1)
            guard case .failure(.noLiveConnection) = try await replace([], world, bought) else {
                throw Unexpected()
            }
            #expect(try await world.count("SELECT count(*) FROM allowlist_entries") == 1)
        }
    }

    @Test func `two lists at once: one of them stands, not a mixture`() async throws {
        try await withDatabase { database in
            let world = try await World(database, connections: 4)
            try await world.work()
            let bought = try await world.buyWide(for: world.alba)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for start in [1, 11, 21, 31] {
                    group.addTask {
                        _ = try await replace((start..<start + 5).map { source($0) }, world, bought).get()
                    }
                }
                try await group.waitForAll()
            }
            let kept = try await world.count(
                "SELECT count(DISTINCT split_part(address, '.', 4)::integer / 10) FROM allowlist_entries")
            #expect(kept == 1)
            #expect(try await world.count("SELECT count(*) FROM allowlist_entries") == 5)
        }
    }

    private struct Unexpected: Error {}
}
