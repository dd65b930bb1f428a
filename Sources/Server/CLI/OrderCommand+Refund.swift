internal import ArgumentParser
internal import Billing
internal import Primitives

struct OrderRefund: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund", abstract: "Give an order's money back to its customer's balance.",
        discussion: """
            Without --amount, all that is left of it: that takes back the time which the order paid for and is still to \
            come, and frees its coupon, unless --keep-service or the reason leaves them. An order that cost nothing is \
            cancelled. A part leaves both. Of several orders that paid for one subscription the latest goes back first.

            With --key the same command may be run again, after a lost connection say: it answers as before and gives \
            nothing back twice, for as long as keys are kept (30 days).
            """
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The order's id.", transform: IdentifierArgument.order)
    var order: OrderID

    @Option(
        help: "Only so much, in the order's currency, such as 12.50 (default: all that is left).",
        transform: AmountArgument.parse)
    var amount: AmountText?

    @Flag(help: "Give the money back and leave the service as it is.")
    var keepService = false

    @Option(
        help: "Why: requested, undeliverable or chargeback. A chargeback leaves the order's coupon used.",
        transform: WordArgument.parse)
    var reason: RefundReason = .requested

    @Flag(help: "Only say what it would come to.")
    var preview = false

    @Option(
        help: "The moment of a preview, at most 15 minutes ago: to come to its figures.",
        transform: MomentArgument.parse)
    var asOf: Instant?

    @Option(help: "A note for the statement.")
    var memo: String?

    @Option(help: "A name for this refund, 1 to 255 printable characters.", transform: KeyArgument.parse)
    var key: IdempotencyKey?

    func run() async throws {
        let request = OperatorWork.RefundRequest(
            amount: amount, keepsService: keepService, reason: reason, asOf: asOf, memo: memo, key: key)
        if preview {
            let foreseen = try await options.run("order") { [options, order] in
                try await $0.previewRefund(order, of: options.tenant, request)
            }
            options.output.say(foreseen)
            return
        }
        let refund = try await options.run("order") { [options, order] in
            try await $0.refund(order, of: options.tenant, request)
        }
        if options.output.json {
            Terminal.say(json: refund.json)
        } else {
            for line in refund.lines { Terminal.say(line) }
        }
    }
}

enum AmountArgument {
    static func parse(_ text: String) throws -> AmountText {
        guard let amount = AmountText(text) else {
            throw ValidationError("\(text) is no amount above zero, such as 12.50")
        }
        return amount
    }

    /// One that may be nothing at all.
    static func parseExpected(_ text: String) throws -> AmountText {
        guard let amount = AmountText(text, allowingZero: true) else {
            throw ValidationError("\(text) is no amount, such as 12.50")
        }
        return amount
    }
}

extension AmountArgument {
    /// One that may be below zero.
    static func parseSigned(_ text: String) throws -> AmountText {
        guard let amount = AmountText(signed: text) else {
            throw ValidationError("\(text) is no amount, such as 12.50")
        }
        return amount
    }
}

enum KeyArgument {
    static func parse(_ text: String) throws -> IdempotencyKey {
        guard let key = IdempotencyKey(text) else {
            throw ValidationError("a key has 1 to 255 printable ASCII characters")
        }
        return key
    }
}
