import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Recovery codes and base 32")
struct RecoveryCodeTests {
    @Test func `ten codes are made, all different, and each is read however it is typed`() throws {
        let codes = RecoveryCode.make(SeededRandom(seed: 4))
        #expect(Set(codes).count == 10)
        for code in codes {
            let shown = code.reveal()
            #expect(shown.utf8.count == 19 && shown.split(separator: "-").count == 4)
            #expect(RecoveryCode(shown) == code)
            #expect(RecoveryCode(shown.lowercased()) == code)
            #expect(RecoveryCode(shown.filter { $0 != "-" }) == code)
            #expect(SecondFactor(shown) == .recovery(code))
        }
    }

    @Test func `what was never a code is not read as one`() {
        for bad in [
            "", "ABCD-EFGH-IJKL", "ABCD-EFGH-IJKL-MNO1", "ABCD-EFGH-IJKL-MNOPQ", "äBCD-EFGH-IJKL-MNOP",
        ] {
            #expect(RecoveryCode(bad) == nil, "\(bad)")
            #expect(SecondFactor(bad) == nil, "\(bad)")
        }
        #expect(RecoveryCode(String(repeating: "-", count: 10_000)) == nil)
    }

    @Test func `the app's code is told from a recovery code`() throws {
        #expect(SecondFactor("123456") == .code(try #require(OneTimeCode("123456"))))
    }

    @Test func `the digest of a code is its person's, and nothing prints the code`() throws {
        let code = try #require(RecoveryCode("ABCD-EFGH-IJKL-MNOP"))
        #expect(code.digest(for: "1") != code.digest(for: "2"))
        #expect(code.digest(for: "1") == RecoveryCode("abcdefghijklmnop")?.digest(for: "1"))
        for text in ["\(code)", String(reflecting: code), "\(SecondFactor.recovery(code))"] {
            #expect(!text.contains("ABCD"))
        }
    }

    /// RFC 4648 §10, without padding.
    @Test(
        arguments: zip(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
            ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"]))
    func `RFC 4648's vectors`(plain: String, spelt: String) {
        #expect(Base32.encode(plain.utf8) == spelt)
        #expect(Base32.decode(spelt) == Array(plain.utf8))
        #expect(Base32.decode(spelt.lowercased()) == Array(plain.utf8))
    }

    @Test func `bytes come back from base 32 whatever they are, and other texts are refused`() {
        for seed in 0..<200 as Range<UInt64> {
            let bytes = SeededRandom(seed: seed).bytes(Int(seed % 41))
            #expect(Base32.decode(Base32.encode(bytes)) == bytes)
        }
        for bad in ["M", "MZ1", "MZXW6YTBO", "MZ", "MY======", "0", "8", "é"] {
            #expect(Base32.decode(bad) == nil, "\(bad)")
        }
    }
}
