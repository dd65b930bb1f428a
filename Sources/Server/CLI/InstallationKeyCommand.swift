internal import ArgumentParser
internal import Primitives
internal import Provisioning

struct InstallationKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "installation-key",
        abstract: "Show which key stored secrets are under, and seal them under the newest.",
        discussion: "How a key is replaced without an interruption: docs/keys.md.",
        subcommands: [InstallationKeyStatus.self, InstallationKeyRenew.self]
    )
}

struct InstallationKeyStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Count stored secrets by the key that they are under.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (census, keys) = try await Installation.run(
            try await common.settings(), for: .init(command: "installation-key"), needsKey: true
        ) { installation in
            try await Schema.requireCurrent(installation.owner)
            let work = Resealing(pool: installation.owner, seal: installation.requiredSeal)
            return (try await work.census(), installation.requiredKeys)
        }
        let known = keys.all.map(\.id)
        if output.json {
            Terminal.say(
                json: [
                    "newest": .integer(Int64(keys.newest.id)),
                    "given": .array(known.map { .integer(Int64($0)) }),
                    "sealed": .array(
                        census.map {
                            [
                                "column": .string($0.column.rawValue), "key": .integer(Int64($0.key)),
                                "values": .integer($0.values),
                            ]
                        }),
                ])
        } else {
            Terminal.say(
                "key \(keys.newest.id) seals; given: \(known.map { String($0) }.joined(separator: ", "))")
            for row in census {
                let note = known.contains(row.key) ? "" : "  which was not given"
                Terminal.say("\(row.column.rawValue)  key \(row.key)\(note)  \(row.values)")
            }
        }
        if census.contains(where: { !known.contains($0.key) }) { throw CommandFailure.said }
    }
}

struct InstallationKeyRenew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Seal everything under the newest key; exit 1 if anything could not be opened.",
        discussion: "May run beside a busy server, be stopped anywhere, and be run again."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let counts = try await Installation.run(
            try await common.settings(), for: .init(command: "installation-key"), needsKey: true
        ) { installation in
            try await Schema.requireCurrent(installation.owner)
            return try await Resealing(pool: installation.owner, seal: installation.requiredSeal).run {
                Terminal.progress("sealed \($0.renewed)")
            }
        }
        Terminal.endProgress()
        if output.json {
            Terminal.say(
                json: [
                    "renewed": .integer(Int64(counts.renewed)),
                    "overtaken": .integer(Int64(counts.overtaken)),
                    "unreadable": .integer(Int64(counts.unreadable)),
                ])
        } else {
            Terminal.say(
                "sealed \(counts.renewed) anew, \(counts.overtaken) were changed meanwhile by others, \(counts.unreadable) could not be opened"
            )
        }
        if counts.unreadable > 0 { throw CommandFailure.said }
    }
}
