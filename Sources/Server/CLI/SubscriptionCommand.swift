internal import ArgumentParser

struct SubscriptionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscription",
        abstract: "What an operator looks up and does about subscriptions by hand.",
        subcommands: [
            SubscriptionList.self, SubscriptionShow.self, SubscriptionAutoRenew.self, SubscriptionParked.self,
            SubscriptionUnpark.self, SubscriptionCancel.self, SubscriptionChangePlan.self,
        ]
    )
}
