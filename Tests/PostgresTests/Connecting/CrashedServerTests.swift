import Foundation
import Postgres
import Testing

@Suite struct CrashedServerTests {
    /// A server that crashes says a warning to everybody and closes. A client that is about to send cannot, and libpq
    /// reads the warning and calls the connection good: that was taken for an error of the statement.
    @Test func `what cannot be sent to a server that has crashed is a lost connection`() async throws {
        let server = try await PrivateServer()
        let connection = try await Scratch(on: server).connect()
        _ = try connection.query("BEGIN")
        let pid = connection.backendPID
        // What the postmaster tells its children when one of them has died.
        kill(pid, SIGQUIT)
        try await until("the backend has closed") { kill(pid, 0) != 0 }

        let error = #expect(throws: PostgresError.self) { try connection.pipeline(["SELECT 1", "COMMIT"]) }
        #expect(error?.isConnectionLost == true)
        #expect(error?.isTransient == true)
        #expect(error?.mayHaveCommitted == true)
        #expect(!connection.isAlive)
    }

    @Test func `a statement that cannot be sent to a server that has crashed is one, too`() async throws {
        let server = try await PrivateServer()
        let connection = try await Scratch(on: server).connect()
        _ = try connection.query("BEGIN")
        _ = try connection.query("SELECT 1")
        let pid = connection.backendPID
        kill(pid, SIGQUIT)
        try await until("the backend has closed") { kill(pid, 0) != 0 }

        let error = #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
        #expect(error?.isConnectionLost == true)
        #expect(!connection.isAlive)
    }
}
