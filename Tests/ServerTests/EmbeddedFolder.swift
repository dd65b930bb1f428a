import Foundation
import Logging
import Postgres
import TestSupport

@testable import Server

/// A folder for one test's data directories, removed afterwards.
func withEmbeddedFolder<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Result
) async throws -> Result {
    let folder = "/tmp/tollgate-embedded-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755]
    )
    do {
        let result = try await body(folder)
        try FileManager.default.removeItem(atPath: folder)
        return result
    } catch {
        try FileManager.default.removeItem(atPath: folder)
        throw error
    }
}

extension EmbeddedPostgres {
    static func start(_ folder: String, purpose: String = "up") async throws -> EmbeddedPostgres {
        try await start(in: DataDirectory(folder), purpose: purpose, logger: .quiet)
    }

    /// One value that the server answers with, on a connection of its own.
    func ask<T: Readable & Sendable>(_ question: String, as type: T.Type = T.self) throws -> T {
        let connection = try Connection(PostgresConfiguration(conninfo: conninfo))
        defer { connection.close() }
        return try connection.query(Statement(unsafeRaw: question))[0].get(0)
    }

    func tell(_ script: String) throws {
        let connection = try Connection(PostgresConfiguration(conninfo: conninfo))
        defer { connection.close() }
        try connection.execute(script)
    }

    /// The process id of the server as it runs now.
    var serverPID: pid_t? { state.withLock { $0.server?.postmaster.pid } }
}
