import Primitives
import Provisioning
import Testing

@Suite("Seals")
struct SealTests {
    private let key = InstallationKey(id: 1, bytes: [UInt8](repeating: 1, count: 32))!
    private let other = InstallationKey(id: 2, bytes: [UInt8](repeating: 2, count: 32))!
    private let context = SealContext(tenant: TenantID(1), column: "slots.secret", subject: "s", version: 3)
    private let plain = Array("p_4n7k".utf8)

    @Test func `what was sealed opens in its own context`() throws {
        let seal = Seal(key)
        #expect(try seal.open(seal.seal(plain, context: context), context: context) == plain)
        #expect(try seal.open(seal.seal([], context: context), context: context) == [])
    }

    @Test func `the same bytes never look the same twice`() {
        let seal = Seal(key)
        let sealed = Set((0..<200).map { _ in seal.seal(plain, context: context) })
        #expect(sealed.count == 200)
    }

    @Test(arguments: [
        SealContext(tenant: TenantID(2), column: "slots.secret", subject: "s", version: 3),
        SealContext(tenant: TenantID(1), column: "slots.secrets", subject: "s", version: 3),
        SealContext(tenant: TenantID(1), column: "slots.secret", subject: "t", version: 3),
        SealContext(tenant: TenantID(1), column: "slots.secret", subject: "s", version: 4),
        SealContext(tenant: TenantID(1), column: "slots.secre", subject: "ts", version: 3),
    ])
    func `moved to another place it does not open`(_ elsewhere: SealContext) {
        let seal = Seal(key)
        let sealed = seal.seal(plain, context: context)
        #expect(throws: SealError.tampered) { try seal.open(sealed, context: elsewhere) }
    }

    @Test func `changing any byte is noticed`() {
        let seal = Seal(key)
        let sealed = seal.seal(plain, context: context)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            // The first byte names the key.
            let expected: SealError = index == 0 ? .unknownKey(sealed[0] ^ 1) : .tampered
            #expect(throws: expected) { try seal.open(changed, context: context) }
        }
        #expect(throws: SealError.malformed) { try seal.open(Array(sealed.prefix(28)), context: context) }
        #expect(throws: SealError.malformed) { try seal.open([], context: context) }
    }

    /// The key byte is authenticated: a value cannot be passed off as one of another key with the same bytes.
    @Test func `a new key seals, and old values still open`() throws {
        let before = Seal(key), after = Seal(other, formerly: [key])
        let old = before.seal(plain, context: context), new = after.seal(plain, context: context)

        #expect(old.first == 1 && new.first == 2)
        #expect(try after.open(old, context: context) == plain)
        #expect(try after.open(new, context: context) == plain)
        #expect(throws: SealError.unknownKey(2)) { try before.open(new, context: context) }
    }

    @Test(arguments: [0, 16, 31, 33]) func `a key has thirty-two bytes`(_ count: Int) {
        #expect(InstallationKey(id: 1, bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func `a key is never printed`() {
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "InstallationKey(1, hidden)")
        #expect(!dumped.contains("bytes") && !"\(Seal(key))".contains("[1, 1"))
    }
}
