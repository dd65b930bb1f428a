internal import Foundation

/// Makes a cluster so that it is either whole or not there: in a folder beside, renamed when it is done.
enum ClusterMaking {
    /// Does nothing where there is a cluster; starts over where an earlier attempt was interrupted.
    static func makeIfMissing(
        _ directory: DataDirectory, _ programs: PostgresPrograms, _ account: ServerAccount
    ) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: directory.cluster) else { return }
        if files.fileExists(atPath: directory.clusterInTheMaking) {
            try files.removeItem(atPath: directory.clusterInTheMaking)
        }
        try run(
            account.command(
                programs.initdb,
                [
                    "-D", directory.clusterInTheMaking, "--username", EmbeddedPostgres.userName, "--encoding",
                    "UTF8",
                    "--locale", "C.UTF-8", "--data-checksums", "--auth-local", "trust", "--auth-host",
                    "reject",
                ]
            )
        )
        // By a server of one process that listens to nobody: when the folder gets its name, the database is in it.
        try run(
            account.command(
                programs.postgres, ["--single", "-j", "-D", directory.clusterInTheMaking, "postgres"]),
            input: ClusterScript.createDatabase
        )
        guard rename(directory.clusterInTheMaking, directory.cluster) == 0 else {
            throw EmbeddedProblem.directoryUnusable(
                directory: directory.cluster, reason: String(cString: strerror(errno))
            )
        }
        try synchronise(directory.postgres)
    }

    private static func run(_ program: Program, input: String = "") throws {
        let answer = try program.run(input: input)
        guard answer.succeeded else {
            throw EmbeddedProblem.programFailed(
                program: ([program.path] + program.arguments).joined(separator: " "), words: answer.words
            )
        }
    }

    /// A new name is only safe once its folder is on the disk.
    private static func synchronise(_ folder: String) throws {
        let file = open(folder, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        guard fsync(file) == 0 else {
            throw EmbeddedProblem.directoryUnusable(
                directory: folder, reason: String(cString: strerror(errno)))
        }
    }
}
