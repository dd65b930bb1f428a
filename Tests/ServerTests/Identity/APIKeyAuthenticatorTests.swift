import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("API keys", .database)
struct APIKeyAuthenticatorTests {
    private let proxaro = TinyDialect.name
    private let other = DialectName(rawValue: "opproxy")

    private func draft(_ tenant: DoorTenant) -> APIKeys.Draft {
        APIKeys.Draft(
            tenant: tenant.id, customer: tenant.customer, dialect: TinyDialect.name, form: TinyDialect.form)
    }

    private func keys(_ tenants: DoorTenants) -> APIKeys {
        APIKeys(pool: tenants.database.owner, ids: SequentialIdentifiers(), random: SeededRandom(seed: 5))
    }

    /// A process of its own: another pool, another cache, another listener.
    private struct Process {
        let authenticator: APIKeyAuthenticator
        let cache = PrincipalCache()
        let listener: NotificationListener
        let following: Task<Void, Never>

        init(_ database: TestDatabase) async throws {
            authenticator = APIKeyAuthenticator(
                pool: database.pool(.door), cache: cache, clock: database.clock)
            let listener = NotificationListener(
                database.configuration(role: .door),
                channels: [PrincipalCache.channel, CatalogueCache.channel],
                logger: .quiet)
            self.listener = listener
            following = Task { [cache] in await cache.follow(listener.events()) }
            try await eventually("the listener") { [cache] in cache.isTrusted }
        }

        func opens(
            _ key: String, _ tenant: DoorTenant, from address: String = "192.0.2.1"
        ) async throws -> Bool {
            try await authenticator.principal(
                for: key, tenant: tenant.id, dialect: TinyDialect.name, from: address) != nil
        }

        func stop() async {
            listener.close()
            await following.value
        }
    }

    @Test func `a key is its customer's at its own door, and nobody's elsewhere`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        var draft = draft(tenants.alba)
        draft.trials = true
        draft.scopes = ["read"]
        draft.rateLimit = "5/1s"
        let (id, key) = try await keys(tenants).create(draft)
        let process = try await Process(tenants.database)

