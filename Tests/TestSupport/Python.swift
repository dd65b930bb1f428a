internal import Foundation
public import Testing

/// The Python that reads what we write: the one of `make test`, else the machine's own where it has the module.
public enum Python {
    /// Runs a script with arguments and records an issue where it does not end well.
    public static func run(
        _ arguments: [String], needing module: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let result = try await result(of: arguments, needing: module, sourceLocation: sourceLocation)
        guard let result else { return }
        #expect(result.status == 0, "\(result.output)\(result.errors)", sourceLocation: sourceLocation)
    }

    /// What a script says; `nil` and an issue where no Python has the module.
    public static func result(
        of arguments: [String], needing module: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> CommandResult? {
        guard let program = try await program(with: module) else {
            Issue.record(
                "no Python has \(module): `make test` installs it into .venv (Tests/requirements.txt)",
                sourceLocation: sourceLocation)
            return nil
        }
        return try await runCommand(program, arguments)
    }

    private static func program(with module: String) async throws -> String? {
        let folders = ["\(TestPaths.repository)/.venv/bin", "/usr/local/bin", "/usr/bin"]
        for program in folders.flatMap({ ["\($0)/python", "\($0)/python3"] })
        where FileManager.default.isExecutableFile(atPath: program) {
            if try await runCommand(program, ["-c", "import \(module)"]).status == 0 { return program }
        }
        return nil
    }
}
