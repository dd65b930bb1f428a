internal import ArgumentParser
internal import Primitives

struct SubscriptionAutoRenew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auto-renew",
        abstract: "Let a subscription renew itself from the balance, or not any more.",
        discussion: "`off` leaves the service as it is paid; the customer may still renew it by hand."
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The subscription's id.", transform: IdentifierArgument.subscription)
    var subscription: SubscriptionID

    @Argument(help: "`on` or `off`.")
    var state: Switch

    enum Switch: String, ExpressibleByArgument, CaseIterable {
        case on, off
    }

    func run() async throws {
        let order: OperatorWork.RenewalOrder = state == .on ? .on : .off
        let standing = try await options.run("subscription") { [options, subscription] in
            try await $0.change(subscription, of: options.tenant, order)
        }
        options.say(standing)
    }
}

struct SubscriptionParked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked", abstract: "List the subscriptions that wait for an operator.")

    @OptionGroup var options: OperatorOptions

    func run() async throws {
        let parked = try await options.run("subscription") { [options] in
            try await $0.parked(of: options.tenant)
        }
        if options.output.json {
            Terminal.say(json: .array(parked.map(\.json)))
        } else {
            for standing in parked { Terminal.say(standing.line) }
        }
    }
}

struct SubscriptionUnpark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpark", abstract: "Let a parked subscription renew itself again.",
        discussion: "The next run of the job `renewals` tries it, as if it had never failed."
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The subscription's id.", transform: IdentifierArgument.subscription)
    var subscription: SubscriptionID

    func run() async throws {
        let standing = try await options.run("subscription") { [options, subscription] in
            try await $0.change(subscription, of: options.tenant, .unpark)
        }
        options.say(standing)
    }
}

extension OperatorOptions {
    fileprivate func say(_ standing: StandingView) {
        if output.json { Terminal.say(json: standing.json) } else { Terminal.say(standing.line) }
    }
}
