import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Key forms and digests")
struct KeyFormTests {
    private let form = KeyForm(
        prefix: "rk_", lengths: 32...64, accepted: .urlSafe, madeLength: 40, made: .lowerAlphanumeric)

    @Test func `a made key is an accepted one, and no two are alike`() {
        let random = SeededRandom(seed: 7)
        let keys = (0..<200).map { _ in form.make(random) }
        #expect(keys.allSatisfy { form.accepts($0) && $0.utf8.count == 43 })
        #expect(Set(keys).count == 200)
        #expect(keys.allSatisfy { $0.dropFirst(3).allSatisfy { $0.isLowercase || $0.isNumber } })
    }

    @Test func `every character of the alphabet is about as likely`() {
        let random = SeededRandom(seed: 3)
        var counts: [Character: Int] = [:]
        for _ in 0..<500 {
            for character in form.make(random).dropFirst(3) { counts[character, default: 0] += 1 }
        }
        #expect(counts.count == 36)
        #expect(counts.values.allSatisfy { (400...720).contains($0) })
    }

    @Test func `other texts are refused before anybody is asked`() {
        let good = "rk_" + String(repeating: "a", count: 32)
        #expect(form.accepts(good))
        #expect(form.accepts("rk_" + String(repeating: "Z", count: 64)))
        for bad in [
            "", "rk_", "rk_" + String(repeating: "a", count: 31), "rk_" + String(repeating: "a", count: 65),
            "RK_" + String(repeating: "a", count: 32), "opx_live_" + String(repeating: "a", count: 32),
            good + " ",
            "rk_" + String(repeating: "é", count: 16), "rk_" + String(repeating: "a", count: 31) + "\n",
        ] {
            #expect(!form.accepts(bad), "\(bad)")
        }
    }

    /// contracts/opproxy.md: `^opx_live_[0-9a-f]{32}$`.
    @Test func `an opproxy key is 32 small hex digits behind its prefix, and nothing else`() throws {
        let form = try #require(KnownDialects.all.keyForms[DialectName(rawValue: "opproxy")] ?? nil)
        let digits = "0123456789abcdef0123456789abcdef"
        #expect(form.accepts("opx_live_\(digits)"))
        #expect((0..<50).allSatisfy { form.accepts(form.make(SeededRandom(seed: $0))) })
        for bad in [
            "opx_live_\(digits.uppercased())", "opx_live_\(digits)0", "opx_live_\(digits.dropLast())",
            "opx_live_\(digits.dropLast())g", "OPX_LIVE_\(digits)", "opx_test_\(digits)", digits,
            " opx_live_\(digits)", "opx_live_\(digits)\n", "opx_live_\(digits.dropLast())٣",
        ] {
            #expect(!form.accepts(bad), "\(bad)")
        }
    }

    @Test func `a hint does not give the key away`() {
        #expect(form.hint("rk_0123456789abcdef0123456789abcdef") == "rk_…cdef")
    }

    @Test func `a digest is SHA-256 in the order of its bytes`() throws {
        let digest = CredentialDigest(of: "abc")
        #expect(digest.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Hex.encode(digest.bytes) == digest.description)
        #expect(CredentialDigest(hex: digest.description) == digest)
        #expect(CredentialDigest(hex: "") == nil)
        #expect(CredentialDigest(hex: String(repeating: "g", count: 64)) == nil)
    }

    @Test func `base 64 is decoded strictly`() {
        #expect(Base64URL.decode("eyJhIjoxfQ".utf8) == Array(#"{"a":1}"#.utf8))
        #expect(Base64URL.decode("".utf8) == [])
        for bad in ["e", "eyJhIjoxfR", "ey==", "ey+/", "ey J"] {
            #expect(Base64URL.decode(bad.utf8) == nil, "\(bad)")
        }
        #expect(Base64.encodeWithoutPadding(Array("any carnal pleas".utf8)) == "YW55IGNhcm5hbCBwbGVhcw")
    }

    /// 100 made keys of each kind and dialect: none can be taken for one of the other kind.
    @Test func `a live key is never a test key, in any dialect`() throws {
        let forms = KnownDialects.all.keyForms.compactMapValues { $0 }
        #expect(forms.count == 4)
        for (dialect, form) in forms {
            for seed in 0..<100 as Range<UInt64> {
                let live = form.make(SeededRandom(seed: seed))
                let test = form.make(SeededRandom(seed: seed), for: .test)
                #expect(
                    form.environment(of: live) == .live && form.environment(of: test) == .test, "\(dialect)")
                #expect(form.accepts(live) && !form.accepts(live, for: .test))
                #expect(form.accepts(test, for: .test) && !form.accepts(test))
                #expect(form.hint(live).hasPrefix("\(form.prefix)…") && form.hint(test).contains("_test_…"))
            }
        }
    }

    /// Clients that check a key before they send it know lengths and letters of live ones.
    @Test func `a test key passes for a key of its vendor where the vendor's form allows it`() throws {
        let gate = Gate.keyForm.make(SeededRandom(seed: 1), for: .test)
        #expect(gate.wholeMatch(of: /rk_[A-Za-z0-9_-]{32,64}/) != nil, "\(gate)")
        let digits = String(repeating: "0", count: 32)
        #expect(OPProxy.keyForm.environment(of: "opx_test_\(digits)") == .test)
        for bad in [
            "opx_test_\(digits)0", "opx_test_\(digits.dropLast())", "opx_test_\(digits.dropLast())g",
            "opx_\(digits)",
        ] {
            #expect(OPProxy.keyForm.environment(of: bad) == nil, "\(bad)")
        }
        #expect(Gate.keyForm.environment(of: "rk_test_" + String(repeating: "a", count: 59)) == .test)
        #expect(Gate.keyForm.environment(of: "rk_test_" + String(repeating: "a", count: 60)) == nil)
        #expect(Gate.keyForm.environment(of: "rk_testing" + String(repeating: "a", count: 40)) == .live)
    }
}
