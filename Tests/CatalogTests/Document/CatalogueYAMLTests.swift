import Catalog
import Primitives
import Testing

@Suite("A catalogue file from somebody who may be anybody")
struct CatalogueYAMLTests {
    private func read(_ text: String) throws -> JSON { try CatalogueYAML.read(Array(text.utf8)) }

    @Test func `scalars are texts, whatever YAML would make of them, but for null and flags`() throws {
        let value = try read(
            """
            a: 12
            b: "12"
            c: [1.50, 0x1F, 12.00 USD, no, "null", ~, ]
            d: {e: , f: true, g: "true", h: false}
            """)
        #expect(
            value == [
                "a": "12", "b": "12", "c": ["1.50", "0x1F", "12.00 USD", "no", "null", .null],
                "d": ["e": .null, "f": true, "g": "true", "h": false],
            ])
    }

    @Test func `what is written is read as it was`() throws {
        let file: JSON = ["tenants": [["slug": "alba", "active": true, "grace": "1d", "asn": .null]]]
        #expect(try read(CatalogueYAML.text(file)) == file)
    }

    /// However an anchor or an alias may stand: they are found before anything is read.
    @Test(arguments: [
        "&a 1", "a: &b 1", "a: *b", "[&a 1, *a]", "[1,*a]", "{a: &b 1}", "{\"a\":&b 1}", "- &a 1", "-\t&a 1",
        "? &a 1", "a:\n  &b 1", "a: !!str &b 1", "a: &b !!str 1", "*a : 1", "a: \"x *y\"", "\u{FEFF}&a 1",
        "a: 1\u{85}&b : 2", "a: 1\u{2028}*b : 2",
    ])
    func `anchors and aliases are refused`(text: String) throws {
        let error = #expect(throws: DocumentError.self) { try read(text) }
        #expect(error?.message.hasPrefix("anchors (&) and aliases (*)") == true)
    }

    @Test(arguments: ["a: Q&A", "a: R & D", "a: 5 * 4", "a: \"b&c\"", "a: x*", "a: AT&T*"])
    func `a sign within a word or by itself is a letter like others`(text: String) throws {
        #expect(try read(text)["a"]?.stringValue?.isEmpty == false)
    }

    @Test func `what is too deep, too much or no YAML is refused, at its place`() throws {
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        let wide = "[" + String(repeating: "a,", count: 250_001) + "]"
        let keys = (0...500).map { "k\($0): 1" }.joined(separator: "\n")
        for (text, message) in [
            (deep, "nested deeper than 64 levels"), (wide, "the file has too many values"),
            (keys, "a mapping has too many keys"), ("", "the file is empty"),
        ] {
            let error = #expect(throws: DocumentError.self) { try read(text) }
            #expect(error?.message == message)
        }
        let broken = #expect(throws: DocumentError.self) { try read("a: 1\nb: [") }
        #expect(broken?.message.hasPrefix("not YAML") == true && broken?.mark.line == 3)
        let twice = #expect(throws: DocumentError.self) { try read("a: 1\na: 2") }
        #expect(twice?.message == "key \"a\" is given twice in one mapping")
        #expect(throws: DocumentError.self) { try CatalogueYAML.read([0x61, 0x3A, 0xFF]) }
    }
}
