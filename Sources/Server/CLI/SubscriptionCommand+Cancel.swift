internal import ArgumentParser
internal import Billing
internal import Primitives

struct SubscriptionCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End a subscription, and give back what is due.",
        discussion: """
            What is given back goes onto the customer's balance, order by order: \
            a share of what was paid. `tollgate subscription auto-renew ID on` undoes --at-end while the subscription lives.

            With --key the same command may be run again, after a lost connection say: it answers as before and gives \
            nothing back twice, for as long as keys are kept (30 days).
            """
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The subscription's id.", transform: IdentifierArgument.subscription)
    var subscription: SubscriptionID

    @Flag var way: Way

    @Flag(help: "Give nothing back, for a breach of terms say.")
    var keepMoney = false

    @Option(
        help: "What has to be given back, such as 12.50; where it is another amount nothing is done.",
        transform: AmountArgument.parseExpected)
    var expect: AmountText?

    @Flag(help: "Only say what it would come to.")
    var preview = false

    @Option(
        help: "The moment of a preview, at most 15 minutes ago: to come to its figures.",
        transform: MomentArgument.parse)
    var asOf: Instant?

    @Option(help: "A note for the statement.")
    var memo: String?

    @Option(
        help: "A name for this cancellation, 1 to 255 printable characters.", transform: KeyArgument.parse)
    var key: IdempotencyKey?

    enum Way: EnumerableFlag {
        case now, atEnd, undeliverable

        static func help(for way: Way) -> ArgumentHelp? {
            switch way {
            case .now: "At once; the time that is not served any more is given back."
            case .atEnd: "With its paid time: nobody renews it by itself, and nothing is given back."
            case .undeliverable: "At once; all that was paid for it is given back, served time too."
            }
        }

        fileprivate var command: Cancellation.Way {
            switch self {
            case .now: .now
            case .atEnd: .atEnd
            case .undeliverable: .undeliverable
            }
        }
    }

    func run() async throws {
        let request = OperatorWork.CancellationRequest(
            way.command, keepsMoney: keepMoney, expected: expect, asOf: asOf, memo: memo, key: key)
        if preview {
            let foreseen = try await options.run("subscription") { [options, subscription] in
                try await $0.previewCancellation(subscription, of: options.tenant, request)
            }
            options.output.say(foreseen)
            return
        }
        let cancelled = try await options.run("subscription") { [options, subscription] in
            try await $0.cancel(subscription, of: options.tenant, request)
        }
        if options.output.json {
            Terminal.say(json: cancelled.json)
        } else {
            for line in cancelled.lines { Terminal.say(line) }
        }
    }
}
