import Foundation
import TestSupport
import Testing

/// The program itself, as it was built beside the tests.
enum Tollgate {
    static let path: String = {
        let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let candidates = [
            beside.appending(path: "tollgate").path(percentEncoded: false),
            TestPaths.repository + "/.build/debug/tollgate",
        ]
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? candidates[1]
    }()

    /// What lets a process work on a test's database, as an operator's server.
    ///
    /// - Parameter keys: the installation's, as they are named in the environment.
    static func environment(
        on database: TestDatabase, keys: String = Data(repeating: 7, count: 32).base64EncodedString()
    ) -> [String: String] {
        [
            "TOLLGATE_DATABASE_URL":
                "postgresql:///\(database.name)?host=\(database.server.socketDirectory)&user=tollgate",
            "TOLLGATE_INSTALLATION_KEY": keys,
        ]
    }

    /// Runs one command to its end.
    static func run(
        _ arguments: String..., environment: [String: String] = [:]
    ) async throws -> CommandResult {
        try await runCommand(path, arguments, environment: environment)
    }
}

/// A `tollgate up`, `serve` or `work` that runs beside the test.
final class RunningTollgate: Sendable {
    let process: Process
    private let output: String

    /// Starts it on a data directory, on a free port.
    convenience init(_ folder: String, _ more: [String] = [], name: String = "up") throws {
        try self.init(["up", "--data", folder] + more, output: "\(folder)-\(name).out")
    }

    /// Starts a command that serves, on a free port.
    ///
    /// - Parameters:
    ///   - port: the flag that names the port.
    ///   - environment: added to that of the tests.
    ///   - log: a file for what it says on standard error.
    init(
        _ command: [String], output: String, port: String = "--port", environment: [String: String] = [:],
        log: String? = nil
    ) throws {
        self.output = output
        FileManager.default.createFile(atPath: output, contents: nil)
        process = Process()
        process.executableURL = URL(filePath: Tollgate.path)
        process.arguments = command + [port, "0"]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output)
        if let log { FileManager.default.createFile(atPath: log, contents: nil) }
        process.standardError = log.map { FileHandle(forWritingAtPath: $0) } ?? FileHandle.nullDevice
        try process.run()
    }

    /// A test that fails leaves nothing running.
    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Where it serves, once it says so.
    ///
    /// - Parameter word: how the line begins that says it.
    func ready(_ word: String = "ready") async throws -> String {
        var address: String?
        try await eventually("ready", within: .seconds(90)) {
            guard process.isRunning else {
                throw NeverHappened(description: "tollgate ended before it was ready")
            }
            let text = try String(contentsOfFile: output, encoding: .utf8)
            address = text.split(separator: "\n").first { $0.hasPrefix("\(word) ") }.map {
                String($0.dropFirst(word.count + 1))
            }
            return address != nil
        }
        return try #require(address)
    }

    /// Ends it as a signal does, and returns its exit code.
    @discardableResult
    func end(_ number: Int32) async throws -> Int32 {
        kill(process.processIdentifier, number)
        try await eventually("the end of tollgate", within: .seconds(60)) { !process.isRunning }
        return process.terminationStatus
    }
}
