internal import Foundation

/// A process that the drill has started, and therefore may kill.
final class ChildProcess: Sendable {
    private let process = Process()
    /// Both of its outputs are appended here.
    let output: String

    var pid: pid_t { process.processIdentifier }
    var hasEnded: Bool { !process.isRunning }
    /// How it ended, for people.
    var ending: String {
        process.terminationReason == .uncaughtSignal ? "signal \(status)" : "exit code \(status)"
    }
    /// Its exit code, or the signal that ended it; only once it has ended.
    var status: Int32 { process.terminationStatus }

    init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], output: String,
        noting folder: DrillFolder
    ) throws {
        self.output = output
        if !FileManager.default.fileExists(atPath: output) {
            _ = FileManager.default.createFile(atPath: output, contents: nil)
        }
        guard let file = FileHandle(forWritingAtPath: output) else { throw DrillProblem("no file \(output)") }
        file.seekToEndOfFile()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let path = ProcessInfo.processInfo.environment.filter {
            ["PATH", "LD_LIBRARY_PATH", "TOLLGATE_POSTGRES_BIN"].contains($0.key)
        }
        process.environment = path.merging(environment) { _, given in given }
        process.currentDirectoryURL = URL(filePath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = file
        process.standardError = file
        try process.run()
        try? file.close()
        folder.note(pid)
    }

    func signal(_ number: Int32) {
        if !hasEnded { kill(pid, number) }
    }

    /// Ends it as a power cut would, and returns once it is gone.
    func kill9() throws {
        signal(SIGKILL)
        try waitUntil("the end of a killed process", seconds: 20) { hasEnded }
    }

    /// Asks it to end, and returns its exit code.
    func stop(seconds: Double = 40) throws -> Int32 {
        signal(SIGTERM)
        try waitUntil("the orderly end of \(output)", seconds: seconds) { hasEnded }
        return status
    }

    /// The last lines that it said.
    func lastWords(_ lines: Int = 15) -> String {
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
    }

    /// Runs a program to its end.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: DrillFolder
    ) throws -> (status: Int32, words: String) {
        let output = folder.path + "/run-" + String(UInt32.random(in: 0...UInt32.max), radix: 36)
        let child = try ChildProcess(
            program, arguments, environment: environment, output: output, noting: folder)
        try waitUntil("the end of \(program) \(arguments.first ?? "")", seconds: 300) { child.hasEnded }
        let words = try String(contentsOfFile: output, encoding: .utf8)
        try? FileManager.default.removeItem(atPath: output)
        return (child.status, words)
    }
}
