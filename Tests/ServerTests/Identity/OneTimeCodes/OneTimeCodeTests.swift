import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("One-time codes")
struct OneTimeCodeTests {
    /// The secret of RFC 4226 appendix D and RFC 6238 appendix B.
    private let secret = OneTimeSecret(bytes: Array("12345678901234567890".utf8))!

    @Test(
        arguments: zip(
            0..<10 as Range<Int64>,
            [
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
                "520489",
            ]))
    func `RFC 4226 appendix D: the first ten codes`(step: Int64, code: String) {
        #expect(OneTimeCode(of: secret, at: OneTimeStep(number: step)).text == code)
    }

    /// Their last six of eight digits.
    @Test(
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func `RFC 6238 appendix B: the codes of six moments`(seconds: Int64, code: String) throws {
        let now = Instant(milliseconds: seconds * 1_000)
        #expect(OneTimeCode(of: secret, at: OneTimeStep(at: now)).text == code)
        #expect(
            OneTimeCodeRule.verdict(on: try #require(OneTimeCode(code)), of: secret, after: nil, at: now)
                == .accepted(OneTimeStep(at: now)))
    }

    @Test(arguments: [-2, -1, 0, 1, 2] as [Int64])
    func `a code is good one step early and one step late, and no further`(off: Int64) throws {
        let now = Instant(milliseconds: 1_769_817_600_000)
        let step = OneTimeStep(number: OneTimeStep(at: now).number + off)
        let verdict = OneTimeCodeRule.verdict(
            on: OneTimeCode(of: secret, at: step), of: secret, after: nil, at: now)
        #expect(verdict == (abs(off) <= 1 ? .accepted(step) : .wrong))
    }

    @Test func `a code is never accepted twice, nor one from before the last`() {
        let now = Instant(milliseconds: 1_769_817_600_000)
        let step = OneTimeStep(at: now)
        for before in -1...1 as ClosedRange<Int64> {
            for off in -1...1 as ClosedRange<Int64> {
                let shown = OneTimeStep(number: step.number + off)
                let last = OneTimeStep(number: step.number + before)
                let verdict = OneTimeCodeRule.verdict(
                    on: OneTimeCode(of: secret, at: shown), of: secret, after: last, at: now)
                #expect(verdict == (shown > last ? .accepted(shown) : .alreadyUsed))
            }
        }
    }

    @Test func `steps begin on the half minute, before 1970 too`() {
        for (milliseconds, step) in [
            (0, 0), (29_999, 0), (30_000, 1), (-1, -1), (-30_000, -1), (-30_001, -2),
        ]
            as [(Int64, Int64)]
        {
            #expect(OneTimeStep(at: Instant(milliseconds: milliseconds)).number == step)
        }
    }

    @Test func `what is no code of six digits is not read as one`() {
        #expect(OneTimeCode("000000")?.text == "000000")
        #expect(OneTimeCode("012 345")?.text == "012345")
        for bad in [
            "", "12345", "1234567", "12345a", "-12345", "+12345", "1234５6", "1 2 3 4 5 6", "123456\n",
        ] {
            #expect(OneTimeCode(bad) == nil, "\(bad)")
        }
    }

    @Test func `the address for the app names issuer and person, whatever they are called`() {
        #expect(secret.spelling() == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(
            secret.uri(issuer: "Ačme & Co:", person: "jane+x@acme.test")
                == "otpauth://totp/A%C4%8Dme%20%26%20Co%3A:jane%2Bx%40acme.test"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=A%C4%8Dme%20%26%20Co%3A"
                + "&algorithm=SHA1&digits=6&period=30")
    }

    @Test func `nothing prints a secret`() {
        for text in ["\(secret)", String(reflecting: secret), String(describing: Optional(secret))] {
            #expect(!text.contains("49") && !text.contains(secret.spelling()))
        }
    }

    @Test func `a secret has twenty bytes`() {
        #expect(OneTimeSecret(bytes: [1, 2, 3]) == nil)
        #expect(OneTimeSecret(SeededRandom(seed: 1)).reveal().count == 20)
        #expect(OneTimeSecret(SeededRandom(seed: 1)) != OneTimeSecret(SeededRandom(seed: 2)))
    }
}
