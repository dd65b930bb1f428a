import CLibPQ
import Foundation

@testable import Postgres

/// What crosses the wire between `start` and `stop`, as libpq writes it down.
final class WireTrace: @unchecked Sendable {
    // Started and stopped on the thread that owns the connection, one after the other.
    private var text: UnsafeMutablePointer<CChar>?
    private var size = 0
    private var file: UnsafeMutablePointer<FILE>?

    func start(on connection: Connection) {
        file = open_memstream(&text, &size)
        PQtrace(connection.handle, file)
        PQsetTraceFlags(connection.handle, PQTRACE_SUPPRESS_TIMESTAMPS)
    }

    /// How many times the client waited for the server: the direction of the messages tells.
    func stop(on connection: Connection) -> Int {
        PQuntrace(connection.handle)
        fclose(file)
        defer { free(text) }
        let directions = String(cString: text!).split(separator: "\n").compactMap(\.first)
        return zip("B" + directions, directions).count { $0 == "B" && $1 == "F" }
    }
}

extension Connection {
    /// How many round trips the body makes.
    func roundTrips(_ body: () throws -> Void) rethrows -> Int {
        let trace = WireTrace()
        trace.start(on: self)
        do {
            try body()
        } catch {
            _ = trace.stop(on: self)
            throw error
        }
        return trace.stop(on: self)
    }
}
