import Foundation
import TestSupport

/// The generator of a long past that the benchmark uses (Benchmarks/sql), at a size for tests.
enum History {
    /// Writes the catalogue and as many subscriptions, half as many wholesale legs again, and slots.
    static func fill(_ database: TestDatabase, subscriptions: Int, slots: Int) async throws {
        try await PlanWorld.apply(on: database)
        let now = Date(timeIntervalSince1970: Double(database.clock.now().milliseconds) / 1000)
        let result = try await runCommand(
            "\(database.server.programs)/psql",
            [
                "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "now=\(now.formatted(.iso8601))",
                "-v", "subscriptions=\(subscriptions)", "-v", "transfers=\(subscriptions * 3 / 2)", "-v",
                "slots=\(slots)",
                "-h", database.server.socketDirectory, "-U", "tollgate", "-d", database.name,
                "-f", "\(TestPaths.repository)/Benchmarks/sql/history.sql",
            ])
        guard result.status == 0 else { throw NeverHappened(description: result.errors) }
    }
}
