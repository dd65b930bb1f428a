import Logging
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("The record of jobs", .database)
struct JobRunsTests {
    private struct Broken: Error, CustomStringConvertible {
        let description = "the job broke"
    }

    /// Does what the test says.
    private struct Errand: Job {
        let name = JobName.renewals
        let body: @Sendable (JobOrder, JobProgress) async throws -> Void

        func run(_ order: JobOrder, _ progress: JobProgress) async throws { try await body(order, progress) }
    }

    /// Says whether somebody has asked for the time.
    private final class WatchedClock: WallClock {
        private let clock: any WallClock
        private let asked = Mutex(false)

        init(_ clock: any WallClock) { self.clock = clock }

        var wasAsked: Bool { asked.withLock { $0 } }

        func now() -> Instant {
            asked.withLock { $0 = true }
            return clock.now()
        }
    }

    private func runs(
        _ database: TestDatabase, seed: UInt64 = 1, clock: (any WallClock)? = nil
    ) -> JobRuns {
        JobRuns(
            pool: database.pool(.job, threads: 1), clock: clock ?? database.clock,
            ids: ProcessIdentifiers(seed: seed), logger: .quiet)
    }

    @Test func `a run records what it was for, what it did and how it ended`() async throws {
        try await withDatabase { database in
            let runs = runs(database)
            let asOf = Instant(milliseconds: ManualClock.start.milliseconds + 5)
            let errand = Errand { order, progress in
                #expect(order.clock.now() == asOf)
                try progress.note([("due", 3), ("renewed", 2)], problems: ["one of them"])
                database.clock.advance(milliseconds: 40)
            }
            let run = try await runs.run(
                errand, of: JobTenant(id: TenantID(1), slug: "alba"), asOf: asOf, JobProgress())
            #expect(run.state == .done)
            let listed = try #require(try await runs.latest(5).first)
            #expect(listed.id == run.id && listed.tenant == "alba" && listed.asOf == asOf)
            #expect(listed.problems == ["one of them"])
            #expect(listed.line.contains("renewals of alba as of 2026-01-31T00:00:00.005Z  done in 40 ms"))
            #expect(
                listed.line.contains("due 3, renewed 2; 1 problems, first: one of them"), "\(listed.line)")
            #expect(listed.json["counts"]?["renewed"] == 2)
        }
    }

    @Test func `a job that breaks has failed, one that was told to stop was interrupted`() async throws {
        try await withDatabase { database in
            let runs = runs(database)
            let broken = try await runs.run(Errand { _, _ in throw Broken() }, JobProgress())
            #expect(broken.state == .failed && broken.problems == ["the job broke"])
            let progress = JobProgress()
            let stopped = try await runs.run(
                Errand { _, progress in
                    for number in 1... {
                        if number == 3 { progress.stop() }
                        try progress.note([("due", number)])
                    }
                }, progress)
            #expect(stopped.state == .interrupted)
            #expect(progress.counts.line == "due 3")
            #expect(try await runs.latest(5).map(\.state) == [.interrupted, .failed])
        }
    }

    @Test func `a run that was killed is found out once it has been silent for long enough`() async throws {
        try await withDatabase { database in
            let runs = runs(database)
            let id: JobRunID = ProcessIdentifiers(seed: 9).next(at: database.clock.now())
            try await database.owner.run { connection in
                _ = try connection.query(JobRunStore.start(id, "renewals", nil, nil, at: ManualClock.start))
            }
            database.clock.advance(milliseconds: JobRuns.silentMilliseconds)
            #expect(try await runs.latest(1)[0].state == .running)
            database.clock.advance(milliseconds: 1)
            #expect(try await runs.latest(1)[0].state == .interrupted)
        }
    }

    @Test func `two schedules run a job once for each time that it is due`() async throws {
        try await withDatabase { database in
            let count = Mutex(0)
            let errand = Errand { _, _ in count.withLock { $0 += 1 } }
            let second = WatchedClock(database.clock)
            let schedules = [
                JobSchedule(runs: runs(database), jobs: [errand]),
                JobSchedule(runs: runs(database, seed: 2, clock: second), jobs: [errand]),
            ]
            // What never comes shows below: thrown here it would leave the schedules running.
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await schedules[0].run() }
                try? await eventually("the first run") { count.withLock { $0 } == 1 }
                group.addTask { await schedules[1].run() }
                // It asks for the time to see how long ago the last run was.
                try? await eventually("the second schedule's look") { second.wasAsked }
                schedules.forEach { $0.stop() }
            }
            #expect(count.withLock { $0 } == 1 && second.wasAsked)
            // Late by a day is due once, not a thousand times.
            database.clock.advance(days: 1)
            let late = JobSchedule(runs: runs(database, seed: 3), jobs: [errand])
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await late.run() }
                try? await eventually("the late run") { count.withLock { $0 } == 2 }
                late.stop()
            }
            #expect(count.withLock { $0 } == 2)
            let listed = try await runs(database).latest(10)
            #expect(listed.map(\.state) == [.done, .done])
        }
    }
}
