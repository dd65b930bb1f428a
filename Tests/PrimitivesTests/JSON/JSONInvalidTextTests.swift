import Primitives
import Testing

/// Texts that a reader of RFC 8259 must refuse, why, and at which byte.
@Suite("Invalid JSON")
struct JSONInvalidTextTests {
    @Test(
        arguments: [
            ("", .empty, 0), (" \n", .empty, 2), ("\u{FEFF}{}", .byteOrderMark, 0),
            ("\u{FEFF}", .byteOrderMark, 0),
            ("1 2", .trailingBytes, 2), ("{}x", .trailingBytes, 2), ("[]]", .trailingBytes, 2),
            ("{}}", .trailingBytes, 2),
            ("\"a\"\"b\"", .trailingBytes, 3), ("nullx", .trailingBytes, 4), ("truefalse", .trailingBytes, 4),
            ("[]\0", .trailingBytes, 2), ("{}//", .trailingBytes, 2), ("{}#", .trailingBytes, 2),
            ("[", .unexpectedEnd, 1), ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
            ("[1,", .unexpectedEnd, 3),
            ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6),
            ("{\"a\":1,", .unexpectedEnd, 7), ("nul", .unexpectedEnd, 3), ("t", .unexpectedEnd, 1),
            ("[\"a", .unexpectedEnd, 3),
            ("\"", .unexpectedEnd, 1), ("\"\\", .unexpectedEnd, 2), ("\"\\u00", .unexpectedEnd, 5),
            ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
            ("[[[[", .unexpectedEnd, 4),
        ] as [(String, JSONError.Reason, Int)])
    func `too little and too much`(text: String, reason: JSONError.Reason, offset: Int) {
        expect(Array(text.utf8), reason, offset)
    }

    @Test(
        arguments: [
            ("[1,]", "]", 3), ("[,1]", ",", 1), ("[,]", ",", 1), ("[1,,2]", ",", 3), ("[1 2]", "2", 3),
            ("[1:2]", ":", 2),
            ("[1}", "}", 2), ("{]", "]", 1), ("{,}", ",", 1), ("{\"a\"}", "}", 4), ("{\"a\":}", "}", 5),
            ("{\"a\":1,}", "}", 7), ("{\"a\":1,,\"b\":2}", ",", 7), ("{\"a\" 1}", "1", 5),
            ("{\"a\"::1}", ":", 5),
            ("{\"a\":1 \"b\":2}", "\"", 7), ("{a:1}", "a", 1), ("{'a':1}", "'", 1), ("{1:1}", "1", 1),
            ("{null:1}", "n", 1),
            ("{\"a\":1;}", ";", 6), ("{\"a\",1}", ",", 4), ("'a'", "'", 0), ("True", "T", 0),
            ("nuLL", "L", 2), ("NULL", "N", 0),
            ("NaN", "N", 0), ("Infinity", "I", 0), ("undefined", "u", 0), ("+1", "+", 0), (".5", ".", 0),
            ("[+1]", "+", 1),
            ("[.1]", ".", 1), ("[1a]", "a", 2), ("[0x1]", "x", 2), ("[1_000]", "_", 2), ("*", "*", 0),
            ("<a>", "<", 0), ("/**/1", "/", 0), ("[1/**/]", "/", 2), ("\\u006e", "\\", 0), ("]", "]", 0),
            ("}", "}", 0),
            (":", ":", 0), (",", ",", 0), ("[\u{B}]", "\u{B}", 1), ("\u{C}1", "\u{C}", 0),
            ("[fals\u{0}]", "\0", 5),
        ] as [(String, Unicode.Scalar, Int)])
    func `bytes that cannot stand where they stand`(text: String, byte: Unicode.Scalar, offset: Int) {
        expect(Array(text.utf8), .unexpectedByte(UInt8(ascii: byte)), offset)
    }

    @Test(
        arguments: [
            ("01", 0), ("-01", 1), ("00", 0), ("[012]", 1), ("-x", 1), ("--1", 1), ("-.5", 1), ("1.e1", 2),
            ("1.x", 2), ("1ee2", 2),
            ("1e-+1", 3), ("1e.5", 2), ("1E+-2", 3), ("-Infinity", 1), ("-NaN", 1), ("[0e]", 3), ("[1.]", 3),
            ("[-]", 2),
            ("0.e1", 2), ("1eE2", 2), ("[1e+]", 4), ("- 1", 1), ("[1,000]", 3),
        ] as [(String, Int)])
    func `what is not quite a number`(text: String, offset: Int) {
        expect(Array(text.utf8), .invalidNumber, offset)
    }

    @Test(
        arguments: [
            (#""\a""#, .invalidEscape, 1), (#""\x41""#, .invalidEscape, 1), (#""\'""#, .invalidEscape, 1),
            (#""\U0041""#, .invalidEscape, 1), (#""\ ""#, .invalidEscape, 1), (#""ab\0""#, .invalidEscape, 3),
            (#""\u00G0""#, .invalidEscape, 1), (#""\u004""#, .invalidEscape, 1),
            (#""\u-041""#, .invalidEscape, 1),
            (#""\é""#, .invalidEscape, 1), ("\"\\\u{0}\"", .invalidEscape, 1),
            (#""\uD83D\u""#, .invalidEscape, 7),
            (#""\uD83D""#, .unpairedSurrogate, 1), (#""\uDE00""#, .unpairedSurrogate, 1),
            (#""\uD83Dx""#, .unpairedSurrogate, 1),
            (#""\uD83D\n""#, .unpairedSurrogate, 1), (#""\uD83D\u0041""#, .unpairedSurrogate, 1),
            (#""\uD83D\uD83D""#, .unpairedSurrogate, 1), (#""\uDE00\uD83D""#, .unpairedSurrogate, 1),
            (#""a\uD800b""#, .unpairedSurrogate, 2), ("\"\u{0}\"", .controlCharacter(0), 1),
            ("\"a\nb\"", .controlCharacter(0x0A), 2), ("\"\t\"", .controlCharacter(0x09), 1),
            ("\"\u{1F}\"", .controlCharacter(0x1F), 1), ("\"\\n\r\"", .controlCharacter(0x0D), 3),
            ("{\"a\u{1}\":1}", .controlCharacter(1), 3),
        ] as [(String, JSONError.Reason, Int)])
    func `what is not quite a string`(text: String, reason: JSONError.Reason, offset: Int) {
        expect(Array(text.utf8), reason, offset)
    }

    /// Overlong forms, surrogates, code points past the last, lone and missing continuation bytes.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xC2, 0xC2],
            [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x28],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE],
            [0xFF],
        ] as [[UInt8]])
    func `bytes that are not UTF-8`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        expect([quote] + bytes + [quote], .invalidUTF8, 1)
        expect([quote] + bytes, .invalidUTF8, 1)
        expect([quote, UInt8(ascii: "\\"), UInt8(ascii: "n")] + bytes + [quote], .invalidUTF8, 3)
        expect(bytes, .unexpectedByte(bytes[0]), 0)
    }

    @Test(
        arguments: [
            (#"{"a":1,"a":1}"#, "a", 7), (#"{"a":1,"b":2,"a":3}"#, "a", 13), (#"{"a":1,"\u0061":2}"#, "a", 7),
            (#"{"":1,"":2}"#, "", 6), (#"[{"x":{"y":1,"y":2}}]"#, "y", 13),
            ("{\"é\":1,\"e\u{301}\":2}", "é", 8),
        ] as [(String, String, Int)])
    func `a member named twice`(text: String, key: String, offset: Int) {
        expect(Array(text.utf8), .duplicateKey(key), offset)
    }

    @Test func `a member named twice among many`() {
        let members = (0..<100).map { "\"m\($0)\":\($0)" }
        for repeated in [0, 15, 16, 17, 99] {
            let text = "{" + (members + [members[repeated]]).joined(separator: ",") + "}"
            expect(
                Array(text.utf8), .duplicateKey("m\(repeated)"),
                text.utf8.count - members[repeated].utf8.count - 1)
        }
    }

    @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#])
    func `one level too many, or a hundred thousand`(opening: String) {
        for count in [65, 100_000] {
            let error = #expect(throws: JSONError.self) {
                try JSON.parse(String(repeating: opening, count: count).utf8)
            }
            #expect(error?.reason == .tooDeep)
        }
    }

    @Test func `every error says what and where in one sentence`() {
        let reasons: [JSONError.Reason] = [
            .empty, .byteOrderMark, .unexpectedEnd, .unexpectedByte(0), .unexpectedByte(0x41), .trailingBytes,
            .invalidNumber,
            .invalidEscape, .unpairedSurrogate, .controlCharacter(9), .invalidUTF8, .duplicateKey("k"),
            .tooDeep,
        ]
        let messages = reasons.map { JSONError($0, at: 4_711).message }
        #expect(Set(messages).count == reasons.count)
        for message in messages { #expect(message.hasSuffix(".") && message.first?.isUppercase == true) }
        #expect(JSONError(.unexpectedByte(0x41), at: 7).description == "Unexpected 'A' at byte 7.")
    }

    private func expect(
        _ bytes: [UInt8], _ reason: JSONError.Reason, _ offset: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: JSONError.self, sourceLocation: sourceLocation) { try JSON.parse(bytes) }
        #expect(error == JSONError(reason, at: offset), sourceLocation: sourceLocation)
    }

    /// Comparing two such strings would take the square of their length.
    @Test func `a character has thirty combining marks at most`() throws {
        let thirty = String(repeating: "\u{301}\u{316}", count: 15)
        #expect(try JSON.parse("\"\(thirty)a\(thirty)\"".utf8).stringValue?.unicodeScalars.count == 61)
        for text in ["[\"a\(thirty)\u{301}\"]", "[\"\(String(repeating: "\\u0301", count: 31))\"]"] {
            #expect(throws: JSONError(.tooManyMarks, at: 2)) { try JSON.parse(text.utf8) }
        }
    }
}
