/// A Swift file taken apart: its code with comments and strings blanked out, and its strings.
///
/// Knows nested comments, raw and multi-line strings and interpolations; a regex literal that holds a quote confuses
/// it up to the end of that line.
struct SwiftText {
    struct Literal: Hashable {
        let line: Int
        /// The contents, with a space for every interpolation and escape.
        let text: String
    }

    /// As long as the file, line for line; interpolated expressions are code.
    private(set) var code: String = ""
    private(set) var literals: [Literal] = []

    init(_ text: String) {
        var scanner = SwiftScanner(Array(text.utf8))
        scanner.code(untilParenthesis: false)
        code = String(decoding: scanner.code, as: UTF8.self)
        literals = scanner.literals
    }
}

private struct SwiftScanner {
    let bytes: [UInt8]
    var position = 0
    var line = 1
    var code: [UInt8] = []
    var literals: [SwiftText.Literal] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads code to the end of the file, or to the parenthesis that closes an interpolation.
    mutating func code(untilParenthesis: Bool) {
        var depth = 0
        while position < bytes.count {
            if sees("//") {
                while position < bytes.count, !sees("\n") { blank() }
            } else if sees("/*") {
                blockComment()
            } else if let hashes = hashesBeforeQuote() {
                literal(hashes)
            } else {
                if sees("(") { depth += 1 }
                if sees(")") {
                    if untilParenthesis, depth == 0 { return }
                    depth -= 1
                }
                keep()
            }
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if sees("/*") {
                depth += 1
                blank(2)
            } else if sees("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && position < bytes.count
    }

    private mutating func literal(_ hashes: Int) {
        let marks = String(repeating: "#", count: hashes)
        blank(hashes)
        let isMultiline = sees("\"\"\"")
        let quotes = isMultiline ? "\"\"\"" : "\""
        let start = line
        var text: [UInt8] = []
        blank(quotes.utf8.count)
        while position < bytes.count, !sees(quotes + marks), isMultiline || !sees("\n") {
            if sees("\\" + marks + "(") {
                blank(2 + hashes)
                code(untilParenthesis: true)
                blank()
                text.append(UInt8(ascii: " "))
            } else if sees("\\" + marks) {
                blank(1 + hashes)
                text.append(sees("\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
                blank()
            } else {
                text.append(bytes[position])
                blank()
            }
        }
        blank(sees("\n") ? 0 : quotes.utf8.count + hashes)
        literals.append(.init(line: start, text: String(decoding: text, as: UTF8.self)))
    }

    /// How many `#` stand before the quote that begins here; nil where no string begins.
    private func hashesBeforeQuote() -> Int? {
        var place = position
        while place < bytes.count, bytes[place] == UInt8(ascii: "#") { place += 1 }
        return place < bytes.count && bytes[place] == UInt8(ascii: "\"") ? place - position : nil
    }

    private func sees(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func keep() {
        if bytes[position] == UInt8(ascii: "\n") { line += 1 }
        code.append(bytes[position])
        position += 1
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            let isNewline = bytes[position] == UInt8(ascii: "\n")
            if isNewline { line += 1 }
            code.append(isNewline ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            position += 1
        }
    }
}
