internal import Foundation

/// Files that are being written, and what was left of them by exports that were killed: `.NAME.partial-PID`.
enum PartialExport {
    static func name(of file: String, by process: pid_t) -> String { ".\(file).partial-\(process)" }

    /// The process that wrote a file of this name; `nil` for a name that we never gave.
    static func writer(of name: String) -> pid_t? {
        guard let match = name.wholeMatch(of: /\..+\.partial-([1-9][0-9]*)/) else { return nil }
        return pid_t(match.output.1)
    }

    /// Removes what exports that were killed have left in a folder.
    ///
    /// A folder that cannot be listed can still be written to, so what is not found is left where it is.
    static func removeLeftovers(in folder: String) {
        guard let stream = opendir(folder) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let writer = writer(of: name), !isAtWork(writer) else { continue }
            remove("\(folder)/\(name)")
        }
    }

    /// Another process of ours with this number; one that has ours has died before we began.
    private static func isAtWork(_ process: pid_t) -> Bool {
        process != getpid() && (kill(process, 0) == 0 || errno == EPERM)
    }

    /// Removes a file that nobody holds. Where processes are numbered apart, in containers or on other machines, the lock alone
    /// tells whether its writer lives.
    private static func remove(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
    }
}
