internal import ArgumentParser
internal import Catalog
internal import Foundation

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make the catalogue match a file: tenants, plans, gateways, coupons, customers, keys.",
        discussion: """
            The same file twice changes nothing. What the file leaves out is left alone, unless --prune deactivates \
            it. Keys that the file leaves out are made and printed this once.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The catalogue file, or - for standard input.")
    var file: String

    @Flag(help: "Print what would change, and change nothing.")
    var dryRun = false

    @Flag(help: "Deactivate what the file leaves out.")
    var prune = false

    func run() async throws {
        let catalogue = try CatalogueFile(file)
        let options = ApplyOptions(isDryRun: dryRun, prunes: prune)
        let purpose = DatabaseAccess.Purpose(command: "apply")
        let report = try await Installation.run(try await common.settings(), for: purpose) { installation in
            try await Schema.requireCurrent(installation.owner)
            return try await catalogue.apply(to: installation, options)
        }
        if output.json {
            Terminal.say(json: report.json)
        } else {
            Terminal.say(report.text.trimmingCharacters(in: .newlines))
        }
    }
}

/// A catalogue file that has been read, but not yet understood.
struct CatalogueFile: Sendable {
    private let name: String
    private let bytes: [UInt8]

    init(_ path: String) throws {
        name = path == "-" ? "standard input" : path
        do {
            bytes =
                path == "-"
                ? [UInt8](try FileHandle.standardInput.readToEnd() ?? Data())
                : [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CommandFailure.badUsage("\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// Throws `CommandFailure`: bad usage where the file is wrong, a failure where the database was.
    func apply(to installation: Installation, _ options: ApplyOptions) async throws -> ApplyReport {
        let applying = CatalogueApply(
            pool: installation.owner, dialects: .all, hasher: Argon2Hasher(random: installation.random),
            random: installation.random, actor: OperatorWork(installation).actor)
        do throws(ApplyError) {
            return try await applying.apply(bytes, file: name, options: options)
        } catch {
            switch error {
            case .document(let problem): throw CommandFailure.badUsage("\(problem)")
            case .unavailable(let fault): throw CommandFailure.failed("\(fault)")
            }
        }
    }
}
