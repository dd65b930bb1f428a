import Foundation

/// The working copy that the tests were built from.
enum Repository {
    /// Tests/RepositoryTests/Rules/Repository.swift, links resolved.
    static let root = (0..<4).reduce(URL(filePath: #filePath).resolvingSymlinksInPath()) { url, _ in
        url.deletingLastPathComponent()
    }

    static let sources = files(under: "Sources", suffix: ".swift")
    static let migrations = files(under: "sql/migrations", suffix: ".sql").filter { $0.name == "up.sql" }

    static func folders(under folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            at: root.appending(path: folder), includingPropertiesForKeys: [.isDirectoryKey]
        )
        .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
        .map(\.lastPathComponent).sorted()
    }

    /// The text of a file, nil where there is none.
    static func text(_ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    private static func files(under folder: String, suffix: String) -> [SourceFile] {
        let paths =
            FileManager.default.enumerator(atPath: root.appending(path: folder).path(percentEncoded: false))?
            .compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(suffix) }.sorted().compactMap { path in
            text("\(folder)/\(path)").map { SourceFile(path: "\(folder)/\(path)", text: $0) }
        }
    }
}
