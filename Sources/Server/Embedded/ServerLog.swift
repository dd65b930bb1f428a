internal import Foundation

/// What PostgreSQL writes about itself: DIR/postgres/server.log, and the one before it.
enum ServerLog {
    private static let bytesMax: UInt64 = 16 * 1_048_576

    /// Puts a long log aside, and returns how long the present one is: what follows is the next server's.
    static func begin(_ directory: DataDirectory) throws -> UInt64 {
        let size = size(of: directory.log)
        guard size > bytesMax else { return size }
        guard rename(directory.log, directory.log + ".1") == 0 else {
            throw EmbeddedProblem.directoryUnusable(
                directory: directory.log, reason: String(cString: strerror(errno)))
        }
        return 0
    }

    /// The last words since `begin`, for an error message.
    static func tail(_ directory: DataDirectory, from begin: UInt64) -> String {
        let nothing = "(it wrote nothing to \(directory.log))"
        guard let file = FileHandle(forReadingAtPath: directory.log) else { return nothing }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: begin)) != nil, let data = try? file.readToEnd() else {
            return nothing
        }
        return String(decoding: data.suffix(4000), as: UTF8.self)
    }

    private static func size(of file: String) -> UInt64 {
        var facts = stat()
        return stat(file, &facts) == 0 ? UInt64(facts.st_size) : 0
    }
}
