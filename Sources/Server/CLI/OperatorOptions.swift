internal import ArgumentParser
internal import Foundation
internal import Primitives

/// What every command about one tenant takes.
struct OperatorOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "The tenant's slug.")
    var tenant: String

    /// Runs the work on an up-to-date schema; a refusal becomes a failure that says why.
    func run<Result: Sendable>(
        _ command: String, _ body: @escaping @Sendable (OperatorWork) async throws -> Result
    ) async throws -> Result {
        try await open(command) { try await body(OperatorWork($0)) }
    }

    /// Looks something up, under the tenant's row-level security.
    func read<Result: Sendable>(
        _ command: String, _ body: @escaping @Sendable (OperatorReading) async throws -> Result
    ) async throws -> Result {
        try await open(command) { try await body(OperatorReading(pool: $0.reading)) }
    }

    private func open<Result: Sendable>(
        _ command: String, _ body: @escaping @Sendable (Installation) async throws -> Result
    ) async throws -> Result {
        try await Installation.run(try await common.settings(), for: .init(command: command)) {
            installation in
            try await Schema.requireCurrent(installation.owner)
            do {
                return try await body(installation)
            } catch let refusal as OperatorWork.Refusal {
                throw CommandFailure.failed("\(refusal)")
            }
        }
    }
}

extension OperatorWork {
    /// What whoever has started this process does by hand.
    init(_ installation: Installation) {
        self.init(
            pool: installation.owner, identifiers: installation.identifiers, random: installation.random,
            actor: "operator \(NSUserName())")
    }
}
