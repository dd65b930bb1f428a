import Billing
import Postgres
import Primitives
import Provisioning
import Synchronization
import TestSupport
import Testing

@testable import Server

private struct Refused: Error, Equatable {}

// The changes of these tests leave no event, which an invariant would miss.
@Suite("Once-only connection changes", .database(invariants: false))
struct IdempotentConnectionChangeTests {
    private let answers = RememberedAnswers(
        Seal(InstallationKey(id: 1, bytes: [UInt8](repeating: 1, count: 32))!))
    private let ann = PrincipalID(bits: IdentifierBits(milliseconds: 1, sequence: 1))

    private func setUp() async throws -> (DoorTenants, IdempotentConnectionChange) {
        let database = try #require(TestDatabase.current)
        let changes = IdempotentConnectionChange(
            pool: database.pool(.door, threads: 4), answers: answers, ids: SequentialIdentifiers())
        return (try await DoorTenants(database), changes)
    }

    private func claim(_ key: String, _ body: JSON = .integer(1)) -> IdempotentConnectionChange.Claim {
        IdempotentConnectionChange.Claim(
            key: IdempotencyKey(key)!, fingerprint: RequestFingerprint.of("rename", body))
    }

    @Test func `the same key runs once and answers the same bytes`() async throws {
        let (tenants, changes) = try await setUp()
        let runs = Tally()
        let change: @Sendable (Transaction, CommandID) throws -> (status: Int, body: [UInt8]) = { _, _ in
            (200, Array("run \(runs.add())".utf8))
        }
        let first = try await changes.run(tenant: tenants.alba.id, principal: ann, claim: claim("k"), change)
        let again = try await changes.run(tenant: tenants.alba.id, principal: ann, claim: claim("k"), change)

        #expect(first == .init(status: 200, body: Array("run 1".utf8), isReplayed: false))
        #expect(again == .init(status: 200, body: Array("run 1".utf8), isReplayed: true))
        #expect(runs.count == 1)
    }

    @Test func `a key is its tenant's and its caller's alone`() async throws {
        let (tenants, changes) = try await setUp()
        let bob = PrincipalID(bits: IdentifierBits(milliseconds: 1, sequence: 2))
        for (tenant, principal) in [(tenants.alba, ann), (tenants.brio, ann), (tenants.alba, bob)] {
            let answer = try await changes.run(tenant: tenant.id, principal: principal, claim: claim("k")) {
                _, _ in
                (200, Array("\(tenant.slug) \(principal)".utf8))
            }
            #expect(!answer.isReplayed)
        }
    }

    @Test func `the same key with another request is refused`() async throws {
        let (tenants, changes) = try await setUp()
        _ = try await changes.run(tenant: tenants.alba.id, principal: ann, claim: claim("k")) { _, _ in
            (200, [])
        }
        await #expect(throws: IdempotencyRefusal.keyReused) {
            try await changes.run(tenant: tenants.alba.id, principal: ann, claim: claim("k", .integer(2))) {
                _, _ in
                (200, [])
            }
        }
    }

    @Test func `a key in flight is refused, and free again when its request failed`() async throws {
        let (tenants, changes) = try await setUp()
        let begun = AsyncStream.makeStream(of: Void.self)
        let go = Atomic(false)
        let first = Task { [ann] in
            try await changes.run(tenant: tenants.alba.id, principal: ann, claim: claim("k")) {
                transaction, _ in
                begun.continuation.yield()
                while !go.load(ordering: .relaxed) { _ = try transaction.query("SELECT pg_sleep(0.001)") }
                throw Refused()
            }
        }
        for await _ in begun.stream { break }

        await #expect(throws: IdempotencyRefusal.keyInFlight) {
            try await changes.run(tenant: tenants.alba.id, principal: ann, claim: claim("k")) { _, _ in
                (200, [])
            }
        }
        go.store(true, ordering: .relaxed)
        await #expect(throws: Refused.self) { try await first.value }
        let later = try await changes.run(tenant: tenants.alba.id, principal: ann, claim: claim("k")) {
            _, _ in (200, [])
        }
        #expect(!later.isReplayed)
    }

    /// The engine takes no lock of ours: its answer arrives in the table while our change runs.
    @Test func `a change that the engine has overtaken is undone, and the engine's answer counts`()
        async throws
    {
        let (tenants, changes) = try await setUp()
        let claim = claim("k")
        let remembered = answers.remember(
            status: 200, body: Array("the engine's".utf8), tenant: tenants.alba.id, principal: ann,
            key: claim.key)
        let owner = tenants.database.configuration()
        let now = tenants.database.clock.now()
        let alba = tenants.alba.id

        let answer = try await changes.run(tenant: alba, principal: ann, claim: claim) { [ann] _, _ in
            let engine = try Connection(owner)
            defer { engine.close() }
            _ = try engine.query(
                IdempotencyStore.insert(
                    alba, ann, claim.key, claim.fingerprint, CommandID(bits: .zero), remembered, at: now))
            return (200, Array("ours".utf8))
        }
        #expect(answer == .init(status: 200, body: Array("the engine's".utf8), isReplayed: true))
    }

    @Test func `the answer is sealed where it lies`() async throws {
        let (tenants, changes) = try await setUp()
        _ = try await changes.run(tenant: tenants.alba.id, principal: ann, claim: claim("k")) { _, _ in
            (200, Array("password=p_2n4m6q".utf8))
        }
        let stored = try await tenants.database.owner.run { connection in
            try connection.query("SELECT answer FROM idempotency_keys")[0].get(0, as: [UInt8].self)
        }
        #expect(!String(decoding: stored, as: UTF8.self).contains("p_2n4m6q"))
    }

    @Test func `without a key every request runs`() async throws {
        let (tenants, changes) = try await setUp()
        for _ in 0..<2 {
            let answer = try await changes.run(tenant: tenants.alba.id, principal: ann, claim: nil) { _, _ in
                (200, [])
            }
            #expect(!answer.isReplayed)
        }
    }

    @Test func `sixteen at once with one key: one runs, the others hear of it`() async throws {
        let (tenants, changes) = try await setUp()
        let runs = Tally()
        let outcomes = await withTaskGroup(of: String.self) { [ann] group in
            for _ in 0..<16 {
                group.addTask { [claim = claim("k")] in
                    do {
                        let answer = try await changes.run(
                            tenant: tenants.alba.id, principal: ann, claim: claim
                        ) { _, _ in
                            runs.add()
                            return (200, [])
                        }
                        return answer.isReplayed ? "replayed" : "ran"
                    } catch { return "\(error)" }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(runs.count == 1)
        #expect(outcomes.filter { $0 == "ran" }.count == 1)
        #expect(outcomes.allSatisfy { ["ran", "replayed", "keyInFlight"].contains($0) })
    }
}
