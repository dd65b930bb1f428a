import TestSupport
import Testing

@testable import Server

@Suite("argon2id")
struct Argon2HasherTests {
    private let hasher = Argon2Hasher(
        costs: Argon2Costs(iterations: 1, memoryKibibytes: 64), random: SeededRandom())

    /// A vector of the reference implementation's own tests (phc-winner-argon2, src/test.c: t=2, m=2^8, p=1).
    @Test func `a known password under a known salt has the known string`() throws {
        let text = try Argon2Hasher.hash(
            "password", salt: Array("somesalt".utf8), Argon2Costs(iterations: 2, memoryKibibytes: 256))
        #expect(
            text
                == "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
    }

    @Test func `a password is right, any other wrong, and no two salts are alike`() async throws {
        let first = try await hasher.hash("correct horse")
        let second = try await hasher.hash("correct horse")
        #expect(first.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$"))
        #expect(first != second)
        #expect(try await hasher.verify("correct horse", first))
        #expect(try await !hasher.verify("correct horse ", first))
        #expect(try await !hasher.verify("", first))
    }

    @Test func `the string's own costs count, not ours`() async throws {
        let dear = try Argon2Hasher.hash(
            "p", salt: Array("somesalt".utf8), Argon2Costs(iterations: 2, memoryKibibytes: 256))
        #expect(try await hasher.verify("p", dear))
    }

    @Test func `nobody's password is never right, and costs what a real one does`() async throws {
        #expect(try await !hasher.verify("anything", nil))
        #expect(try await !hasher.verify("", nil))
    }

    @Test func `what is not an argon2id string is a fault`() async throws {
        for bad in ["", "none", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR", "$2b$10$abc"] {
            await #expect(throws: SecretHasherError.self, "\(bad)") { try await hasher.verify("p", bad) }
        }
    }

    @Test func `too many at once are told to come back`() async throws {
        let busy = Argon2Hasher(
            costs: Argon2Costs(iterations: 2, memoryKibibytes: 8_192), random: SeededRandom(), waitingMax: 2)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<40 { group.addTask { (try? await busy.hash("p")) != nil } }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.contains(true))
        #expect(outcomes.contains(false))
    }
}
