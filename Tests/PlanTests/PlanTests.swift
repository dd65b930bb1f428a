import Foundation
import Postgres
import TestSupport
import Testing

/// The statements are those that the product sends in `PlanScenario`; the plans, those that its sessions keep for them.
@Suite("Plans", .serialized) struct PlanTests {
    @Test func `every hot statement keeps the plan that was agreed to, whatever the tables hold`()
        async throws
    {
        let judged = try await Judgement.shared.value
        for statement in judged {
            try GoldenFile.expect(statement.text, at: "plans/\(statement.name).txt")
        }
        let kept = try FileManager.default.subpathsOfDirectory(atPath: TestPaths.fixture("plans"))
        let gone = Set(kept.filter { $0.hasSuffix(".txt") }).subtracting(judged.map { "\($0.name).txt" })
        if GoldenFile.isUpdating {
            for file in gone {
                try FileManager.default.removeItem(atPath: TestPaths.fixture("plans/\(file)"))
            }
            return
        }
        #expect(gone.isEmpty, "plans of statements that nobody sends any more")
    }

    @Test func `no hot statement reads more than it looks up`() async throws {
        for statement in try await Judgement.shared.value {
            for finding in statement.findings { Issue.record("\(finding)") }
        }
    }

    @Test func `every statement is either hot and judged, or cold for a reason`() async throws {
        let judged = Set(try await Judgement.shared.value.map(\.name))
        let unknown = try StatementNames().all.subtracting(judged).filter {
            PlanRule.cold(because: $0) == nil
        }
        #expect(unknown.sorted() == [], "neither run by the scenario nor cold")
        #expect(judged.filter { PlanRule.cold(because: $0) != nil }.sorted() == [], "called cold, but run")
    }
}

/// Judged once, for all tests.
enum Judgement {
    static let shared = Task { try await judge() }

    private static func judge() async throws -> [JudgedStatement] {
        let names = try StatementNames()
        let sent = try await withDatabase { try await PlanScenario.run(on: $0) }
        let empty = try await withDatabase { database in
            try await makeDays(database)
            return try plans(of: sent, in: database)
        }
        let full = try await withDatabase { database in
            try await History.fill(database, subscriptions: 20_000, slots: 4_000)
            try await makeDays(database)
            return try plans(of: sent, in: database)
        }
        var judged: [String: JudgedStatement] = [:]
        for (place, statement) in sent.enumerated() {
            guard let name = names.name(of: statement) else {
                throw NeverHappened(
                    description:
                        "a constant with this text (is the build as old as the sources?): \(statement.text)")
            }
            judged[name, default: JudgedStatement(name: name)].plans[statement.session] = (
                empty[place], full[place]
            )
        }
        return judged.values.sorted { $0.name < $1.name }
    }

    /// The request log's shares for three days.
    private static func makeDays(_ database: TestDatabase) async throws {
        try await database.execute(
            "SELECT make_request_log_day(day::date) FROM generate_series('2026-01-30', '2026-02-01', interval '1 day') day"
        )
    }

    private static func plans(of sent: [SentStatement], in database: TestDatabase) throws -> [Plan] {
        let planner = try Planner(database)
        defer { planner.close() }
        return try sent.map(planner.plan)
    }
}
