/// A file of the repository as text; rules are functions of it, so that each can be shown a text that breaks it.
struct SourceFile: Sendable {
    /// From the repository's root: `Sources/Billing/Engine/Lane.swift`.
    let path: String
    let text: String

    /// What stands where: computed on demand, because not every rule asks.
    var swift: SwiftText { SwiftText(text) }

    /// `Billing` for what lies under `Sources/Billing/`; nil outside Sources.
    var module: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    func isUnder(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }
}

/// A rule that is broken at a place.
struct Finding: Hashable, CustomStringConvertible, Sendable {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

extension String {
    /// Lines as an editor numbers them, from 1.
    var numberedLines: [(line: Int, text: Substring)] {
        split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            ($0.offset + 1, $0.element)
        }
    }

    /// The line on which this place lies.
    func line(of index: Index) -> Int {
        utf8[..<index].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    }
}
