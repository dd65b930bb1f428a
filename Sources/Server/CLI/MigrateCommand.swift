internal import ArgumentParser

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database's schema up to date."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let purpose = DatabaseAccess.Purpose(command: "migrate", mayCreate: true)
        let applied = try await Installation.run(try await common.settings(), for: purpose) { installation in
            try await Schema.migrate(installation.owner, now: installation.clock.now())
        }
        if output.json {
            Terminal.say(json: ["applied": .array(applied.map { .string($0) })])
        } else if applied.isEmpty {
            Terminal.say("the schema is up to date")
        } else {
            for name in applied { Terminal.say("applied \(name)") }
        }
    }
}
