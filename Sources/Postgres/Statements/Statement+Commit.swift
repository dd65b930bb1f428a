extension Statement {
    var isCommit: Bool { Self.commits(text) }

    /// Whether the text ends a transaction; a guess on the safe side, by its first word.
    static func commits(_ text: String) -> Bool {
        func starts(with word: StaticString) -> Bool {
            var index = 0
            for byte in text.utf8.prefix(word.utf8CodeUnitCount) {
                guard byte | 0x20 == word.utf8Start[index] else { return false }
                index += 1
            }
            return index == word.utf8CodeUnitCount
        }
        return starts(with: "commit") || starts(with: "end")
    }
}
