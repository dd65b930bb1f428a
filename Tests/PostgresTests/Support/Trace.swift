import CLibPQ
import Foundation

@testable import Postgres

extension Connection {
    /// How many times the body waited for the server: the wire's messages change direction that often.
    func roundTrips(_ body: () throws -> Void) throws -> Int {
        try messages(body).reduce(into: (count: 0, last: Character("B"))) { state, line in
            guard let direction = line.first, direction != state.last else { return }
            if direction == "F" { state.count += 1 }
            state.last = direction
        }.count
    }

    /// The messages that crossed the wire, `F` to the server and `B` back.
    func messages(_ body: () throws -> Void) throws -> [String] {
        var text: UnsafeMutablePointer<CChar>?
        var size = 0
        let file = open_memstream(&text, &size)!
        PQtrace(handle, file)
        PQsetTraceFlags(handle, PQTRACE_SUPPRESS_TIMESTAMPS)
        defer { free(text) }
        do {
            defer {
                PQuntrace(handle)
                fclose(file)
            }
            try body()
        }
        return String(cString: text!).split(separator: "\n").map(String.init)
    }
}
