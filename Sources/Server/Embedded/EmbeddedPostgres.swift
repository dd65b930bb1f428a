internal import Foundation
public import Logging
internal import Synchronization

/// A PostgreSQL of our own in a data directory: a private cluster behind a unix socket, durable, kept running.
///
/// One process holds a data directory at a time. When this process is killed the server lives on; whoever holds the
/// directory next stops it and starts it anew, and PostgreSQL recovers what was committed. A server that ends by
/// itself is started again.
public final class EmbeddedPostgres: Sendable {
    public static let databaseName = "tollgate"
    static let userName = "tollgate"

    public let directory: DataDirectory
    /// How libpq reaches the database, as its owner.
    public var conninfo: String { Self.conninfo(socketDirectory) }

    let programs: PostgresPrograms
    let account: ServerAccount
    let socketDirectory: String
    let logger: Logger
    private let lock: DirectoryLock
    let state = Mutex(State())

    struct State {
        /// The server as it runs now; nil between its end and its next start.
        var server: ServerProcess?
        var isStopping = false
        /// Why it was given up, where it was.
        var failure: (any Error)?
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    /// Starts PostgreSQL in the directory, making the cluster on first use, and returns once it takes connections.
    ///
    /// `purpose` is the command's name: it tells the next one who holds the directory. Throws `EmbeddedProblem`.
    public static func start(
        in directory: DataDirectory, purpose: String, logger: Logger
    ) async throws -> EmbeddedPostgres {
        let account = try ServerAccount.current()
        try directory.prepare(for: account)
        switch try DirectoryLock.attempt(directory, purpose: purpose) {
        case .held(let holder):
            throw EmbeddedProblem.inUse(directory: directory.path, by: holder.description)
        case .taken(let lock):
            return try await start(in: directory, holding: lock, account, logger)
        }
    }

    static func start(
        in directory: DataDirectory, holding lock: DirectoryLock, _ account: ServerAccount, _ logger: Logger
    ) async throws -> EmbeddedPostgres {
        let programs = try PostgresPrograms.find(wanted: directory.clusterMajor)
        try await OwnThread.run { try ClusterMaking.makeIfMissing(directory, programs, account) }
        let postgres = EmbeddedPostgres(
            directory, programs, account, try SocketDirectory.prepare(directory, account), lock, logger
        )
        try await postgres.endSurvivor()
        let first = try await postgres.launch()
        Task { await postgres.keepRunning(first) }
        return postgres
    }

    private init(
        _ directory: DataDirectory, _ programs: PostgresPrograms, _ account: ServerAccount,
        _ socketDirectory: String, _ lock: DirectoryLock, _ logger: Logger
    ) {
        self.directory = directory
        self.programs = programs
        self.account = account
        self.socketDirectory = socketDirectory
        self.lock = lock
        self.logger = logger
    }

    static func conninfo(_ socketDirectory: String) -> String {
        "host=\(socketDirectory) port=5432 user=\(userName) dbname=\(databaseName)"
    }

    /// Ends the server and returns when it has ended and everything is on disk.
    ///
    /// Those who are connected are waited for where `patiently` says so, though not for ever.
    public func stop(patiently: Bool = false) async {
        let server = state.withLock { state in
            state.isStopping = true
            return state.server
        }
        await server?.end(patiently ? [.smart, .fast, .immediate] : [.fast, .immediate], logger)
        await ended()
        SocketDirectory.discard(socketDirectory, of: directory)
        lock.release()
    }

    /// Returns when the server has ended for good: it was stopped, or it would not start again.
    public func ended() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waitingForEnd.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// Why the server was given up; nil while it runs and when it was stopped.
    public var failure: (any Error)? { state.withLock { $0.failure } }
}
