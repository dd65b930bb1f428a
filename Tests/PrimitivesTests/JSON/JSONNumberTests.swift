import Primitives
import Testing

@Suite("JSON numbers")
struct JSONNumberTests {
    @Test(
        arguments: [
            ("2.0", 2), ("-2.0", -2), ("1e2", 100), ("1E+2", 100), ("20e-1", 2), ("0.0", 0), ("-0.0", 0),
            ("0e999", 0),
            ("0.000e-999999999999999999999", 0), ("1.50e1", 15), ("0.0012e4", 12), ("12300e-2", 123),
            ("9223372036854775807.0", .max), ("-9223372036854775808.000", .min),
            ("9.223372036854775807e18", .max),
            ("922337203685477580.7e1", .max), ("92233720368547758070e-1", .max),
            ("1e18", 1_000_000_000_000_000_000),
            ("9007199254740993.0", 9_007_199_254_740_993), ("0.9007199254740993e16", 9_007_199_254_740_993),
            ("1" + String(repeating: "0", count: 400) + "e-400", 1),
            ("0." + String(repeating: "0", count: 400) + "7e401", 7),
        ] as [(String, Int64)])
    func `whole numbers are recognised however they are spelt`(text: String, value: Int64) throws {
        #expect(JSONNumber(literal: text)?.integralValue == value)
        #expect(try JSON.parse(text.utf8).integralValue == value)
        #expect(try JSON.parse(text.utf8).canonical() == Array(String(value).utf8))
    }

    @Test(arguments: [
        "1.5", "-0.1", "1e-1", "15e-1", "1e19", "9223372036854775808", "-9223372036854775809",
        "9223372036854775807.5",
        "9.2233720368547758071e18", "1e400", "1e-400", "1e99999999999999999999", "-1e-99999999999999999999",
        "0.99999999999999999999", "1.0000000000000000000000001", "99999999999999999999e-1",
    ])
    func `fractions and what leaves Int64 are not whole`(text: String) throws {
        #expect(try JSON.parse(text.utf8).integralValue == nil)
    }

    @Test(arguments: [
        "", "1", "-1", "0", "9223372036854775807", " 1.5", "1.5 ", "1.5x", "01.5", ".5", "\"1.5\"", "[1.5]",
        "NaN",
    ])
    func `a text that is no number, or is an integer, makes no number`(text: String) {
        #expect(JSONNumber(literal: text) == nil)
    }

    @Test(
        arguments: [
            ("1.5", "1.50"), ("1.5", "15e-1"), ("1.5", "0.15E1"), ("1e400", "10e399"),
            ("1e400", "1.000e+400"), ("-0.5", "-5e-1"),
            ("9223372036854775808", "9.223372036854775808e18"),
        ] as [(String, String)])
    func `two spellings of one number have one canonical text`(left: String, right: String) {
        #expect(JSONNumber(literal: left)?.canonicalText == JSONNumber(literal: right)?.canonicalText)
        #expect(JSONNumber(literal: left) != JSONNumber(literal: right))
    }

    @Test func `any integer is recognised with the point anywhere and an exponent that undoes it`() async {
        await forAll { generator in
            let value = generator.anyInt64()
            let text = generator.respelled(value)
            try same(try JSON.parse(text.utf8).integralValue, value, text)
            try same(try JSON.parse(text.utf8).canonical(), Array(String(value).utf8), text)
        }
    }

    @Test func `the canonical text is a number with itself as canonical text`() async {
        await forAll { generator in
            let literal = generator.numberLiteral()
            guard let number = JSONNumber(literal: literal) else { return }
            let canonical = try JSON.parse(number.canonicalText.utf8)
            try same(String(decoding: canonical.canonical(), as: UTF8.self), number.canonicalText, literal)
            try same(canonical.integralValue, number.integralValue, literal)
        }
    }
}
