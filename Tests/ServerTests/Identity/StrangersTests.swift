import Primitives
import TestSupport
import Testing

@testable import Server

private let start = ManualClock().now()
private let (alba, brio) = (TenantID(1), TenantID(2))

@Suite("Strangers")
struct StrangersTests {
    private let strangers = Strangers(limit: .sliding(limit: 3, window: 60_000), readsMax: 1, waitingMax: 1)

    @Test func `an address is refused after so many keys that are nobody's, at this tenant only`()
        async throws
    {
        for _ in 0..<3 { #expect(try await ask("192.0.2.1") == nil) }
        await #expect(throws: StrangerRefusal.tooManyUnknown(retryAfterSeconds: 61)) {
            try await ask("192.0.2.1")
        }
        #expect(try await ask("192.0.2.2") == nil)
        #expect(try await ask("192.0.2.1", tenant: brio) == nil)
        #expect(try await ask("192.0.2.1", at: Instant(milliseconds: start.milliseconds + 62_000)) == nil)
    }

    @Test func `an IPv6 caller has one count for its whole network`() async throws {
        for number in 0..<3 { _ = try await ask("2001:db8::\(number)") }
        await #expect(throws: StrangerRefusal.self) { try await ask("2001:db8::ffff") }
        #expect(try await ask("2001:db8:0:1::1") == nil)
    }

    @Test func `keys that are somebody's do not count`() async throws {
        for _ in 0..<20 { #expect(try await ask("192.0.2.1", finding: 7) == 7) }
        #expect(try await ask("192.0.2.1") == nil)
    }

    /// A database that is away says nothing about the key.
    @Test func `looks that fail do not count`() async throws {
        struct Away: Error {}
        for _ in 0..<20 {
            await #expect(throws: Away.self) {
                try await strangers.look(alba, from: "192.0.2.1", at: start) { () -> Int? in throw Away() }
            }
        }
        #expect(try await ask("192.0.2.1") == nil)
    }

    @Test func `only so many look at once, so many wait, and the rest come back later`() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup { group in
            group.addTask {
                _ = try await strangers.look(alba, from: "192.0.2.1", at: start) { () -> Int? in
                    begin.yield()
                    for await _ in ends { break }
                    return 1
                }
            }
            for await _ in begun { break }
            group.addTask { _ = try await ask("192.0.2.2", finding: 2) }
            try await eventually("the second to wait") { strangers.waiting == 1 }
            await #expect(throws: StrangerRefusal.busy) { try await ask("192.0.2.3") }
            end.yield()
            try await group.waitForAll()
        }
        #expect(try await ask("192.0.2.3", finding: 3) == 3)
    }

    @discardableResult
    private func ask(
        _ address: String, tenant: TenantID = alba, at now: Instant = start, finding found: Int? = nil
    ) async throws -> Int? {
        try await strangers.look(tenant, from: address, at: now) { found }
    }
}
