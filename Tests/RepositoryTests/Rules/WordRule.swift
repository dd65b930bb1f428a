/// Words that must not stand in some places.
struct WordRule: Sendable {
    let message: String
    /// Where the rule holds.
    let folders: [String]
    let finds: @Sendable (SourceFile) -> [(line: Int, word: String)]

    func check(_ file: SourceFile) -> [Finding] {
        guard folders.contains(where: file.isUnder) else { return [] }
        return finds(file).map { Finding(path: file.path, line: $0.line, message: "\(message): \($0.word)") }
    }

    static let all = [noFloats, noVendorWords, nothingUnfinished, realTimeOfIDs]

    /// Money and time are integers; what is not there cannot be rounded.
    static let noFloats = WordRule(
        message: "a floating-point type",
        folders: ["Sources/Primitives", "Sources/Catalog", "Sources/Billing"]
    ) { file in
        words(in: file.swift.code, /\b(?:Double|Float(?:16|32|64|80)?|CGFloat|Decimal)\b/)
    }

    /// A vendor's word stops at its dialect. Comments may name one: they say where a rule comes from.
    static let noVendorWords = WordRule(
        message: "a vendor's word",
        folders: ["Primitives", "Postgres", "Catalog", "Billing", "Provisioning"].map { "Sources/\($0)" }
    ) { file in
        let swift = file.swift
        let pattern = /(?i:opproxy|proxaro|octoprox|marchproxy)|(?:\b|_)[Gg]ate(?![a-z])|[a-z]Gate(?![a-z])/
        return words(in: swift.code, pattern)
            + swift.literals.flatMap { literal in
                words(in: literal.text, pattern).map { (literal.line + $0.line - 1, $0.word) }
            }
    }

    static let nothingUnfinished = WordRule(message: "something unfinished", folders: ["Sources"]) { file in
        words(in: file.text, /\b(?:TODO|FIXME|XXX)\b/) + words(in: file.swift.code, /\bfatalError\s*\(/)
    }

    /// Ids are one sequence in a process: made with a sandbox's time they would take everybody's along.
    static let realTimeOfIDs = WordRule(
        message: "an id with a tenant's time",
        folders: ["Sources/Billing/Engine", "Sources/Server/HTTP", "Sources/Server/Fulfilment"]
    ) { file in
        // The engine's `now` is a tenant's; elsewhere it is a transaction's that may be.
        words(
            in: file.swift.code,
            file.path.hasPrefix("Sources/Billing")
                ? /next\(\s*at:\s*now[,)]/ : /next\(\s*at:\s*transaction\.now[,)]/)
    }

    private static func words(in text: String, _ pattern: Regex<Substring>) -> [(line: Int, word: String)] {
        text.numberedLines.flatMap { line, text in text.matches(of: pattern).map { (line, String($0.0)) } }
    }
}
