import Postgres
import Primitives
import Provisioning
import Server
import TestSupport

/// A reseller's first weeks, in which the product sends every statement that somebody waits for.
enum PlanScenario {
    /// Runs it in an empty database; what engine, doors and worker have sent.
    static func run(on database: TestDatabase) async throws -> [SentStatement] {
        let world = try await PlanWorld(database)
        let worker = try PlanWorker(world)
        try await worker.stock()

        let engine = try await PlanEngine(world)
        defer { engine.close() }
        let bought = try engine.buy()
        try engine.renewAndRefund(bought)
        try engine.change(bought)
        try engine.cancel(bought)
        let waiting = try engine.waitForMoney()

        let doors = try await PlanDoors(world)
        try await doors.read(bought.kept)
        try await doors.change(bought.kept)
        try await doors.serve(bought.wide)

        let recorder = PlanRecorder(world)
        try await recorder.record()
        try await recorder.share()

        let jobs = PlanJobs(world)
        try await jobs.putOff(bought.kept)
        try await jobs.find(waiting)

        try await worker.miss()
        try await worker.serve()
        return try await engine.sent() + doors.sent() + worker.sent() + recorder.sent() + jobs.sent()
    }
}
