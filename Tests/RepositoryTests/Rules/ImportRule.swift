/// The arrows of the design (§2): which of our modules each may import. They only point down.
enum ImportRule {
    static let arrows: [String: Set<String>] = [
        "Primitives": [],
        "Postgres": ["Primitives", "CLibPQ"],
        "Catalog": ["Primitives", "Postgres"],
        "Billing": ["Primitives", "Postgres", "Catalog"],
        "Provisioning": ["Primitives", "Postgres", "Catalog"],
        "Server": [
            "Primitives", "Postgres", "SchemaFiles", "Catalog", "Billing", "Provisioning", "CArgon2",
            "CSwaggerUI",
        ],
        "tollgate": ["Server"],
    ]

    /// What the two lowest modules may import from outside; nobody else is bound.
    static let outside: [String: Set<String>] = [
        "Primitives": ["Foundation", "Synchronization"],
        "Postgres": ["Foundation", "Synchronization", "Logging"],
    ]

    static let ours: Set<String> = Set(arrows.keys).union(["CLibPQ", "CArgon2", "CSwaggerUI", "SchemaFiles"])

    static func check(_ file: SourceFile) -> [Finding] {
        guard let module = file.module else { return [] }
        guard let allowed = arrows[module] else {
            return [Finding(path: file.path, line: 1, message: "no arrow is drawn for the module \(module)")]
        }
        return imports(of: file).compactMap { line, imported in
            if file.isUnder("Sources/Server/Dialects"), imported == "Postgres" {
                return Finding(path: file.path, line: line, message: "a dialect imports Postgres")
            }
            let isAllowed =
                ours.contains(imported)
                ? allowed.contains(imported) : outside[module].map { $0.contains(imported) } ?? true
            return isAllowed
                ? nil : Finding(path: file.path, line: line, message: "\(module) imports \(imported)")
        }
    }

    /// Every import with its line: `@testable public import struct Billing.Order` imports Billing.
    static func imports(of file: SourceFile) -> [(line: Int, module: String)] {
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)/
        return file.swift.code.numberedLines.flatMap { line, text in
            text.split(separator: ";").compactMap { $0.firstMatch(of: pattern).map { (line, String($0.1)) } }
        }
    }
}
