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

    @Option(help: "Where the report is written to, besides standard output.")
    var report: String?

    func run() throws {
        var options = Drill.Options(program: program)
        options.kills = kills
        options.seed = seed
        options.clients = clients
        options.ports = ports
        options.loadMilliseconds = loadMilliseconds
        var drill = Drill(options) { say($0) }
        let result = try drill.run()
        say("\(result)")
        if let report { try "\(result)\n".write(toFile: report, atomically: true, encoding: .utf8) }
        if !result.isGood { throw ExitCode(1) }
    }
}

/// At once, also into a pipe.
private func say(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}
