/// Why the embedded PostgreSQL cannot serve; each says what to do next.
public enum EmbeddedProblem: Error, Sendable, Equatable {
    /// No PostgreSQL of version 15 or later; with a version where the data directory needs that very one.
    case programsMissing(version: Int?)
    /// `TOLLGATE_POSTGRES_BIN` names a folder without PostgreSQL 15 or later in it.
    case programsUnusable(directory: String)
    /// We are root, PostgreSQL refuses to be, and there is no user `postgres` to be instead.
    case accountMissing
    /// The user that PostgreSQL runs as may not enter a folder on the way to the data directory.
    case directoryUnreachable(directory: String, folder: String)
    /// Something is there that is not ours, or cannot be written.
    case directoryUnusable(directory: String, reason: String)
    /// Nothing has ever been installed in the data directory.
    case noInstallation(directory: String)
    /// The cluster was there and is not any more, while a server ran on it.
    case clusterGone(directory: String)
    /// Another process holds the data directory.
    case inUse(directory: String, by: String)
    /// A program of PostgreSQL failed; its own last words say why.
    case programFailed(program: String, words: String)
}

extension EmbeddedProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .programsMissing(let version?):
            """
            this data directory was made by PostgreSQL \(version), which is not installed: install \
            postgresql-\(version), or name its bin folder in TOLLGATE_POSTGRES_BIN
            """
        case .programsMissing(nil):
            """
            PostgreSQL 15 or later is not installed: run scripts/setup, or name its bin folder in \
            TOLLGATE_POSTGRES_BIN, or a server of yours in TOLLGATE_DATABASE_URL
            """
        case .programsUnusable(let directory):
            "TOLLGATE_POSTGRES_BIN is \(directory), and that folder has no PostgreSQL 15 or later in it"
        case .accountMissing:
            """
            PostgreSQL does not run as root, and there is no user named postgres to run it as: create that user, or \
            start tollgate as somebody else
            """
        case .directoryUnreachable(let directory, let folder):
            """
            PostgreSQL runs as the user postgres when tollgate is started as root, and that user may not enter \
            \(folder) on the way to \(directory): choose another directory with --data (such as /var/lib/tollgate), \
            allow it with `chmod o+x \(folder)`, or start tollgate as somebody else
            """
        case .directoryUnusable(let directory, let reason):
            "\(directory) cannot be used: \(reason)"
        case .noInstallation(let directory):
            """
            there is no installation in \(directory) yet: `tollgate up --data \(directory)` makes one, or --data names \
            another directory, or TOLLGATE_DATABASE_URL a server of yours
            """
        case .clusterGone(let directory):
            """
            the database in \(directory) was deleted or moved while it was in use, and PostgreSQL has ended: put the \
            directory back, or restore a backup (docs/backup.md), and start again
            """
        case .inUse(let directory, let holder):
            """
            \(directory) is in use by \(holder): stop that process first, or choose another directory with --data
            """
        case .programFailed(let program, let words):
            "\(program) failed:\n\(words)"
        }
    }
}
