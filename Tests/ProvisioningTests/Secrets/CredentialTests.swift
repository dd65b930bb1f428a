import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Credentials")
struct CredentialTests {
    private let generator = CredentialGenerator(random: SeededRandom(seed: 9))
    private let secret = SlotSecret(
        password: "p_hunter2", vlessUUID: "uuid-hunter2", shadowsocksKey: "key-hunter2")

    @Test func `every part has its form`() {
        for _ in 0..<200 {
            let made = generator.secret()
            #expect(generator.username().wholeMatch(of: /u_[a-z0-9]{8}/) != nil)
            #expect(made.password.wholeMatch(of: /p_[a-z0-9]{16}/) != nil)
            #expect(
                made.vlessUUID.wholeMatch(
                    of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
            #expect(made.shadowsocksKey.wholeMatch(of: /[A-Za-z0-9+\/]{22}==/) != nil)
        }
    }

    @Test func `none is made twice`() {
        let made = (0..<5_000).map { _ in generator.secret() }
        #expect(Set(made.map(\.password)).count == 5_000)
        #expect(Set(made.map(\.vlessUUID)).count == 5_000)
        #expect(Set((0..<5_000).map { _ in generator.username() }).count == 5_000)
    }

    @Test func `letters come equally often`() {
        var counts: [Character: Int] = [:]
        for _ in 0..<3_000 {
            for letter in generator.username().dropFirst(2) { counts[letter, default: 0] += 1 }
        }
        #expect(counts.count == 36)
        #expect(counts.values.allSatisfy { (500...840).contains($0) }, "24 000 letters, 667 of each")
    }

    @Test func `a slot's secret opens for its slot and version only`() throws {
        let seal = CredentialSeal(Seal(InstallationKey(id: 1, bytes: [UInt8](repeating: 1, count: 32))!))
        let identifiers = SequentialIdentifiers()
        let slot: SlotID = identifiers.next(at: ManualClock.start)
        let neighbour: SlotID = identifiers.next(at: ManualClock.start)
        let sealed = seal.seal(secret, tenant: TenantID(1), slot: slot, version: 1)

        #expect(try seal.open(sealed, tenant: TenantID(1), slot: slot, version: 1) == secret)
        #expect(throws: SealError.tampered) {
            try seal.open(sealed, tenant: TenantID(1), slot: slot, version: 2)
        }
        #expect(throws: SealError.tampered) {
            try seal.open(sealed, tenant: TenantID(1), slot: neighbour, version: 1)
        }
        #expect(throws: SealError.tampered) {
            try seal.open(sealed, tenant: TenantID(2), slot: slot, version: 1)
        }
    }

    @Test func `a secret shows itself to nobody`() {
        let slot: SlotID = SequentialIdentifiers().next(at: ManualClock.start)
        let desired = DesiredSlot(
            slot: slot, revision: 1, port: 1, username: "u", secret: secret, access: .open)
        var dumped = ""
        dump(secret, to: &dumped)
        dump(desired, to: &dumped)
        let shown =
            "\(secret) \(String(reflecting: secret)) \(desired) \(String(reflecting: [desired])) \(dumped)"
        #expect(!shown.contains("hunter2"))
    }
}
