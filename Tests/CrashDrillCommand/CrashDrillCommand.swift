internal import ArgumentParser
internal import CrashDrill
internal import Foundation

/// `crash-drill --kills 300 --seed 7 --program PATH`: exit code 1 where anything was lost, done twice or left half.
@main
struct CrashDrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-drill",
        abstract: "Kill server, worker and PostgreSQL under load and look what is left."
    )

    @Option(help: "The tollgate binary that is killed.")
    var program: String

    @Option(help: "How many kills.")
    var kills = 300

    @Option(help: "Repeats the plan of kills and commands; not the scheduling of processes.")
    var seed: UInt64 = 1

    @Option(help: "How many clients ask at once.")
    var clients = 24

    @Option(help: "Slots on each large network.")
    var ports = 12_000

    @Option(help: "The longest load before and after a kill, in milliseconds.")
    var loadMilliseconds: UInt64 = 200

    @Option(help: "Where the cluster is made, and removed again.")
    var parent = "/tmp"

    @Option(help: "Where the report is written to, besides standard output.")
    var report: String?

    @Option(help: "Run one scenario instead, by its name, or all of them.")
    var scenario: String?

    @Option(help: "How long PostgreSQL is paused in its scenario, in seconds.")
    var pauseSeconds = 60.0

    func run() throws {
        if let scenario { return try run(scenario) }
        var options = Drill.Options(program: program)
        options.kills = kills
        options.seed = seed
        options.clients = clients
        options.ports = ports
        options.loadMilliseconds = loadMilliseconds
        options.parent = parent
        var drill = Drill(options) { say($0) }
        let result = try drill.run()
        say("\(result)")
        if let report { try "\(result)\n".write(toFile: report, atomically: true, encoding: .utf8) }
        if !result.isGood { throw ExitCode(1) }
    }

    private func run(_ name: String) throws {
        let chosen = Scenario.allCases.filter { name == "all" || $0.rawValue == name }
        guard !chosen.isEmpty else {
            throw ValidationError(
                "scenarios are \(Scenario.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        var options = Scenario.Options(program: program)
        options.seed = seed
        options.clients = clients
        options.parent = parent
        options.pauseSeconds = pauseSeconds
        let reports = try chosen.map { scenario in
            let report = try scenario.run(options)
            say("\(report)")
            return report
        }
        let text = reports.map { "\($0)\n" }.joined()
        if let report { try text.write(toFile: report, atomically: true, encoding: .utf8) }
        if !reports.allSatisfy(\.isGood) { throw ExitCode(1) }
    }
}

/// At once, also into a pipe.
private func say(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}
