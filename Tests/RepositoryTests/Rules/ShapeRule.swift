/// How long a source file may be, and what it may be called.
enum ShapeRule {
    static let linesMax = 300

    static func checkLength(_ file: SourceFile) -> [Finding] {
        let lines =
            file.text.split(separator: "\n", omittingEmptySubsequences: false).count
            - (file.text.hasSuffix("\n") ? 1 : 0)
        return lines <= linesMax
            ? [] : [Finding(path: file.path, line: linesMax + 1, message: "\(lines) lines")]
    }

    /// A name that would fit anything says nothing (`DatabaseUtils`, `Helpers+Money`, `SlotManager`).
    static func checkName(_ file: SourceFile) -> [Finding] {
        guard let word = file.name.firstMatch(of: /(?:Util(?:s|ity|ities)?|Helpers?|Managers?)(?![a-z])/)
        else { return [] }
        return [Finding(path: file.path, line: 1, message: "named \(word.0)")]
    }

    /// `0001-platform`, `0002-tenants`, …: four digits, one after the other.
    static func checkNumbers(_ folders: [String]) -> [Finding] {
        folders.sorted().enumerated().compactMap { index, folder in
            let number = String(index + 1)
            let wanted = String(repeating: "0", count: 4 - number.count) + number + "-"
            let isRight =
                folder.hasPrefix(wanted) && folder.wholeMatch(of: /\d{4}-[a-z0-9]+(?:-[a-z0-9]+)*/) != nil
            return isRight
                ? nil : Finding(path: "sql/migrations/\(folder)", line: 1, message: "expected \(wanted)…")
        }
    }
}
