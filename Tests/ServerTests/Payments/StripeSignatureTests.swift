import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Stripe's signatures")
struct StripeSignatureTests {
    private static let now = Instant(milliseconds: 1_700_000_000_000)
    private static let body = Array(#"{"id":"evt_1"}"#.utf8)

    private func result(
        _ header: String, _ body: [UInt8] = Self.body, secrets: [String] = ["whsec_new", "whsec_old"],
        at now: Instant = Self.now
    ) -> MessageRefusal? {
        guard let signature = StripeSignature(header) else { return .unreadable("header") }
        do throws(MessageRefusal) {
            try signature.verify(body, with: secrets.map { Secret($0) }, at: now)
            return nil
        } catch {
            return error
        }
    }

    /// Reckoned with OpenSSL: `printf '%s' '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_new`.
    @Test func `a signature that another program has made is good over these very bytes`() {
        let header = StripeSignature.header(Self.body, secrets: ["whsec_new"], at: 1_700_000_000)
        #expect(header == "t=1700000000,v1=\(Self.expected)")
        #expect(result("t=1700000000,v1=\(Self.expected)") == nil)
        #expect(result("t=1700000000,v1=\(String(repeating: "0", count: 64))") == .notSigned)
    }

    static let expected = "f3ac0c93c23f69e2e6046d7f0e2c82c93d0403de0f8651457189ab70fbbfcaae"

    @Test func `while one secret takes another's place, a signature of either is enough`() {
        let both = StripeSignature.header(Self.body, secrets: ["whsec_old", "whsec_new"], at: 1_700_000_000)
        #expect(result(both) == nil)
        #expect(result(both, secrets: ["whsec_old"]) == nil)
        #expect(result(both, secrets: ["whsec_new"]) == nil)
        #expect(result(both, secrets: ["whsec_other"]) == .notSigned)
        #expect(result(both, secrets: []) == .notSigned)
        let old = StripeSignature.header(Self.body, secrets: ["whsec_old"], at: 1_700_000_000)
        #expect(result(old) == nil)
    }

    @Test(arguments: [-301_000, -300_001, -300_000, 0, 300_000, 300_001] as [Int64])
    func `a signature is good for five minutes either way`(shift: Int64) {
        let header = StripeSignature.header(Self.body, secrets: ["whsec_new"], at: 1_700_000_000)
        let now = Instant(milliseconds: Self.now.milliseconds + shift)
        #expect(result(header, at: now) == (abs(shift) <= 300_000 ? nil : .outOfTime))
    }

    @Test func `one byte of the body, of the time or of the signature, and it is nobody's`() {
        let header = StripeSignature.header(Self.body, secrets: ["whsec_new"], at: 1_700_000_000)
        var other = Self.body
        other[3] ^= 1
        #expect(result(header, other) == .notSigned)
        #expect(result(header, Self.body + [10]) == .notSigned)
        #expect(result(header.replacing("t=1700000000", with: "t=1700000001")) == .notSigned)
        #expect(result(String(header.dropLast()) + (header.last == "0" ? "1" : "0")) == .notSigned)
    }

    @Test(arguments: [
        "", "t=1700000000", "v1=00", "t=x,v1=\(String(repeating: "0", count: 64))", "t=1700000000,v1=zz",
        "t=1700000000,v0=\(String(repeating: "0", count: 64))",
        "t=1,t=2,v1=\(String(repeating: "0", count: 64))",
        "t=1700000000,v1=\(String(repeating: "0", count: 63))",
    ])
    func `a header that carries no time and no signature is none`(header: String) {
        #expect(StripeSignature(header) == nil)
    }
}
