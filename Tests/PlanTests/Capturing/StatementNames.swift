import Foundation
import TestSupport

/// What the sources call each of their statements: `Billing/OrderStore.refund`.
struct StatementNames {
    private var namesByText: [String: String] = [:]

    /// Reads every `Storage` folder.
    init() throws {
        let sources = "\(TestPaths.repository)/Sources"
        guard let files = FileManager.default.enumerator(atPath: sources) else { return }
        var constants: [String: SQLConstants] = [:]
        for case let path as String in files where path.contains("/Storage/") && path.hasSuffix(".swift") {
            let place = String(path.replacing("/Storage/", with: "/").dropLast(".swift".count))
            constants[place] = try SQLConstants(String(contentsOfFile: "\(sources)/\(path)", encoding: .utf8))
        }
        // A type is named after its file, so `CouponStore.columns` is found by the end of a path.
        let others = Dictionary(
            constants.map { ($0.key.split(separator: "/").last.map(String.init) ?? $0.key, $0.value) },
            uniquingKeysWith: { first, _ in first })
        for (place, file) in constants {
            for (name, text) in file.statements(beside: others) {
                namesByText[Self.key(text)] = "\(place).\(name)"
            }
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

    func statements(beside others: [String: SQLConstants]) -> [(name: String, text: String)] {
        texts.keys.sorted().compactMap { name in
            let text = filled(texts[name]!).replacing(/\\\((\w+)\.(\w+)\)/) { match in
                let other = others[String(match.1)]
                return other?.texts[String(match.2)].map { other!.filled($0) } ?? String(match.0)
            }
            let isStatement = text.firstMatch(of: /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s/) != nil
            return isStatement ? (name, text) : nil
        }
    }

    private func filled(_ text: String) -> String {
        text.replacing(/\\\((\w+)\)/) { match in texts[String(match.1)].map(filled) ?? String(match.0) }
            .replacing("\\\n", with: " ")
    }
}
