import Postgres
import TestSupport

@testable import Billing

/// Asks PostgreSQL how it would carry statements out, in sessions with the settings of the product's own.
struct Planner {
    private let sessions: [SessionKind: Connection]

    init(_ database: TestDatabase) throws {
        let lane = LaneConnection(database.configuration(role: .engine), logger: .quiet)
        sessions = [
            .engine: try lane.get(patienceMilliseconds: 5_000),
            .door: try Connection(database.configuration(role: .door).withPinnedPlans),
            .worker: try Connection(database.configuration(role: .worker).withPinnedPlans),
            .recorder: try Connection(database.configuration(role: .recorder).withPinnedPlans),
            .job: try Connection(database.configuration(role: .job).withPinnedPlans),
        ]
    }

    /// The plan that is kept for a statement, whatever its parameters are.
    func plan(_ statement: SentStatement) throws -> Plan {
        let connection = sessions[statement.session]!
        let types = statement.types.isEmpty ? "" : "(\(statement.types.joined(separator: ", ")))"
        // Days of a partitioned table are left out for the moment that is asked about, and it takes one to show that.
        let nothing = statement.types.map { type in
            type == "timestamp with time zone" ? "timestamptz '2026-01-31 12:00:00+00'" : "NULL"
        }.joined(separator: ", ")
        try connection.execute("PREPARE judged \(types) AS \(statement.text)")
        let explained = Statement(
            unsafeRaw: "EXPLAIN (COSTS OFF) EXECUTE judged\(nothing.isEmpty ? "" : "(\(nothing))")")
        let lines = try connection.query(explained).map { try $0.get(0, as: String.self) }
        try connection.execute("DEALLOCATE judged")
        return Plan(lines: lines)
    }

    func close() {
        for session in sessions.values { session.close() }
    }
}
