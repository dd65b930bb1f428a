internal import Foundation
internal import Primitives

/// A file that is held against the manifest that was written with it.
struct ExportCheck {
    private let path: String
    private let bytes: Int64
    private let sha256: String
    private let rows: Int64

    /// Throws `CommandFailure` where the manifest cannot be read, or names no file and none is given.
    init(manifest: String, file: String?) throws(CommandFailure) {
        guard let data = FileManager.default.contents(atPath: manifest) else {
            throw .badUsage("\(manifest) cannot be read")
        }
        let document: JSON
        do throws(JSONError) {
            document = try JSON.parse(data)
        } catch {
            throw .badUsage("\(manifest) is no manifest: \(error)")
        }
        guard let bytes = document["file"]?["bytes"]?.integralValue,
            let rows = document["file"]?["rows"]?.integralValue,
            let sha256 = document["file"]?["sha256"]?.stringValue
        else { throw .badUsage("\(manifest) is no manifest") }
        (self.bytes, self.rows, self.sha256) = (bytes, rows, sha256)
        if let file {
            path = file
        } else if let name = document["file"]?["name"]?.stringValue {
            path = URL(filePath: manifest).deletingLastPathComponent().appending(path: name)
                .path(percentEncoded: false)
        } else {
            throw .badUsage("the manifest names no file: say which")
        }
    }

    /// What holds; throws `CommandFailure.failed` where the file is another.
    func line() throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure.failed("\(path) cannot be read")
        }
        defer { try? file.close() }
        var digest = ExportDigest()
        while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty { digest.update([UInt8](chunk)) }
        guard digest.bytes == bytes else {
            throw CommandFailure.failed("\(path) has \(digest.bytes) bytes, its manifest says \(bytes)")
        }
        let found = digest.finalized().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        guard found == sha256 else {
            throw CommandFailure.failed("\(path) is not what was exported: its SHA-256 is \(found)")
        }
        return "\(path) is what was exported: \(rows) rows, \(bytes) bytes, sha256 \(sha256)"
    }
}
