internal import ArgumentParser
internal import Primitives

struct SubscriptionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a tenant's subscriptions, newest first.",
        discussion: """
            `active` is paid, `expired` past that but still to be renewed, `ended` over: by the tenant's own clock, whether \
            a job has looked or not.
            """
    )

    @OptionGroup var options: OperatorOptions
    @OptionGroup var page: PageOptions

    @Option(help: "Only this customer's: e-mail address, username or id.")
    var customer: String?

    @Option(help: "Only those that are `active`, `expired` or `ended`.", transform: WordArgument.parse)
    var state: SubscriptionState?

    @Option(help: "Only those of this plan, by its code.")
    var plan: String?

    @Option(
        help: "Only those older than this one: where the page before it ended.",
        transform: IdentifierArgument.subscription)
    var before: SubscriptionID?

    func run() async throws {
        let filter = SubscriptionFilter(
            customer: customer, state: state, plan: plan, before: before, limit: page.limit)
        let found = try await options.read("subscription") { [options] in
            try await $0.subscriptions(of: options.tenant, filter)
        }
        options.output.say(found.items.map(\.json), found.next?.description, named: "subscriptions") {
            found.items.map(\.line)
        }
    }
}

struct SubscriptionShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a subscription with its periods and ports, without secrets.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The subscription's id.", transform: IdentifierArgument.subscription)
    var subscription: SubscriptionID

    func run() async throws {
        let details = try await options.read("subscription") { [options, subscription] in
            try await $0.subscription(subscription, of: options.tenant)
        }
        if options.output.json {
            Terminal.say(json: details.json)
        } else {
            for line in details.lines { Terminal.say(line) }
        }
    }
}
