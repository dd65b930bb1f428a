internal import Foundation

/// A file that is there when it is whole, and not before: it is written beside its place and moved there at the end.
final class ExportFile {
    private let path: String
    private let partial: String
    private var descriptor: Int32

    /// For its owner alone, for it is the books.
    private static let mode: mode_t = 0o600

    /// Throws `CommandFailure` where it cannot be made.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent()
        PartialExport.removeLeftovers(in: folder.path(percentEncoded: false))
        partial = folder.appending(path: PartialExport.name(of: url.lastPathComponent, by: getpid()))
            .path(percentEncoded: false)
        descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, Self.mode)
        if descriptor < 0 { throw Self.failure("written", path) }
        // Held while it is being written: who has died holds nothing. Where files cannot be locked, nobody tidies up either.
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
    }

    /// Nothing is left of what was not ended.
    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(partial)
    }

    func write(_ chunk: [UInt8]) throws(CommandFailure) {
        try Self.write(chunk, to: descriptor, named: path)
    }

    /// Puts the file in its place, in the place of one that is there.
    func end() throws(CommandFailure) {
        guard fsync(descriptor) == 0, rename(partial, path) == 0 else { throw Self.failure("written", path) }
        close(descriptor)
        descriptor = -1
    }

    /// Writes all of it to an open file.
    static func write(_ chunk: [UInt8], to descriptor: Int32, named path: String) throws(CommandFailure) {
        var rest = chunk[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written", path) }
            rest = rest.dropFirst(count)
        }
    }

    static func failure(_ what: String, _ path: String) -> CommandFailure {
        .failed("\(path) cannot be \(what): \(String(cString: strerror(errno)))")
    }
}
