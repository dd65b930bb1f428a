import Foundation
import Primitives
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test func `commas stand between values and nowhere else`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.integer(1)
        writer.bool(true)
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.null()
        writer.endArray()
        writer.key("b")
        writer.string("x")
        writer.key("c")
        writer.raw("1.50")
        writer.key("d")
        writer.raw([UInt8(ascii: "7")])
        writer.key("e")
        writer.value(["f": [false]])
        writer.endObject()

        #expect(text(writer.bytes) == #"{"a":[1,true,{},[],null],"b":"x","c":1.50,"d":7,"e":{"f":[false]}}"#)
    }

    @Test(
        arguments: [
            ("", #""""#), ("a/b", #""a/b""#), ("\"", #""\"""#), ("\\", #""\\""#),
            ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
            ("\u{0}\u{1}\u{1F}", #""\u0000\u0001\u001f""#), ("\u{7F}", "\"\u{7F}\""), ("é€😀", "\"é€😀\""),
            ("\u{2028}\u{2029}", "\"\u{2028}\u{2029}\""), ("\"\"", #""\"\"""#), ("a\nb\nc", #""a\nb\nc""#),
            ("<&>", #""<&>""#),
        ] as [(String, String)])
    func `only what must be escaped is escaped`(value: String, written: String) {
        #expect(text(JSON.string(value).encoded()) == written)
        #expect(text((["k": .string(value)] as JSON).encoded()) == "{\"k\":\(written)}")
        #expect(text(JSON.string(value).canonical()) == written)
    }

    @Test func `every control character is escaped and comes back`() throws {
        for value in UInt8(0)..<0x20 {
            let text = String(Unicode.Scalar(value))
            let bytes = JSON.string(text).encoded()
            #expect(bytes.allSatisfy { $0 >= 0x20 })
            #expect(try JSON.parse(bytes) == .string(text))
        }
    }

    /// Swift would sort `e` with an accent behind `f`, however it is composed.
    @Test func `names are sorted by their bytes and not by their meaning`() {
        let document: JSON = ["f": 1, "e\u{301}": 2, "\u{E9}a": 3, "\u{FF5E}": 4, "\u{1F600}": 5]
        #expect(
            text(document.canonical())
                == "{\"e\u{301}\":2,\"f\":1,\"\u{E9}a\":3,\"\u{FF5E}\":4,\"\u{1F600}\":5}")
    }

    @Test func `a name is escaped like a value`() throws {
        let object: JSON = ["\"\\\n": 1]
        #expect(text(object.encoded()) == #"{"\"\\\n":1}"#)
        #expect(try JSON.parse(object.encoded()) == object)
    }

    /// Foundation leaves out byte order marks wherever they stand.
    @Test func `Foundation reads what we write`() async {
        await forAll { generator in
            let value = String(generator.text().unicodeScalars.filter { $0 != "\u{FEFF}" })
            let read =
                try JSONSerialization.jsonObject(with: Data(JSON.array([.string(value)]).encoded()))
                as? [String]
            try same(read, [value])
        }
    }

    @Test func `the canonical text sorts by bytes and says each number in one way`() throws {
        let document = #"{ "é":1.0, "z":[2,1], "a":{"y":1e2,"x":1.50}, "Z":null, "":"\u0041", "aa":-0.0 }"#
        let canonical = #"{"":"A","Z":null,"a":{"x":15e-1,"y":100},"aa":0,"z":[2,1],"é":1}"#
        #expect(text(try JSON.parse(document.utf8).canonical()) == canonical)
    }

    @Test(
        arguments: [
            (#"{"a":1}"#, #"{"a":2}"#), (#"{"a":1}"#, #"{"b":1}"#), (#"{"a":1}"#, #"{"a":"1"}"#),
            (#"[1,2]"#, #"[2,1]"#),
            (#"{"a":null}"#, "{}"), (#"1.5"#, "1.6"), (#"[[1],2]"#, "[[1,2]]"), (#""é""#, "\"e\u{301}\""),
            ("0", "false"),
        ] as [(String, String)])
    func `two requests that mean two things have two canonical texts`(left: String, right: String) throws {
        #expect(try JSON.parse(left.utf8).canonical() != JSON.parse(right.utf8).canonical())
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