        // Twice: from the database, and from the cache.
        for _ in 0..<2 {
            let found = try await process.authenticator.principal(
                for: key, tenant: tenants.alba.id, dialect: proxaro)
            #expect(
                found
                    == Principal(
                        tenant: tenants.alba.id, dialect: proxaro, customer: tenants.alba.customer,
                        id: id.retyped(),
                        kind: .apiKey(trials: true, scopes: ["read"]),
                        rateLimit: .sliding(limit: 5, window: 1_000)))
            #expect(
                try await process.authenticator.principal(for: key, tenant: tenants.brio.id, dialect: proxaro)
                    == nil)
            #expect(
                try await process.authenticator.principal(for: key, tenant: tenants.alba.id, dialect: other)
                    == nil)
        }
        for text in ["", "x", key + "0", key.uppercased(), String(repeating: "x", count: 100_000)] {
            #expect(
                try await process.authenticator.principal(
                    for: text, tenant: tenants.alba.id, dialect: proxaro) == nil)
        }
        await process.stop()
    }

    @Test func `a revocation takes effect in every process`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let (id, key) = try await keys(tenants).create(draft(tenants.alba))
        let (first, second) = (try await Process(tenants.database), try await Process(tenants.database))
        for process in [first, second] {
            #expect(
                try await process.authenticator.principal(for: key, tenant: tenants.alba.id, dialect: proxaro)
                    != nil)
        }

        #expect(try await keys(tenants).revoke(id, of: tenants.brio.id) == false)
        #expect(try await keys(tenants).revoke(id, of: tenants.alba.id))

        for process in [first, second] {
            try await eventually("the revocation") {
                try await process.authenticator.principal(for: key, tenant: tenants.alba.id, dialect: proxaro)
                    == nil
            }
            await process.stop()
        }
        #expect(try await keys(tenants).revoke(id, of: tenants.alba.id))
    }

    @Test func `a key made after it was tried is good at once`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let process = try await Process(tenants.database)
        var draft = draft(tenants.brio)
        draft.text = "tiny_" + String(repeating: "ab", count: 16)
        let key = try #require(draft.text)
        #expect(
            try await process.authenticator.principal(for: key, tenant: tenants.brio.id, dialect: proxaro)
                == nil)

        _ = try await keys(tenants).create(draft)
        try await eventually("the new key") {
            try await process.authenticator.principal(for: key, tenant: tenants.brio.id, dialect: proxaro)
                != nil
        }
        await process.stop()
    }

    /// Somebody who floods an address with made-up keys must not lock out the customers behind it.
    @Test func `a customer who was here before is looked up where strangers no longer are`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let (_, known) = try await keys(tenants).create(draft(tenants.alba))
        let cache = PrincipalCache()
        let authenticator = APIKeyAuthenticator(
            pool: tenants.database.pool(.door), cache: cache,
            strangers: Strangers(limit: .sliding(limit: 5, window: 60_000)), clock: tenants.database.clock)
        func ask(_ key: String) async throws -> Principal? {
            try await authenticator.principal(
                for: key, tenant: tenants.alba.id, dialect: proxaro, from: "192.0.2.1")
        }
        #expect(try await ask(known) != nil)
        for number in 0..<5 { #expect(try await ask("tiny_\(number)") == nil) }
        await #expect(throws: StrangerRefusal.self) { try await ask("tiny_5") }
        // Nobody listens, so nothing is remembered and this is another look.
        cache.forgetAll()
        #expect(try await ask(known) != nil)
    }

    @Test func `with the listener lost nothing stale is answered`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let (_, key) = try await keys(tenants).create(draft(tenants.alba))
        let process = try await Process(tenants.database)
        #expect(
            try await process.authenticator.principal(for: key, tenant: tenants.alba.id, dialect: proxaro)
                != nil)

        process.listener.close()
        try await eventually { !process.cache.isTrusted }
        // Nobody is notified of this, and nobody could be.
        try await tenants.execute("UPDATE api_keys SET revoked_at = created_at")
        #expect(
            try await process.authenticator.principal(for: key, tenant: tenants.alba.id, dialect: proxaro)
                == nil)
        await process.stop()
    }

    @Test func `a customer who is no longer served has no keys`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let (_, key) = try await keys(tenants).create(draft(tenants.alba))
        let process = try await Process(tenants.database)
        #expect(
            try await process.authenticator.principal(for: key, tenant: tenants.alba.id, dialect: proxaro)
                != nil)

        try await tenants.execute("UPDATE customers SET active = false WHERE tenant_id = 1")
        try await tenants.execute("SELECT pg_notify('tollgate_keys', '')")
        try await eventually {
            try await process.authenticator.principal(for: key, tenant: tenants.alba.id, dialect: proxaro)
                == nil
        }
        await process.stop()
    }

    @Test func `an expired key is nobody's from that instant on`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        var draft = draft(tenants.alba)
        draft.expiresAt = Instant(milliseconds: tenants.database.clock.now().milliseconds + 1_000)
        let (_, key) = try await keys(tenants).create(draft)
        let process = try await Process(tenants.database)
        tenants.database.clock.advance(milliseconds: 999)
        #expect(
            try await process.authenticator.principal(for: key, tenant: tenants.alba.id, dialect: proxaro)
                != nil)
        tenants.database.clock.advance(milliseconds: 1)
        #expect(
            try await process.authenticator.principal(for: key, tenant: tenants.alba.id, dialect: proxaro)
                == nil)
        await process.stop()
    }

    @Test func `a key is good from its own addresses only, at every use`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        var draft = draft(tenants.alba)
        draft.allowedSources = AllowList(["10.0.0.0/8", "2001:db8::/32"].map { NetworkPrefix($0)! })
        let (_, key) = try await keys(tenants).create(draft)
        let process = try await Process(tenants.database)
        // The first use is looked up and the others are remembered; good and bad ones take turns.
        for _ in 0..<3 {
            for (address, isGood) in [
                ("192.0.2.1", false), ("10.1.2.3", true), ("11.0.0.0", false), ("::ffff:10.1.2.3", true),
                ("2001:db8::7", true), ("2001:db9::7", false), ("", false), ("10.1.2.3.", false),
            ] {
                let verdict = try await process.authenticator.verdict(
                    on: key, tenant: tenants.alba.id, dialect: proxaro, from: address)
                if isGood {
                    #expect(verdict.principal?.customer == tenants.alba.customer, "\(address)")
                } else {
                    #expect(verdict.refusal == .init(tenants.alba.customer, .addressNotAllowed), "\(address)")
                }
            }
            #expect(
                try await process.authenticator.verdict(
                    on: key, tenant: tenants.brio.id, dialect: proxaro, from: "10.1.2.3") == .nobodys)
        }
        await process.stop()
    }

    /// Whoever refuses it has one answer for all of these; the account's log knows better.
    @Test func `why a customer's own key is refused is known inside, from the database and from memory`()
        async throws
    {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let keys = keys(tenants)
        let (id, revoked) = try await keys.create(draft(tenants.alba))
        var ending = draft(tenants.alba)
        ending.expiresAt = Instant(milliseconds: tenants.database.clock.now().milliseconds + 1)
        let (_, expired) = try await keys.create(ending)
        let (_, closed) = try await keys.create(draft(tenants.brio))
        _ = try await keys.revoke(id, of: tenants.alba.id)
        try await tenants.execute("UPDATE customers SET active = false WHERE tenant_id = 2")
        tenants.database.clock.advance(milliseconds: 1)
        let process = try await Process(tenants.database)
        for (key, tenant, flaw) in [
            (revoked, tenants.alba, CredentialFlaw.revoked), (expired, tenants.alba, .expired),
            (closed, tenants.brio, .customerClosed), (revoked, tenants.alba, .revoked),
            (expired, tenants.alba, .expired), (closed, tenants.brio, .customerClosed),
        ] {
            let verdict = try await process.authenticator.verdict(
                on: key, tenant: tenant.id, dialect: proxaro, from: "192.0.2.1")
            #expect(verdict.refusal == .init(tenant.customer, flaw))
            #expect(verdict.principal == nil)
        }
        await process.stop()
    }

    @Test func `a list that is narrowed is heard of in every process`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let (_, key) = try await keys(tenants).create(draft(tenants.alba))
        let processes = [try await Process(tenants.database), try await Process(tenants.database)]
        for process in processes {
            #expect(try await process.opens(key, tenants.alba, from: "192.0.2.1"))
        }
        // As `apply` writes it: the row, and the word to all in the same transaction.
        try await tenants.execute("UPDATE api_keys SET allowed_sources = '{10.0.0.0/8}' WHERE tenant_id = 1")
        try await tenants.execute("SELECT pg_notify('tollgate_keys', '')")
        for process in processes {
            try await eventually("the list") {
                try await !process.opens(key, tenants.alba, from: "192.0.2.1")
            }
            #expect(try await process.opens(key, tenants.alba, from: "10.0.0.1"))
            await process.stop()
        }
    }

    /// Looks are under way all the time: one that began before a revocation and ended after it must not bring the key
    /// back to life, not even for one request.
    @Test func `a key that was refused once is never good again`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let processes = [try await Process(tenants.database), try await Process(tenants.database)]
        let keys = keys(tenants)
        for _ in 0..<10 {
            let (id, key) = try await keys.create(draft(tenants.alba))
            let begun = Tally()
            try await withThrowingTaskGroup { group in
                for process in processes + processes {
                    group.addTask {
                        let isGood = try await process.opens(key, tenants.alba)
                        #expect(isGood)
                        begun.add()
                        while try await process.opens(key, tenants.alba) { await Task.yield() }
                        for _ in 0..<200 {
                            let isBack = try await process.opens(key, tenants.alba)
                            #expect(!isBack)
                        }
                    }
                }
                try await eventually("all at work") { begun.count == 4 }
                _ = try await keys.revoke(id, of: tenants.alba.id)
                try await group.waitForAll()
            }
        }
        for process in processes { await process.stop() }
    }

    @Test func `an allow list that cannot be read opens nothing`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let (_, key) = try await keys(tenants).create(draft(tenants.alba))
        let process = try await Process(tenants.database)
        for broken in ["'{}'", "ARRAY[NULL]::cidr[]", "ARRAY['10.0.0.0/8', NULL]::cidr[]"] {
            await #expect(throws: PostgresError.self) {
                try await tenants.database.execute("UPDATE api_keys SET allowed_sources = \(broken)")
            }
        }
        await #expect(throws: PostgresError.self) {
            try await tenants.database.execute("UPDATE api_keys SET allowed_sources = '{10.0.0.1/8}'")
        }
        #expect(throws: (any Error).self) { try APIKeyStore.allowedSources(["10.0.0.1/8"]) }
        #expect(throws: (any Error).self) { try APIKeyStore.allowedSources([]) }
        #expect(try await process.opens(key, tenants.alba))
        await process.stop()
    }

    @Test func `a database that is away is a fault and no 401`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let pool = tenants.database.pool(.door)
        let authenticator = APIKeyAuthenticator(
            pool: pool, cache: PrincipalCache(), clock: tenants.database.clock)
        await pool.close()
        await #expect(throws: PoolError.self) {
            try await authenticator.principal(for: "tiny_x", tenant: tenants.alba.id, dialect: proxaro)
        }
    }

    @Test func `keys are listed without themselves`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        let (id, key) = try await keys(tenants).create(draft(tenants.alba))
        let listed = try await keys(tenants).list(of: tenants.alba.id)
        #expect(listed.map(\.id) == [id])
        #expect(listed.first?.hint == "tiny_…\(key.suffix(4))")
        #expect(try await keys(tenants).list(of: tenants.brio.id).isEmpty)
        #expect(try await keys(tenants).list(of: tenants.alba.id, customer: tenants.brio.customer).isEmpty)
    }

    @Test func `a key that cannot be made says why`() async throws {
        let tenants = try await DoorTenants(try #require(TestDatabase.current))
        var malformed = draft(tenants.alba)
        malformed.text = "tiny_x"
        await #expect(throws: APIKeyRefusal.malformed) { try await keys(tenants).create(malformed) }

        var limit = draft(tenants.alba)
        limit.rateLimit = "often"
        await #expect(throws: APIKeyRefusal.rateLimitMalformed) { try await keys(tenants).create(limit) }

        var foreign = draft(tenants.alba)
        foreign.customer = tenants.brio.customer
        await #expect(throws: APIKeyRefusal.customerUnknown) { try await keys(tenants).create(foreign) }

        var twice = draft(tenants.alba)
        twice.text = "tiny_" + String(repeating: "0", count: 32)
        _ = try await keys(tenants).create(twice)
        await #expect(throws: APIKeyRefusal.taken) { try await keys(tenants).create(twice) }
    }
}

extension CredentialVerdict {
    fileprivate struct Refusal: Equatable {
        let customer: CustomerID
        let flaw: CredentialFlaw

        init(_ customer: CustomerID, _ flaw: CredentialFlaw) {
            self.customer = customer
            self.flaw = flaw
        }
    }

    fileprivate var refusal: Refusal? {
        switch self {
        case .refused(let principal, let flaw): Refusal(principal.customer, flaw)
        case .good, .nobodys: nil
        }
    }
}
