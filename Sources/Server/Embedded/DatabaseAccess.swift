internal import Foundation
public import Logging
internal import Postgres

/// Where an installation keeps its database.
public enum DatabaseLocation: Sendable, Equatable {
    /// The operator's own server, as `TOLLGATE_DATABASE_URL` names it.
    case server(Secret<String>)
    /// An embedded one in a data directory.
    case embedded(DataDirectory)
}

/// The database, reachable for as long as a command runs, whether a server was running before or not.
public struct DatabaseAccess: Sendable {
    /// How libpq reaches it, as the owner.
    public let conninfo: Secret<String>
    /// The server that we run; nil where somebody else does.
    public let embedded: EmbeddedPostgres?
    private let purpose: Purpose

    /// What a command wants of the database.
    public struct Purpose: Sendable {
        /// The command's name, for whoever finds the directory in use.
        public var command: String
        /// Whether a server that another process runs will not do.
        public var mustRunServer = false
        /// Whether a data directory without a cluster gets one; otherwise that is an error.
        public var mayCreate = false

        public init(command: String, mustRunServer: Bool = false, mayCreate: Bool = false) {
            self.command = command
            self.mustRunServer = mustRunServer
            self.mayCreate = mayCreate
        }
    }

    /// Finds the database, starting the embedded server where nobody has; throws `EmbeddedProblem`.
    public static func open(
        _ location: DatabaseLocation, for purpose: Purpose, logger: Logger
    ) async throws -> DatabaseAccess {
        switch location {
        case .server(let url):
            return DatabaseAccess(conninfo: url, embedded: nil, purpose: purpose)
        case .embedded(let directory):
            guard purpose.mayCreate || directory.clusterMajor != nil else {
                throw EmbeddedProblem.noInstallation(directory: directory.path)
            }
            return try await open(directory, for: purpose, logger)
        }
    }

    /// Ends the server if it is ours, once those who joined us have left.
    public func close() async {
        await embedded?.stop(patiently: !purpose.mustRunServer)
    }

    private static func open(
        _ directory: DataDirectory, for purpose: Purpose, _ logger: Logger
    ) async throws -> DatabaseAccess {
        let account = try ServerAccount.current()
        try directory.prepare(for: account)
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            switch try DirectoryLock.attempt(directory, purpose: purpose.command) {
            case .taken(let lock):
                let server = try await EmbeddedPostgres.start(in: directory, holding: lock, account, logger)
                return DatabaseAccess(conninfo: Secret(server.conninfo), embedded: server, purpose: purpose)
            case .held(let holder):
                if holder.isLasting && !purpose.mustRunServer, let conninfo = answering(directory) {
                    return DatabaseAccess(conninfo: Secret(conninfo), embedded: nil, purpose: purpose)
                }
                // A short command is about to be done, and a lasting one about to answer.
                guard !(holder.isLasting && purpose.mustRunServer), ContinuousClock.now < deadline else {
                    throw EmbeddedProblem.inUse(directory: directory.path, by: holder.description)
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// How to reach the server that somebody else runs on the directory, if it answers.
    private static func answering(_ directory: DataDirectory) -> String? {
        guard let socketDirectory = SocketDirectory.noted(directory) else { return nil }
        let conninfo = EmbeddedPostgres.conninfo(socketDirectory)
        guard let connection = try? Connection(PostgresConfiguration(conninfo: conninfo)) else { return nil }
        connection.close()
        return conninfo
    }
}
