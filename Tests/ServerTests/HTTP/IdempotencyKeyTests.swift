import HTTPTypes
import Primitives
import Testing

@testable import Server

@Suite("Idempotency keys and fingerprints")
struct IdempotencyKeyTests {
    @Test func `1 to 255 printable ASCII characters are a key`() {
        #expect(IdempotencyKey("a")?.text == "a")
        #expect(IdempotencyKey("order 7 ~!")?.text == "order 7 ~!")
        #expect(IdempotencyKey(String(repeating: "x", count: 255)) != nil)
        for text in ["", String(repeating: "x", count: 256), "é", "a\tb", "a\u{7F}"] {
            #expect(IdempotencyKey(text) == nil, "\(text)")
        }
    }

    @Test func `a header is absent, present or malformed`() throws {
        let key = try #require(IdempotencyKey("k-1"))
        #expect(IdempotencyKey.header(of: [:]) == .absent)
        #expect(IdempotencyKey.header(of: [.idempotencyKey: "k-1"]) == .present(key))
        #expect(IdempotencyKey.header(of: [.idempotencyKey: ""]) == .malformed)
        var twice: HTTPFields = [.idempotencyKey: "k-1"]
        twice.append(HTTPField(name: .idempotencyKey, value: "k-1"))
        #expect(IdempotencyKey.header(of: twice) == .malformed)
    }

    @Test func `a fingerprint is of the meaning, not of the spelling`() throws {
        let one = RequestFingerprint.of("purchase", try JSON.parse(#"{"planId":"p","quantity":2}"#.utf8))
        let same = RequestFingerprint.of(
            "purchase", try JSON.parse(#" { "quantity" : 2.0, "planId":"\u0070" } "#.utf8))
        #expect(one.count == 32)
        #expect(one == same)
        #expect(one != RequestFingerprint.of("renew", try JSON.parse(#"{"planId":"p","quantity":2}"#.utf8)))
        #expect(
            one != RequestFingerprint.of("purchase", try JSON.parse(#"{"planId":"p","quantity":3}"#.utf8)))
    }

    /// An operation's name and its body cannot run into each other.
    @Test func `name and body are kept apart`() {
        #expect(RequestFingerprint.of("a", .string("b")) != RequestFingerprint.of("a\"b", .string("")))
    }
}
