import CrashDrill
import Foundation
import Testing

/// `make crash` in small: real processes, killed with -9 under load, and every answer held against the rows.
@Suite("Crash drill")
struct CrashDrillTests {
    @Test func `twenty kills lose nothing, do nothing twice and leave nothing half`() async throws {
        var options = Drill.Options(program: Self.program)
        options.kills = 20
        options.seed = 20
        options.clients = 12
        options.ports = 520
        options.verifyEvery = 10
        options.loadMilliseconds = 60
        options.parent = Self.parent
        let report = try await onThread { [options] in
            var drill = Drill(options)
            return try drill.run()
        }
        #expect(report.isGood, "\(report)")
        #expect(report.kills.values.reduce(0, +) == 20)
    }

    /// The others take a mount, or more time than they tell: `make crash SCENARIO=all`.
    @Test(arguments: [Scenario.pausedPostgres, .noConnectionsLeft, .refusedFsync])
    func `trouble under load is told of, and nothing is lost`(scenario: Scenario) async throws {
        var options = Scenario.Options(program: Self.program)
        options.clients = 8
        options.pauseSeconds = 2
        options.parent = Self.parent
        let report = try await onThread { [options] in try scenario.run(options) }
        #expect(report.isGood, "\(report)")
    }

    /// In memory where there is room: a killed process loses nothing that the kernel has, whatever it has it on.
    static let parent: String = {
        var facts = statvfs()
        guard statvfs("/dev/shm", &facts) == 0, access("/dev/shm", W_OK) == 0,
            UInt64(facts.f_bavail) * UInt64(facts.f_frsize) > 1 << 30
        else { return "/tmp" }
        return "/dev/shm"
    }()

    /// The program itself, as it was built beside the tests.
    static let program: String = {
        let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        return beside.appending(path: "tollgate").path(percentEncoded: false)
    }()
}

/// Runs what blocks on a thread of its own: the tests' few threads are for those that do not.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
