internal import Foundation
public import Testing

/// Text that was looked at once, agreed to, and kept under fixtures/.
public enum GoldenFile {
    /// Whether this run rewrites what differs: `UPDATE_FIXTURES=1 swift test`.
    public static var isUpdating: Bool { ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] == "1" }

    /// Records an issue where `text` is not what `fixtures/<path>` holds.
    public static func expect(
        _ text: String, at path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try expect(text, inFile: TestPaths.fixture(path), sourceLocation: sourceLocation)
    }

    /// Records an issue where `text` is not what the file of the repository holds.
    public static func expect(
        _ text: String, inFile file: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let kept =
            try FileManager.default.fileExists(atPath: file)
            ? String(contentsOfFile: file, encoding: .utf8) : nil
        guard kept != text else { return }
        if isUpdating {
            let folder = URL(filePath: file).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        } else {
            Issue.record("\(file): \(difference(kept, text))", sourceLocation: sourceLocation)
        }
    }

    private static func difference(_ kept: String?, _ text: String) -> String {
        guard let kept else { return "there is no such file yet; UPDATE_FIXTURES=1 writes it:\n\(text)" }
        let old = kept.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line =
            zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            ?? min(old.count, new.count)
        return """
            differs from line \(line + 1) on (UPDATE_FIXTURES=1 rewrites it)
            kept: \(line < old.count ? old[line] : "(the end)")
            now:  \(line < new.count ? new[line] : "(the end)")
            """
    }
}
