import Postgres
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("The catalogue's cache", .database)
struct CatalogueCacheTests {
    /// A cache that hears notifications, and what follows them.
    private func hearing(
        _ tenants: DoorTenants
    ) async throws -> (CatalogueCache, NotificationListener, Task<Void, Never>) {
        let cache = CatalogueCache(
            pool: tenants.database.pool(.door), pollMilliseconds: 3_600_000, deafMilliseconds: 3_600_000,
            logger: .quiet)
        let listener = NotificationListener(
            tenants.database.configuration(role: .door), channels: [CatalogueCache.channel], logger: .quiet)
        let task = Task { await cache.follow(listener.events()) }
        try await eventually("the cache to hear") { cache.isHearing }
        return (cache, listener, task)
    }

    private func rename(
        _ tenant: DoorTenant, _ name: String, _ tenants: DoorTenants, notify: String?
    ) async throws {
        try await tenants.execute("UPDATE tenants SET name = \(name) WHERE id = \(tenant.id)")
        if let notify { try await tenants.execute("SELECT pg_notify('tollgate_catalogue', \(notify))") }
    }

    @Test func `a snapshot stands until a change is notified`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let (cache, listener, task) = try await hearing(tenants)
        #expect(try await cache.catalogue(of: tenants.alba.id).tenant.name == "alba")

        try await rename(tenants.alba, "Alba & Co", tenants, notify: nil)
        #expect(try await cache.catalogue(of: tenants.alba.id).tenant.name == "alba")

        try await rename(tenants.alba, "Alba Ltd", tenants, notify: "")
        try await eventually { try await cache.catalogue(of: tenants.alba.id).tenant.name == "Alba Ltd" }
        listener.close()
        await task.value
    }

    @Test func `a change of one tenant leaves the other's snapshot alone`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let (cache, listener, task) = try await hearing(tenants)
        _ = try await cache.catalogue(of: tenants.alba.id)
        _ = try await cache.catalogue(of: tenants.brio.id)

        try await rename(tenants.brio, "Brio 2", tenants, notify: nil)
        try await rename(tenants.alba, "Alba 2", tenants, notify: "\(tenants.alba.id)")
        try await eventually { try await cache.catalogue(of: tenants.alba.id).tenant.name == "Alba 2" }
        #expect(try await cache.catalogue(of: tenants.brio.id).tenant.name == "brio")
        listener.close()
        await task.value
    }

    @Test func `what nobody can hear of is read again before use`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let cache = CatalogueCache(pool: tenants.database.pool(.door), deafMilliseconds: 0, logger: .quiet)
        #expect(try await cache.catalogue(of: tenants.alba.id).tenant.name == "alba")
        try await rename(tenants.alba, "Alba & Co", tenants, notify: nil)
        #expect(try await cache.catalogue(of: tenants.alba.id).tenant.name == "Alba & Co")
    }

    @Test func `while the database is away the last known doors stand, and nothing is sold from memory`()
        async throws
    {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let pool = tenants.database.pool(.door)
        let cache = CatalogueCache(pool: pool, deafMilliseconds: 0, logger: .quiet)
        _ = try await cache.tenants()
        _ = try await cache.catalogue(of: tenants.alba.id)
        await pool.close()
        #expect(try await cache.tenants().tenants.map(\.slug) == ["alba", "brio"])
        await #expect(throws: PoolError.self) { try await cache.catalogue(of: tenants.alba.id) }
    }

    @Test func `a closed tenant has no catalogue`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let cache = CatalogueCache(pool: tenants.database.pool(.door), deafMilliseconds: 0, logger: .quiet)
        try await tenants.execute("UPDATE tenants SET active = false WHERE id = 1")
        await #expect(throws: TenantUnknown(tenant: tenants.alba.id)) {
            try await cache.catalogue(of: tenants.alba.id)
        }
        #expect(try await cache.tenants().tenants.map(\.slug) == ["brio"])
    }
}

@Suite("Snapshots")
struct SnapshotTests {
    @Test func `those who ask at once wait for one read`() async throws {
        let reads = Tally()
        let gate = AsyncStream.makeStream(of: Void.self)
        let snapshot = Snapshot(Freshness(heard: 3_600_000, deaf: 3_600_000)) {
            let number = reads.add()
            for await _ in gate.stream { break }
            return number
        }
        async let first = snapshot.current()
        async let second = snapshot.current()
        // Whatever goes wrong, nobody is left waiting at the gate.
        defer { gate.continuation.finish() }
        try await eventually { reads.count == 1 }
        gate.continuation.yield()
        #expect(try await [first, second] == [1, 1])
    }

    @Test func `a read that a change has overtaken is not what later callers get`() async throws {
        let value = Mutex("old")
        let begun = Tally()
        let gate = AsyncStream.makeStream(of: Void.self)
        let snapshot = Snapshot(Freshness(heard: 3_600_000, deaf: 3_600_000)) {
            let seen = value.withLock { $0 }
            if begun.add() == 1 { for await _ in gate.stream { break } }
            return seen
        }
        async let early = snapshot.current()
        defer { gate.continuation.finish() }
        try await eventually { begun.count == 1 }
        value.withLock { $0 = "new" }
        snapshot.invalidate()

        #expect(try await snapshot.current() == "new")
        gate.continuation.yield()
        #expect(try await early == "old")
        #expect(try await snapshot.current() == "new")
    }

    @Test func `a read that fails is tried again by the next caller`() async throws {
        struct Broken: Error {}
        let reads = Tally()
        let snapshot = Snapshot(Freshness(heard: 3_600_000, deaf: 3_600_000)) {
            if reads.add() == 1 { throw Broken() }
            return "read"
        }
        await #expect(throws: Broken.self) { try await snapshot.current() }
        #expect(try await snapshot.current() == "read")
    }

    @Test func `a read that hangs is not waited for where there is something to go on with`() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let reads = Tally()
        let snapshot = Snapshot(Freshness(heard: 0, deaf: -1)) {
            if reads.add() > 1 { for await _ in gate.stream { break } }
            return reads.count
        }
        #expect(try await snapshot.current(waiting: .milliseconds(1)) == 1)
        #expect(try await snapshot.current(waiting: .milliseconds(1)) == 1)
        gate.continuation.yield()
        #expect(try await snapshot.current() == 2)
    }

    @Test func `an old snapshot serves while it is refreshed, but not for ever, and not unheard`() {
        let freshness = Freshness(heard: 1_000, deaf: 10)
        #expect(freshness.use(atAge: .milliseconds(10)) == .asItIs)
        #expect(freshness.use(atAge: .milliseconds(11)) == .notAnyMore)
        freshness.setHearing(true)
        #expect(freshness.use(atAge: .milliseconds(1_000)) == .asItIs)
        #expect(freshness.use(atAge: .milliseconds(1_001)) == .whileRefreshing)
        #expect(freshness.use(atAge: .milliseconds(4_001)) == .notAnyMore)
    }
}
