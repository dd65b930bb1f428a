internal import ArgumentParser
internal import Catalog
internal import Primitives

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make, list and revoke customers' API keys.",
        subcommands: [KeyCreate.self, KeyList.self, KeyRevoke.self]
    )
}

struct KeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an API key; it is printed this once and kept nowhere.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The customer's e-mail address, username or id.")
    var customer: String

    @Option(help: "The dialect that the key is for.")
    var dialect = "gate"

    @Flag(help: "A test key: for the tenant's sandbox, where a customer with play money stands for this one.")
    var test = false

    @Flag(help: "The key may take trials.")
    var trials = false

    @Option(help: "Requests and time, such as 120/1m, or off (default: the dialect's own).")
    var rateLimit: String?

    @Option(
        help: "An address or network that the key may be used from; may be repeated (default: from anywhere)."
    )
    var allow: [String] = []

    @Option(help: "How long the key is good, such as 90d (default: for ever).")
    var expiresIn: String?

    @Option(help: "When the key ends, such as 2027-01-31T00:00:00Z.")
    var expiresAt: String?

    func run() async throws {
        let name = DialectName(rawValue: dialect)
        guard let form = KnownDialects.all.keyForms[name] ?? nil else {
            throw CommandFailure.badUsage("\(dialect) is no dialect with API keys")
        }
        if let rateLimit, RateLimit(rateLimit) == nil {
            throw CommandFailure.badUsage("\(rateLimit) is no rate limit; one looks like 120/1m, or is `off`")
        }
        let rights = OperatorWork.KeyRights(
            mayTakeTrials: trials, rateLimit: rateLimit, end: try end(), allowedSources: try allowedSources())
        let key = try await options.run("key") { [options, customer, test] in
            try await $0.createKey(
                for: customer, of: options.tenant, in: name, form, rights, for: test ? .test : .live)
        }
        if options.output.json {
            Terminal.say(
                json: [
                    "id": .string(key.id.description), "tenant": .string(key.tenant),
                    "dialect": .string(dialect), "key": .string(key.text),
                ])
        } else {
            Terminal.say(key.text)
        }
    }

    private func end() throws(CommandFailure) -> OperatorWork.KeyEnd {
        switch (expiresIn, expiresAt) {
        case (nil, nil): return .never
        case (let span?, nil):
            guard let span = DurationText(span) else {
                throw .badUsage("\(span) is no duration; one looks like 90d, 12h or 45m")
            }
            return .after(span)
        case (nil, let moment?):
            guard let moment = Instant(rfc3339: moment) else {
                throw .badUsage("\(moment) is no time with a zone; one looks like 2027-01-31T00:00:00Z")
            }
            return .at(moment)
        case (_?, _?): throw .badUsage("--expires-in and --expires-at say the same thing: give one of them")
        }
    }

    private func allowedSources() throws(CommandFailure) -> AllowList? {
        guard !allow.isEmpty else { return nil }
        var networks: [NetworkPrefix] = []
        for text in allow {
            do throws(NetworkPrefix.Problem) {
                networks.append(try NetworkPrefix(parsing: text))
            } catch {
                throw .badUsage("--allow \(text) \(error)")
            }
        }
        guard let list = AllowList(networks) else {
            throw .badUsage("a key may have at most \(AllowList.networksMax) addresses and networks")
        }
        return list
    }
}

struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a customer's API keys.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The customer's e-mail address, username or id.")
    var customer: String

    func run() async throws {
        let keys = try await options.read("key") { [options, customer] in
            try await $0.keys(of: customer, of: options.tenant)
        }
        if options.output.json {
            Terminal.say(json: .array(keys.map(\.json)))
        } else {
            for key in keys { Terminal.say(key.line) }
        }
    }
}

struct KeyRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke an API key; whoever uses it is refused from then on.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The key's id, or the key itself.")
    var key: String

    func run() async throws {
        let revoked = try await options.run("key") { [options, key] in
            try await $0.revokeKey(key, of: options.tenant)
        }
        if options.output.json {
            Terminal.say(json: revoked.json)
        } else {
            Terminal.say("revoked \(revoked.line)")
        }
    }
}
