internal import ArgumentParser
internal import Primitives

struct ClockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock", abstract: "Show what time a tenant has, and move a sandbox's clock ahead.",
        subcommands: [ClockShow.self, ClockAdvance.self]
    )
}

struct ClockShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a tenant's clock.")

    @OptionGroup var options: OperatorOptions

    func run() async throws {
        let clock = try await options.run("clock") { [options] in try await $0.clock(of: options.tenant) }
        if options.output.json { Terminal.say(json: clock.json) } else { Terminal.say(clock.line) }
    }
}

struct ClockAdvance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advance", abstract: "Move a sandbox's clock ahead; it never goes back.",
        discussion: "Whatever is ordered afterwards happens by the new time, in every process."
    )

    @OptionGroup var options: OperatorOptions

    @Option(help: "How far, such as 30d, 12h or 45m.")
    var by: String?

    @Option(help: "To which moment, such as 2027-01-31T00:00:00Z.")
    var to: String?

    func run() async throws {
        let move = try move()
        let clock = try await options.run("clock") { [options] in
            try await $0.moveClock(of: options.tenant, move)
        }
        if options.output.json { Terminal.say(json: clock.json) } else { Terminal.say(clock.line) }
    }

    private func move() throws(CommandFailure) -> ClockMove {
        switch (by, to) {
        case (let span?, nil):
            guard let span = DurationText(span) else {
                throw .badUsage("\(span) is no duration; one looks like 30d, 12h or 45m")
            }
            return .by(span)
        case (nil, let moment?):
            guard let moment = Instant(rfc3339: moment) else {
                throw .badUsage("\(moment) is no time with a zone; one looks like 2027-01-31T00:00:00Z")
            }
            return .to(moment)
        case (nil, nil), (_?, _?): throw .badUsage("say how far with one of --by and --to")
        }
    }
}
