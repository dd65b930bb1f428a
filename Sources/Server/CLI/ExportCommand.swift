internal import ArgumentParser

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Take a period of a tenant's books out, for finance.",
        discussion: "docs/exports.md says what each column means, and how to close and rerun a period.",
        subcommands: [ExportRunCommand.self, ExportCheckCommand.self],
        defaultSubcommand: ExportRunCommand.self
    )
}

struct ExportRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Write an export to a file or to standard output.",
        discussion: """
            \(ExportKind.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

            Bounds are a month, a day or a moment: `--from 2026-01 --to 2026-02` is January in the tenant's time zone.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    @Argument(
        help: "What to take out: \(ExportKind.allCases.map(\.rawValue).joined(separator: ", ")).",
        transform: WordArgument.parse)
    var kind: ExportKind

    @Option(help: "The tenant's slug.")
    var tenant: String

    @Option(help: "Where the period begins, such as 2026-01, 2026-01-31 or 2026-01-31T00:00:00Z.")
    var from: String

    @Option(help: "Before which month, day or moment it ends.")
    var to: String

    @Option(
        help: "Only what was recorded before this month, day or moment, so that it can be done again later.")
    var recordedBefore: String?

    @Option(help: "csv or jsonl; of the journal also hledger or beancount.", transform: WordArgument.parse)
    var format = ExportFormat.csv

    @Option(help: "The file to write; standard output without it.")
    var out: String?

    @Option(help: "A file for the manifest: what was asked and seen, rows, control totals, SHA-256.")
    var manifest: String?

    func validate() throws {
        guard !output.json || out != nil else {
            throw ValidationError("--json prints the manifest, so the export needs a file: --out")
        }
        guard kind.formats.contains(format) else {
            throw ValidationError("\(ExportRefusal.formatUnfit(kind, format))")
        }
    }

    func run() async throws {
        let request = ExportRequest(
            tenant: tenant, kind: kind, format: format, from: from, to: to, recordedBefore: recordedBefore)
        let cancellation = TaskCancellation()
        let settings = try await common.settings()
        let made = try await Installation.run(
            settings, for: .init(command: "export"), stopping: { cancellation.cancel() }
        ) { [out, manifest] installation in
            try await Schema.requireCurrent(installation.owner)
            return try await cancellation.run {
                try await ExportDelivery(
                    exports: Exports(pool: installation.exports), out: out, manifest: manifest
                )
                .deliver(request)
            }
        }
        Terminal.endProgress()
        guard let out else { return }
        if output.json { Terminal.say(json: made.json(of: out)) } else { Terminal.say(made.line(of: out)) }
    }
}

struct ExportCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a file against its manifest; exit 1 where it is another.")

    @Argument(help: "The manifest.")
    var manifest: String

    @Argument(help: "The file; by default the one that the manifest names, beside it.")
    var file: String?

    func run() async throws {
        Terminal.say(try ExportCheck(manifest: manifest, file: file).line())
    }
}
