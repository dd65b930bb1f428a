import Foundation
import TestSupport

/// What the sources call each of their statements: `Billing/OrderStore.refund`.
struct StatementNames {
    private var namesByText: [String: String] = [:]

    /// Reads every `Storage` folder.
    init() throws {
        let sources = "\(TestPaths.repository)/Sources"
        guard let files = FileManager.default.enumerator(atPath: sources) else { return }
        for case let path as String in files where path.contains("/Storage/") && path.hasSuffix(".swift") {
            let file = try SQLConstants(String(contentsOfFile: "\(sources)/\(path)", encoding: .utf8))
            let place = path.replacing("/Storage/", with: "/").dropLast(".swift".count)
            for (name, text) in file.statements { namesByText[Self.key(text)] = "\(place).\(name)" }
        }
    }

    var all: Set<String> { Set(namesByText.values) }

    func name(of statement: SentStatement) -> String? { namesByText[Self.key(statement.text)] }

    /// Layout does not count.
    private static func key(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// The constants of one source file that hold SQL, each with the constants it is put together from filled in.
private struct SQLConstants {
    private var texts: [String: String] = [:]

    init(_ source: String) {
        let long = /static let (\w+) = """\n(.*?)\n\s*"""/.dotMatchesNewlines()
        for match in source.matches(of: long) { texts[String(match.1)] = String(match.2) }
        for match in source.matches(of: /static let (\w+) =\s*"([^"\n]+)"\n/) {
            texts[String(match.1)] = String(match.2)
        }
    }

    var statements: [(name: String, text: String)] {
        texts.keys.sorted().compactMap { name in
            let text = filled(texts[name]!)
            let isStatement = text.firstMatch(of: /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s/) != nil
            return isStatement ? (name, text) : nil
        }
    }

    private func filled(_ text: String) -> String {
        text.replacing(/\\\((\w+)\)/) { match in texts[String(match.1)].map(filled) ?? String(match.0) }
            .replacing("\\\n", with: " ")
    }
}
