import Foundation
import Simulation

// `simulate SEED COMMANDS` draws and plays; `simulate FILE` plays a script again.

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
    var next = 1_000_000
    let report = Campaign(seed: seed, commands: commands).run(from: first) { script, done in
        guard done >= next else { return }
        next += 1_000_000
        FileHandle.standardError.write(Data("\(done) commands, script \(script)\n".utf8))
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    for (sight, count) in report.sights.counts.sorted(by: { $0.value > $1.value }) {
        print("\(String(count).leftPadded(to: 10)) \(sight.rawValue)")
    }
    print("seed \(seed): \(report.commands) commands in \(report.scripts) scripts, \(Int(seconds)) s")
    if let finding = report.finding {
        print(finding.shrunk())
        return 1
    }
    // A short run has not met everything, and does not claim to.
    guard commands >= 100_000, !report.sights.missing.isEmpty else { return 0 }
    print("never drawn: \(report.sights.missing.map(\.rawValue).joined(separator: ", "))")
    return 1
}

extension String {
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

let arguments = CommandLine.arguments.dropFirst().map(\.self)
switch arguments.count {
case 1 where UInt64(arguments[0]) == nil: exit(try replay(arguments[0]))
case 1...3:
    guard let seed = UInt64(arguments[0]) else { fallthrough }
    let commands = arguments.count > 1 ? Int(arguments[1]) : 1_000_000
    let first = arguments.count > 2 ? Int(arguments[2]) : 0
    guard let commands, let first else { fallthrough }
    exit(simulate(seed: seed, commands: commands, from: first))
default:
    print("usage: simulate SEED [COMMANDS [FIRST-SCRIPT]] | simulate SCRIPT-FILE")
    exit(2)
}
