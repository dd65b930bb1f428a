internal import Foundation
internal import Synchronization

/// Holds a data directory for one process; the kernel lets go of it when that process ends, however it ends.
///
/// The file's text is only for people: it says who holds the lock, and may be stale when nobody does.
final class DirectoryLock: Sendable {
    /// The open file, until the lock is let go of.
    private let file: Mutex<Int32?>

    enum Attempt {
        case taken(DirectoryLock)
        case held(by: Holder)
    }

    /// Who holds the lock, as the holder wrote it down.
    struct Holder: Sendable, Equatable {
        var pid: Int32?
        var purpose: String

        /// Whether it serves until somebody stops it, rather than being about to end by itself.
        var isLasting: Bool { ["up", "serve", "work"].contains(purpose) }

        var description: String { pid.map { "tollgate \(purpose) (pid \($0))" } ?? "another process" }
    }

    static func attempt(_ directory: DataDirectory, purpose: String) throws(EmbeddedProblem) -> Attempt {
        let file = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw .directoryUnusable(directory: directory.lock, reason: String(cString: strerror(errno)))
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(file)
            guard reason == EWOULDBLOCK else {
                throw .directoryUnusable(directory: directory.lock, reason: String(cString: strerror(reason)))
            }
            return .held(by: holder(directory))
        }
        let note = Array("\(getpid()) \(purpose)\n".utf8)
        guard ftruncate(file, 0) == 0, write(file, note, note.count) == note.count else {
            let reason = String(cString: strerror(errno))
            close(file)
            throw .directoryUnusable(directory: directory.lock, reason: reason)
        }
        return .taken(DirectoryLock(file))
    }

    private static func holder(_ directory: DataDirectory) -> Holder {
        let words = ((try? String(contentsOfFile: directory.lock, encoding: .utf8)) ?? "").split(
            separator: " ")
        guard words.count == 2, let pid = Int32(words[0]) else { return Holder(pid: nil, purpose: "") }
        return Holder(pid: pid, purpose: words[1].trimmingCharacters(in: .newlines))
    }

    private init(_ file: Int32) {
        self.file = Mutex(file)
    }

    deinit {
        release()
    }

    /// Lets the next process have the directory.
    func release() {
        file.withLock { file in
            if let open = file { close(open) }
            file = nil
        }
    }
}
