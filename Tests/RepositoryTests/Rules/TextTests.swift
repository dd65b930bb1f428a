import Testing

/// The rules trust these two to tell code from comments and strings.
@Suite("Taking texts apart")
struct TextTests {
    @Test(
        arguments: [
            ("a // b", "a     ", []), ("a /* b /* c */ d */ e", "a                   e", []),
            ("/* a", "    ", []),
            ("f(\"x\")", "f(   )", ["x"]), ("\"a\\\"b\"+c", "      +c", ["a b"]),
            ("#\"a\"b\"#", "       ", ["a\"b"]),
            ("\"// no\" // yes", "              ", ["// no"]),
            ("\"a\\(b + \"c\")d\"", "    b +       ", ["c", "a d"]),
            ("#if x", "#if x", []), ("\"open\nnext", "     \nnext", ["open"]),
            ("\"\"\"\n\"a\"\n\"\"\" b", "   \n   \n    b", ["\n\"a\"\n"]),
            ("##\"a\"#b\"##c", "          c", ["a\"#b"]), ("\"\"", "  ", [""]),
            ("#\"\\(a)\\#(b)\"#", "         b   ", ["\\(a) "]),
        ] as [(String, String, [String])])
    func `code, and the strings in it`(text: String, code: String, literals: [String]) {
        let swift = SwiftText(text)
        #expect(swift.code == code)
        #expect(swift.literals.map(\.text) == literals)
    }

    @Test func `lines stay where they were`() {
        let text = "a\n/* b\n c */ let x = \"\"\"\n  d \\(e)\n  \"\"\"\nlet y = \"f\""
        let swift = SwiftText(text)
        #expect(swift.literals.map(\.line) == [3, 6])
        #expect(swift.code.split(separator: "\n", omittingEmptySubsequences: false).count == 6)
        #expect(swift.code.utf8.count == text.utf8.count)
    }

    @Test func `statements, and where they begin`() {
        let sql = SQLText("-- one; two\nA 'x;y' ; B $$ ; $$ ; /* ; */\nC $tag$ ; $$ ; $tag$ D 'it''s;';\n")
        #expect(sql.statements.map(\.line) == [2, 2, 3])
        #expect(
            sql.statements.map { $0.bare.split { !$0.isLetter }.joined(separator: " ") } == ["A", "B", "C D"])
        #expect(sql.statements[1].written == "B $$ ; $$ ;")
    }

    @Test func `a table's elements`() throws {
        let sql = SQLText(
            "\nCREATE TABLE t (\n    a numeric(1, 2),\n    b text -- c, d\n        NOT NULL\n);\nSELECT 1;")
        let table = try #require(SQLTable(sql.statements[0]))
        #expect(table.name == "t")
        #expect(table.elements.map(\.line) == [3, 4])
        #expect(table.elements.map(\.words) == [["a", "numeric", "1", "2"], ["b", "text", "NOT", "NULL"]])
        #expect(SQLTable(sql.statements[1]) == nil)
    }
}
