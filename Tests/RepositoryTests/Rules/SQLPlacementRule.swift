/// SQL text lives in `Storage/` folders and in the Postgres module, and never asks the server what time it is.
enum SQLPlacementRule {
    static func check(_ file: SourceFile) -> [Finding] {
        let mayHold = file.isUnder("Sources/Postgres") || file.path.contains("/Storage/")
        return file.swift.literals.compactMap { literal in
            guard let place = firstStatement(in: literal.text) else { return nil }
            let line = literal.line + literal.text.line(of: place) - 1
            return mayHold
                ? nil : Finding(path: file.path, line: line, message: "SQL outside a Storage folder")
        }
    }

    /// Instants are parameters (a sandbox has a clock of its own).
    static func checkClock(_ file: SourceFile) -> [Finding] {
        file.swift.literals.flatMap { literal in
            literal.text.matches(of: serverClock).map { match in
                let line = literal.line + literal.text.line(of: match.range.lowerBound) - 1
                return Finding(
                    path: file.path, line: line, message: "SQL reads the server's clock: \(match.0)")
            }
        }
    }

    static var serverClock: Regex<Substring> {
        /(?i)\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\s*\)|\bCURRENT_(?:TIMESTAMP|TIME|DATE)\b|\bLOCALTIMESTAMP\b/
    }

    private static func firstStatement(in text: String) -> String.Index? {
        // Cheap words first: most strings hold none of them.
        guard ["SELECT", "INSERT", "UPDATE", "DELETE"].contains(where: text.contains) else { return nil }
        let shapes: [Regex<Substring>] = [
            /\bSELECT\b[\s\S]*?\bFROM\b/, /\bINSERT\s+INTO\b/, /\bUPDATE\s+[^;]*?\bSET\b/,
            /\bDELETE\s+FROM\b/,
        ]
        return shapes.compactMap { text.firstMatch(of: $0)?.range.lowerBound }.min()
    }
}
