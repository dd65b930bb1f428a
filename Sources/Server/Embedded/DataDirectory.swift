internal import Foundation

/// What lies where in a data directory.
///
/// ```
/// DIR/lock                held by the process that runs PostgreSQL here
/// DIR/installation.key    seals credentials; made on first start
/// DIR/postgres/data       the cluster; data.new while it is being made
/// DIR/postgres/run        its socket, where the path is not too long
/// DIR/postgres/socket     the folder that the socket is in
/// DIR/postgres/server.log
/// ```
public struct DataDirectory: Sendable, Hashable {
    /// The absolute path.
    public let path: String

    /// Takes a path as a user typed it, relative to where they are.
    public init(_ path: String) {
        let url = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL
        let absolute = url.path(percentEncoded: false)
        self.path = absolute.count > 1 && absolute.hasSuffix("/") ? String(absolute.dropLast()) : absolute
    }

    public var installationKey: String { "\(path)/installation.key" }
    var lock: String { "\(path)/lock" }
    var postgres: String { "\(path)/postgres" }
    var cluster: String { "\(postgres)/data" }
    var clusterInTheMaking: String { "\(postgres)/data.new" }
    var pidFile: String { "\(cluster)/postmaster.pid" }
    var socketNote: String { "\(postgres)/socket" }
    var log: String { "\(postgres)/server.log" }

    /// The major version of PostgreSQL that made the cluster; nil where there is none yet.
    var clusterMajor: Int? {
        guard let text = try? String(contentsOfFile: "\(cluster)/PG_VERSION", encoding: .utf8) else {
            return nil
        }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Makes the folders that are missing, so that nobody but PostgreSQL's account can reach the cluster.
    func prepare(for account: ServerAccount) throws(EmbeddedProblem) {
        // Root's directory has to be passed through by another user; what is secret in it is 0600.
        try Self.makeFolder(path, mode: account == .ourselves ? 0o700 : 0o711, parents: true)
        try Self.makeFolder(postgres, mode: 0o700, parents: false)
        try account.own(postgres)
        if let folder = account.unreachableFolder(onTheWayTo: postgres) {
            throw .directoryUnreachable(directory: path, folder: folder)
        }
    }

    private static func makeFolder(_ path: String, mode: mode_t, parents: Bool) throws(EmbeddedProblem) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder.boolValue else {
                throw .directoryUnusable(directory: path, reason: "it is not a folder")
            }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: parents, attributes: [.posixPermissions: Int(mode)]
            )
        } catch {
            throw .directoryUnusable(directory: path, reason: "\(error.localizedDescription)")
        }
    }
}
