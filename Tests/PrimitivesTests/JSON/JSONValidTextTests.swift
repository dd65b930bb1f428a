import Primitives
import Testing

/// Texts that a reader of RFC 8259 must accept, and what they mean.
@Suite("Valid JSON")
struct JSONValidTextTests {
    @Test(
        arguments: [
            ("null", .null), ("true", true), ("false", false), (" \t\r\n null \t\r\n ", .null),
            (#""""#, ""), (#"" ""#, " "), ("[]", []), ("{}", [:]), ("[ ]", []), ("{\n}", [:]), ("[[]]", [[]]),
            ("[[],[[]]]", [[], [[]]]), ("[null,1,\"1\",{}]", [.null, 1, "1", [:]]), ("[1 , 2\n]", [1, 2]),
            (#"{"a":[]}"#, ["a": []]), (#"{ "a" : 1 , "b" : 2 }"#, ["a": 1, "b": 2]), (#"{"":0}"#, ["": 0]),
            (#"{"a":{"a":{"a":null}}}"#, ["a": ["a": ["a": .null]]]), (#"{"a":1,"A":2}"#, ["a": 1, "A": 2]),
        ] as [(String, JSON)])
    func `structures and literals`(text: String, value: JSON) throws {
        #expect(try JSON.parse(text.utf8) == value)
    }

    @Test(
        arguments: [
            (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""/""#, "/"),
            (#""\u0000""#, "\0"),
            (#""\u0041\u00e9\u00E9""#, "Aéé"), (#""\u20AC""#, "€"), (#""\uD83D\uDE00""#, "😀"),
            (#""\ud83d\ude00x""#, "😀x"),
            (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\uD800\uDC00""#, "\u{10000}"),
            (#""\uFFFF\uFEFF""#, "\u{FFFF}\u{FEFF}"),
            (#""\uD7FF\uE000""#, "\u{D7FF}\u{E000}"), (#""\\u0041""#, "\\u0041"), (#""\\""#, "\\"),
            (#""a\"""#, "a\""),
            ("\"é€😀\"", "é€😀"), ("\"\u{7F}\"", "\u{7F}"),
            (
                "\"\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"",
                "\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}"
            ), ("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"),
            ("\"\u{FEFF}\"", "\u{FEFF}"), ("\"e\u{301}\"", "e\u{301}"), (#""é\n€""#, "é\n€"),
            (#""\u0061\u30af\u30EA""#, "aクリ"),
        ] as [(String, String)])
    func `strings`(text: String, value: String) throws {
        let parsed = try #require(try JSON.parse(text.utf8).stringValue)
        // By scalars: Swift takes é for é however it is composed.
        #expect(Array(parsed.unicodeScalars) == Array(value.unicodeScalars))
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("1", 1), ("-1", -1), ("10", 10), ("123456789", 123_456_789),
            ("9223372036854775807", .max),
            ("-9223372036854775808", .min), ("9007199254740993", 9_007_199_254_740_993), (" 7 ", 7),
        ] as [(String, Int64)])
    func `integers are exact`(text: String, value: Int64) throws {
        #expect(try JSON.parse(text.utf8) == .integer(value))
    }

    @Test(arguments: [
        "0.0", "-0.0", "1.5", "-1.50", "1e2", "1E2", "1e+2", "1E-2", "0e1", "0E0", "20e-1", "123.456e78",
        "0.1e1",
        "9223372036854775808", "-9223372036854775809", "1e400", "1e-400", "1e99999999999999999999",
        "0.100000000000000000000000000000000000001", "100000000000000000000000000000000000000000",
    ])
    func `other numbers keep their text`(text: String) throws {
        guard case .number(let number) = try JSON.parse(text.utf8) else {
            Issue.record("\(text) is not a number with a text")
            return
        }
        #expect(number.literal == text)
        #expect(String(decoding: JSON.number(number).encoded(), as: UTF8.self) == text)
    }

    @Test func `sixty-four levels`() throws {
        let arrays = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try JSON.parse(arrays.utf8).encoded() == Array(arrays.utf8))
        let objects = String(repeating: #"{"a":"#, count: 64) + "1" + String(repeating: "}", count: 64)
        #expect(try JSON.parse(objects.utf8).encoded() == Array(objects.utf8))
    }

    @Test func `levels that were left are levels no more`() throws {
        let text = "[" + Array(repeating: "[[{}]]", count: 100).joined(separator: ",") + "]"
        #expect(try JSON.parse(text.utf8).arrayValue?.count == 100)
    }

    @Test func `an object keeps the order of its members, however many`() throws {
        let names = (0..<1000).map { "m\($0 * 7919 % 1000)" }
        let text = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try JSON.parse(text.utf8).objectValue?.members.map(\.key) == names)
    }

    @Test func `any collection of bytes is read, whether or not it lies in one piece`() throws {
        let bytes = Array(#"  {"a":1}"#.utf8)
        let value: JSON = ["a": 1]
        #expect(try JSON.parse(bytes) == value)
        #expect(try JSON.parse(bytes[2...]) == value)
        #expect(try JSON.parse(bytes.lazy.map { $0 }) == value)
        #expect(try JSON.parse(Array(bytes.reversed()).reversed()) == value)
        #expect(try bytes.withUnsafeBytes { try JSON.parse($0) } == value)
    }
}
