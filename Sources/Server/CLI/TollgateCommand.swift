public import ArgumentParser
internal import Foundation

/// `tollgate …`: exit code 0 when it is done, 1 when it was refused or failed, 2 when it was asked wrongly.
public struct TollgateCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "tollgate",
        abstract: "Sells gateway access for many resellers at once.",
        discussion: """
            Every command finds its database by TOLLGATE_DATABASE_URL, else in the data directory (--data, \
            TOLLGATE_DATA, .tollgate), whether `tollgate up` runs on it or not.
            """,
        subcommands: [
            UpCommand.self, ServeCommand.self, WorkCommand.self, MigrateCommand.self, ApplyCommand.self,
            VerifyCommand.self, CustomerCommand.self, KeyCommand.self, ClockCommand.self, JobCommand.self,
            OrderCommand.self, SubscriptionCommand.self, StaffCommand.self, InstallationKeyCommand.self,
            ExportCommand.self, PaymentsCommand.self,
        ]
    )

    public init() {}

    /// Runs the command line of this process, and ends it.
    public static func runProcess() async -> Never {
        // A reader that has gone is an error of write(2), not the end of us.
        signal(SIGPIPE, SIG_IGN)
        Foundation.exit(await run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs a command line and returns its exit code.
    static func run(_ arguments: [String]) async -> Int32 {
        do {
            let command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
            return 0
        } catch {
            return report(error)
        }
    }

    private static func report(_ error: any Error) -> Int32 {
        if let failure = error as? CommandFailure {
            if failure != .said { Terminal.complain("tollgate: \(failure)") }
            return failure.exitCode
        }
        switch exitCode(for: error) {
        case .success:
            // `--help` and `--version` arrive as errors.
            Terminal.say(fullMessage(for: error))
            return 0
        case .validationFailure:
            Terminal.complain(fullMessage(for: error))
            return 2
        default:
            Terminal.complain("tollgate: \(error)")
            return 1
        }
    }
}
