/// Guesses which known word a misspelt one was meant to be.
enum Spelling {
    /// ` (a, b, c)` of what is known, and a guess where one is near: the end of a sentence.
    static func known(_ words: [String], near wrong: String) -> String {
        let listed = words.joined(separator: ", ")
        guard let guess = nearest(to: wrong, among: words) else { return "; it is one of \(listed)" }
        return "; did you mean \"\(guess)\"?"
    }

    /// The word that takes the fewest edits; `nil` where that would be more than a third of the letters.
    static func nearest(to wrong: String, among words: [String]) -> String? {
        let scored = words.map { (word: $0, edits: distance(wrong.lowercased(), $0.lowercased())) }
        guard let best = scored.min(by: { $0.edits < $1.edits }) else { return nil }
        return best.edits <= max(1, best.word.count / 3) ? best.word : nil
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two words.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left), right = Array(right)
        var rows = [Array(0...right.count)]
        for (i, letter) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                var edits = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (letter == other ? 0 : 1))
                if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other {
                    edits = min(edits, rows[i - 1][j - 1] + 1)
                }
                row.append(edits)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}

extension Located<String> {
    /// The error of a name that a tenant has nothing of, with the one that is nearest to it.
    public func dangling(_ kind: String, of slug: String, among known: [String]) -> DocumentError {
        let guess = Spelling.nearest(to: value, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        return mark.problem("tenant \"\(slug)\" has no \(kind) \"\(value)\"\(guess)")
    }
}
