import Postgres
import Primitives
import Provisioning
import Synchronization
import TestSupport
import Testing

@Suite("Announcing changes of slots", .database)
struct SlotAnnouncerTests {
    /// A NOTIFY takes a lock of the whole database, through the flush of its transaction's commit.
    @Test func `no transaction that changes slots takes the lock of all notifications`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            let bought = try await world.buy(for: world.alba)[0]
            let listener = NotificationListener(
                database.configuration(), channels: [SlotStore.slotsChannel, "end"], logger: .quiet)
            defer { listener.close() }
            var events = listener.events().makeAsyncIterator()
            // It has begun to hear.
            _ = await events.next()

            try await world.buy(for: world.brio)
            #expect(try await world.renew(bought, of: world.alba))
            _ = try await world.change(world.alba) { connections, transaction in
                try connections.changeCredentials(
                    tenant: world.alba.id, subscription: bought, in: transaction)
            }.get()
            _ = try await world.change(world.alba) { connections, transaction in
                try connections.switchNetwork(
                    to: world.alba.networks["BER"]!, tenant: world.alba.id, subscription: bought,
                    in: transaction)
            }.get()
            try await world.execute("NOTIFY \"end\"")

            var heard: [String] = []
            while heard.last != "end", case .some(let event) = await events.next() {
                if case .notification(let channel, _) = event { heard.append(channel) }
            }
            #expect(heard == ["end"])
        }
    }

    @Test func `many changes at once become few notifications, and each wakes this process`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let woken = Mutex(0)
            let listener = NotificationListener(
                database.configuration(), channels: [SlotStore.slotsChannel], logger: .quiet)
            defer { listener.close() }
            let heard = Mutex(0)
            let listening = Task {
                for await event in listener.events() {
                    if case .notification = event { heard.withLock { $0 += 1 } }
                }
            }
            defer { listening.cancel() }
            let announcer = SlotAnnouncer(pool: world.door, pauseMilliseconds: 500, logger: .quiet) {
                woken.withLock { $0 += 1 }
            }
            // The listener may only now begin to hear.
            try await eventually("a first notification") {
                announcer.slotsChanged()
                return heard.withLock { $0 } > 0
            }
            let before = (woken.withLock { $0 }, heard.withLock { $0 })

            for _ in 0..<1_000 { announcer.slotsChanged() }
            #expect(woken.withLock { $0 } == before.0 + 1_000)
            try await eventually("one more, for the last change") { heard.withLock { $0 } > before.1 }
            #expect(heard.withLock { $0 } <= before.1 + 2)
        }
    }

    @Test func `whoever tells of a change does not notice that the database is away`() async throws {
        try await withDatabase { database in
            let pool = database.pool(.door)
            await pool.close()
            let woken = Mutex(0)
            let announcer = SlotAnnouncer(pool: pool, logger: .quiet) { woken.withLock { $0 += 1 } }
            for _ in 0..<3 { announcer.slotsChanged() }
            #expect(woken.withLock { $0 } == 3)
        }
    }
}
