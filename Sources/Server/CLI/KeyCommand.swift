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

    @Flag(help: "The key may take trials.")
    var trials = false

    @Option(help: "Requests and time, such as 120/1m, or off (default: the dialect's own).")
    var rateLimit: String?

    func run() async throws {
        let name = DialectName(rawValue: dialect)
        guard let form = KnownDialects.all.keyForms[name] ?? nil else {
            throw CommandFailure.badUsage("\(dialect) is no dialect with API keys")
        }
        if let rateLimit, RateLimit(rateLimit) == nil {
            throw CommandFailure.badUsage("\(rateLimit) is no rate limit; one looks like 120/1m, or is `off`")
        }
        let rights = OperatorWork.KeyRights(mayTakeTrials: trials, rateLimit: rateLimit)
        let key = try await options.run("key") { [options, customer] in
            try await $0.createKey(for: customer, of: options.tenant, in: name, form, rights)
        }
        if options.output.json {
            Terminal.say(
                json: [
                    "id": .string(key.id.description), "dialect": .string(dialect), "key": .string(key.text),
                ])
        } else {
            Terminal.say(key.text)
        }
    }
}

struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a customer's API keys.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The customer's e-mail address, username or id.")
    var customer: String

    func run() async throws {
        let keys = try await options.run("key") { [options, customer] in
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
