/// A migration taken apart into statements, with comments, strings and function bodies blanked out.
struct SQLText {
    struct Statement {
        let line: Int
        /// The statement as it was written.
        let written: Substring
        /// As long as `written`: names and keywords only.
        let bare: String
    }

    let statements: [Statement]

    init(_ text: String) {
        let bare = Self.bare(Array(text.utf8))
        var statements: [Statement] = []
        var start = 0
        for (index, byte) in bare.enumerated() where byte == UInt8(ascii: ";") || index == bare.count - 1 {
            let place = bare[start...index].firstIndex { $0 > 0x20 } ?? index
            let written = text.utf8.dropFirst(place).prefix(index + 1 - place)
            let line = bare[..<place].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
            let body = String(decoding: bare[place...index], as: UTF8.self)
            if body.contains(where: \.isLetter) {
                statements.append(Statement(line: line, written: Substring(written), bare: body))
            }
            start = index + 1
        }
        self.statements = statements
    }

    private static func bare(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        var position = 0
        while position < bytes.count {
            let end = hiddenEnd(bytes, from: position)
            for index in position..<end where bytes[index] != UInt8(ascii: "\n") {
                result[index] = UInt8(ascii: " ")
            }
            position = max(end, position + 1)
        }
        return result
    }

    /// Where the comment, string or dollar-quoted body that begins here ends; the same place where none begins.
    private static func hiddenEnd(_ bytes: [UInt8], from start: Int) -> Int {
        func sees(_ text: String, at place: Int) -> Bool { bytes[place...].starts(with: text.utf8) }
        func end(after mark: String, from place: Int) -> Int {
            (place..<bytes.count).first { sees(mark, at: $0) }.map { $0 + mark.utf8.count } ?? bytes.count
        }
        if sees("--", at: start) { return end(after: "\n", from: start) - 1 }
        if sees("/*", at: start) { return end(after: "*/", from: start) }
        // A doubled quote ends one string and begins the next, which hides the same bytes.
        if sees("'", at: start) { return end(after: "'", from: start + 1) }
        if sees("$", at: start), let tagEnd = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "$")) {
            let tag = bytes[start...tagEnd]
            guard
                tag.dropFirst().dropLast().allSatisfy({
                    $0 == UInt8(ascii: "_") || Unicode.Scalar($0).properties.isAlphabetic
                })
            else { return start }
            return end(after: String(decoding: tag, as: UTF8.self), from: tagEnd + 1)
        }
        return start
    }
}
