import Foundation
import TestSupport
import Testing

/// The documents lead newcomers to files by name, and files move.
@Suite("The documents' links")
struct DocumentLinkTests {
    @Test func `every link to a file of the repository leads to one`() throws {
        var count = 0
        for document in try documents() {
            let text = try String(contentsOf: document, encoding: .utf8)
            for match in text.matches(of: /\]\(([^)#:\s]+)(?:#[^)]*)?\)/) {
                let target = document.deletingLastPathComponent().appending(path: String(match.1))
                #expect(
                    FileManager.default.fileExists(atPath: target.path(percentEncoded: false)),
                    "\(document.lastPathComponent): \(match.1)")
                count += 1
            }
        }
        #expect(count > 50)
    }

    private func documents() throws -> [URL] {
        let root = URL(filePath: TestPaths.repository)
        let docs = root.appending(path: "docs")
        let below = try FileManager.default.subpathsOfDirectory(atPath: docs.path(percentEncoded: false))
        return [root.appending(path: "README.md")]
            + below.filter { $0.hasSuffix(".md") }.map { docs.appending(path: $0) }
    }
}
