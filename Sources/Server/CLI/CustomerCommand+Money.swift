internal import ArgumentParser
internal import Primitives

struct CustomerAdjust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjust", abstract: "Correct a customer's balance by hand, with a reason.",
        discussion: """
            A positive amount is granted, a negative one (--amount=-5.00) taken; never below the credit limit. What the \
            customer owes since a chargeback is paid of what is granted.
            """
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "E-mail address, username or id.")
    var customer: String

    @Option(
        help: "How much, in the customer's currency, such as --amount=-5.00.",
        transform: AmountArgument.parseSigned)
    var amount: AmountText

    @Option(help: "Why, for the statement.", transform: HandwrittenArgument.reason)
    var reason: String

    @Option(
        help: "A name for it, unique in the tenant: with it, running the command twice moves once.",
        transform: HandwrittenArgument.reference)
    var reference: String?

    func run() async throws {
        let receipt = try await options.run("customer") { [options, customer, amount, reference, reason] in
            try await $0.adjust(
                customer, of: options.tenant, by: amount, reference: reference, reason: reason)
        }
        if options.output.json {
            Terminal.say(
                json: [
                    "entry": .string(receipt.entry.description),
                    "amount": .string(receipt.amount.description),
                    "balance": .string(receipt.balance.description),
                ])
        } else {
            Terminal.say("adjusted by \(receipt.amount); the balance is \(receipt.balance)")
        }
    }
}

struct CustomerAutoTopUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auto-top-up",
        abstract: "Let a customer's wallet fill itself from their saved card, or not.",
        discussion: """
            With --below and --amount it is switched on, or changed; a wallet that was parked after too many refusals is \
            tried again. With --off it is switched off. Without any of them it is shown. The job `auto-top-ups` does it.
            """
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "E-mail address, username or id.")
    var customer: String

    @Option(
        help: "Fill it when less is on it than this, such as \"5.00 USD\".", transform: MoneyArgument.parse)
    var below: Money?

    @Option(help: "How much is collected each time.", transform: MoneyArgument.parse)
    var amount: Money?

    @Option(help: "How often a day at most, in the tenant's time zone.")
    var perDay: Int32 = 1

    @Flag(help: "Switch it off.")
    var off = false

    @Option(
        help:
            "The provider's name of the customer (cus_…), with --card: for one who was charged elsewhere before."
    )
    var payer: String?

    @Option(help: "The provider's name of their card (pm_…).")
    var card: String?

    func validate() throws {
        guard (payer == nil) == (card == nil) else {
            throw ValidationError("say --payer and --card, or neither")
        }
        guard (below == nil) == (amount == nil), !off || below == nil else {
            throw ValidationError("say --below and --amount, or --off, or neither")
        }
        guard (1...AutoTopUp.perDayMax).contains(perDay) else {
            throw ValidationError("--per-day is from 1 to \(AutoTopUp.perDayMax)")
        }
    }

    func run() async throws {
        let setting = try await options.runPayments {
            [customer, below, amount, perDay, off, payer, card] work, desk, tenant in
            let id = try await work.customerID(customer, tenant)
            if let payer, let card {
                try await desk.keep(SavedPaymentMethod(payer: payer, method: card), of: id, tenant)
            }
            if let below, let amount {
                try await desk.fillAutomatically(
                    id, of: tenant, below: below, by: amount, perDay: perDay, actor: work.actor)
            } else if off {
                try await desk.stopFilling(id, of: tenant, actor: work.actor)
            }
            return try await desk.autoTopUp(of: id, tenant)
        }
        if options.output.json {
            Terminal.say(json: setting?.json ?? .null)
        } else {
            Terminal.say(setting?.line ?? "the wallet does not fill itself")
        }
    }
}
