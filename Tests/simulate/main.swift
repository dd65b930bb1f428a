import Foundation
import Simulation

// `simulate SEED COMMANDS` draws and plays; `simulate FILE` plays a script again, or what a run has printed.

func replay(_ path: String) throws -> Int32 {
    var run = Run()
    do {
        try run.play(try Line.script(try String(contentsOfFile: path, encoding: .utf8)))
        print("no difference in \(run.settled) commands")
        return 0
    } catch let difference as Difference {
        print("DIFFERENCE: \(difference)")
        return 1
    }
}

func simulate(seed: UInt64, commands: Int, from first: Int) -> Int32 {
    let start = ContinuousClock.now
    let stopwatch = Stopwatch()
    let campaign = Campaign(seed: seed, commands: commands, deciding: stopwatch.timing(.engine))
    var next = 1_000_000
    let report = campaign.run(from: first) { script, done in
        TrapReport.playing(script)
        guard done >= next else { return }
        next += 1_000_000
        FileHandle.standardError.write(Data("\(done) commands, script \(script)\n".utf8))
    }
    for (sight, count) in report.sights.counts.sorted(by: {
        ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue)
    }) {
        print("# \(String(repeating: " ", count: max(0, 10 - "\(count)".count)))\(count) \(sight.rawValue)")
    }
    let seconds = Int((ContinuousClock.now - start) / .seconds(1))
    print(
        "# seed \(seed): \(report.commands) commands in \(report.scripts) scripts, \(seconds) s; \(stopwatch)"
    )
    if let finding = report.finding {
        print(finding.shrunk())
        return 1
    }
    // A short run has not met everything, and does not claim to.
    guard commands >= 100_000, !report.sights.missing.isEmpty else { return 0 }
    print("# never drawn: \(report.sights.missing.map(\.rawValue).joined(separator: ", "))")
    return 1
}

func main() throws -> Int32 {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let numbers = arguments.compactMap { UInt64($0) }
    if let path = arguments.first, arguments.count == 1, numbers.isEmpty { return try replay(path) }
    guard !arguments.isEmpty, arguments.count <= 3, numbers.count == arguments.count else {
        print("usage: simulate SEED [COMMANDS [FIRST-SCRIPT]] | simulate SCRIPT-FILE")
        return 2
    }
    TrapReport.install()
    return simulate(
        seed: numbers[0], commands: numbers.count > 1 ? Int(numbers[1]) : 1_000_000,
        from: numbers.count > 2 ? Int(numbers[2]) : 0)
}

exit(try main())
