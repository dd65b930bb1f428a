internal import Foundation
public import Postgres
internal import Synchronization

/// A private PostgreSQL of the test process: made when first asked for, gone with the process however it ends.
public final class TestServer: Sendable {
    /// The one that tests share; a test that restarts or crashes its server launches its own.
    public static func shared() async throws -> TestServer { try await sharedServer.value }
    private static let sharedServer = Task { try await launch() }

    private let cluster: ThrowawayCluster
    let administration: PostgresPool
    let gate = DatabaseGate(limit: 12)
    let databases = Atomic<Int>(0)

    /// Starts a server of one's own, with the schema in a template database.
    public static func launch() async throws -> TestServer {
        let server = TestServer(try await ThrowawayCluster.launch())
        try await server.makeTemplate()
        return server
    }

    private init(_ cluster: ThrowawayCluster) {
        self.cluster = cluster
        var patient = cluster.configuration(database: "postgres", role: nil)
        // Dropping a database waits for a checkpoint, which takes its time while a dozen tests write.
        patient.statementTimeoutMilliseconds = 180_000
        administration = PostgresPool(patient, threads: 2, clock: ManualClock(), logger: .quiet)
    }

    /// Connections to one database of this server.
    public func configuration(database: String, role: DatabaseRole = .owner) -> PostgresConfiguration {
        cluster.configuration(database: database, role: role == .owner ? nil : role.rawValue)
    }

    /// The folder with PostgreSQL's programs: pg_dump, psql.
    public var programs: String { cluster.programs }
    /// What `PGHOST` would be: the folder of the socket.
    public var socketDirectory: String { cluster.directory }

    /// Stops PostgreSQL, breaking every connection, and starts it again; returns when it has stopped.
    public func restart() async throws { try await cluster.tell("restart") }

    /// Ends PostgreSQL as a power cut would, and starts it again: it has to recover from its log.
    public func crash() async throws { try await cluster.tell("crash") }

    /// Ends a server of one's own before the process ends.
    public func stop() async {
        await administration.close()
        cluster.stop()
    }
}
