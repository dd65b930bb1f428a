/// A table as a `CREATE TABLE` declares it.
struct SQLTable {
    /// One column or constraint of the table, without its comma.
    struct Element {
        let line: Int
        let text: String
        var words: [Substring] { text.split { !($0.isLetter || $0.isNumber || $0 == "_") } }
    }

    let name: String
    let elements: [Element]

    /// Nil where the statement makes no table.
    init?(_ statement: SQLText.Statement) {
        guard
            let head = statement.bare.firstMatch(
                of: /(?i)^CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?\s*\(/)
        else { return nil }
        name = String(head.1)
        elements = Self.elements(of: statement.bare, from: head.range.upperBound, firstLine: statement.line)
    }

    var hasTenant: Bool { elements.contains { $0.words.first == "tenant_id" } }

    /// The columns of each primary key and unique constraint.
    var keys: [(line: Int, columns: [String])] {
        elements.compactMap { element in
            element.text.firstMatch(of: /(?i)\b(?:PRIMARY\s+KEY|UNIQUE)\s*\(([^)]*)\)/).map { match in
                (
                    element.line,
                    match.1.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
                        .map { String($0.prefix { !$0.isWhitespace }) }
                )
            }
        }
    }

    /// What lies between the commas that stand in no parentheses of their own.
    private static func elements(of bare: String, from start: String.Index, firstLine: Int) -> [Element] {
        var elements: [Element] = []
        var depth = 0
        var text = ""
        var line = firstLine + bare.line(of: start) - 1
        var elementLine: Int?
        for character in bare[start...] {
            if character == "\n" { line += 1 }
            if (character == "," || character == ")") && depth == 0 {
                if let elementLine { elements.append(Element(line: elementLine, text: text)) }
                (text, elementLine) = ("", nil)
                if character == ")" { break }
                continue
            }
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if elementLine == nil, !character.isWhitespace { elementLine = line }
            if elementLine != nil { text.append(character) }
        }
        return elements
    }
}
