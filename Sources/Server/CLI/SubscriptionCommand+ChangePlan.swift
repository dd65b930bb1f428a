internal import ArgumentParser
internal import Billing
internal import Primitives

struct SubscriptionChangePlan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change-plan",
        abstract: "Put a subscription on another plan of its product, from now on.",
        discussion: """
            What was paid for the time to come is credited, the new plan's first period begins at its full price, and \
            the difference is charged to the balance, or goes back to it.

            With --key the same command may be run again, after a lost connection say: it answers as before and charges \
            nothing twice, for as long as keys are kept (30 days).
            """
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The subscription's id.", transform: IdentifierArgument.subscription)
    var subscription: SubscriptionID

    @Argument(help: "The new plan's code.")
    var plan: String

    @Flag(help: "Only say what it would come to.")
    var preview = false

    @Option(
        help:
            "What it has to come to, such as 12.50, or --expect=-3.20; where it is another amount nothing is done.",
        transform: AmountArgument.parseSigned)
    var expect: AmountText?

    @Option(
        help: "The moment of a preview, at most 15 minutes ago: to come to its figures.",
        transform: MomentArgument.parse)
    var asOf: Instant?

    @Option(help: "A note for the statement.")
    var memo: String?

    @Option(help: "A name for this change, 1 to 255 printable characters.", transform: KeyArgument.parse)
    var key: IdempotencyKey?

    func run() async throws {
        let request = OperatorWork.PlanChangeRequest(
            plan: plan, expected: expect, asOf: asOf, memo: memo, key: key)
        if preview {
            let foreseen = try await options.run("subscription") { [options, subscription] in
                try await $0.previewPlanChange(of: subscription, of: options.tenant, request)
            }
            options.output.say(foreseen)
            return
        }
        let changed = try await options.run("subscription") { [options, subscription] in
            try await $0.changePlan(of: subscription, of: options.tenant, request)
        }
        if options.output.json {
            Terminal.say(json: changed.json)
        } else {
            for line in changed.lines { Terminal.say(line) }
        }
    }
}

extension OutputOptions {
    /// Tells what a command would come to.
    func say(_ preview: PreviewByHand<some AnswerByHand>) {
        if json {
            Terminal.say(json: preview.json)
        } else {
            for line in preview.lines { Terminal.say(line) }
        }
    }
}
