internal import Foundation

/// Who PostgreSQL runs as: us, or the user `postgres` where we are root, because it refuses to be root.
enum ServerAccount: Sendable, Equatable {
    case ourselves
    case named(String, user: uid_t, group: gid_t)

    static func current() throws(EmbeddedProblem) -> ServerAccount {
        guard geteuid() == 0 else { return .ourselves }
        guard let entry = getpwnam("postgres") else { throw .accountMissing }
        return .named("postgres", user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
    }

    var user: uid_t {
        switch self {
        case .ourselves: geteuid()
        case .named(_, let user, _): user
        }
    }

    /// The command line that runs another one as this account.
    func command(_ program: String, _ arguments: [String]) -> Program {
        switch self {
        case .ourselves:
            Program(program, arguments)
        case .named(let name, _, _):
            // setpriv replaces itself by the program, so the process we started is the server itself.
            Program(
                "/usr/bin/setpriv",
                ["--reuid=\(name)", "--regid=\(name)", "--init-groups", "--", program] + arguments
            )
        }
    }

    /// Hands a file or folder over to this account.
    func own(_ path: String) throws(EmbeddedProblem) {
        guard case .named(_, let user, let group) = self else { return }
        guard lchown(path, user, group) == 0 else {
            throw .directoryUnusable(directory: path, reason: String(cString: strerror(errno)))
        }
    }

    /// The first folder on the way to `directory` that this account may not enter.
    func unreachableFolder(onTheWayTo directory: String) -> String? {
        guard self != .ourselves else { return nil }
        let parts = directory.split(separator: "/")
        return parts.indices.lazy
            .map { "/" + parts[...$0].joined(separator: "/") }
            .first { !mayEnter($0) }
    }

    private func mayEnter(_ folder: String) -> Bool {
        (try? command("/bin/sh", ["-c", "cd -- \"$1\"", "sh", folder]).run().succeeded) ?? false
    }
}
