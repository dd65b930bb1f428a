internal import Foundation

/// What a program answered.
public struct CommandResult: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String
}

/// Runs a program to its end, with nothing to read, and returns what it said.
///
/// `environment` is added to that of the tests.
@concurrent
public func runCommand(
    _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
    in directory: String? = nil
) async throws -> CommandResult {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    if let directory { process.currentDirectoryURL = URL(filePath: directory) }
    process.standardInput = FileHandle.nullDevice
    // Files instead of pipes: nothing fills up, whichever of the two the program writes first.
    let folder = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    process.standardOutput = try fresh(folder.appending(path: "output"))
    process.standardError = try fresh(folder.appending(path: "errors"))
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        process.terminationHandler = { _ in continuation.resume() }
        do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    return CommandResult(
        status: process.terminationStatus,
        output: try String(contentsOf: folder.appending(path: "output"), encoding: .utf8),
        errors: try String(contentsOf: folder.appending(path: "errors"), encoding: .utf8)
    )
}

private func fresh(_ file: URL) throws -> FileHandle {
    try Data().write(to: file)
    return try FileHandle(forWritingTo: file)
}
