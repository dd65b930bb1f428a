internal import ArgumentParser

struct SubscriptionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscription", abstract: "What an operator does about subscriptions by hand.",
        subcommands: [SubscriptionAutoRenew.self, SubscriptionParked.self, SubscriptionUnpark.self]
    )
}
