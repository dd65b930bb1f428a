internal import ArgumentParser
internal import Billing
internal import Primitives

struct PaymentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payments", abstract: "Money that a payment provider collects for wallets.",
        discussion: """
            A payment is opened, paid at the provider's page, and credited when the provider says so; docs/payments.md says \
            what happens on each of its messages.
            """,
        subcommands: [
            PaymentsList.self, PaymentsShow.self, PaymentsOpen.self, PaymentsSettle.self, PaymentsRefund.self,
            PaymentsStripe.self,
        ]
    )
}

extension OperatorOptions {
    /// Runs the work with a desk whose engine is the command's own; a refusal becomes a failure that says why.
    func runPayments<Result: Sendable>(
        _ body: @escaping @Sendable (OperatorWork, PaymentDesk, TenantID) async throws -> Result
    ) async throws -> Result {
        try await Installation.run(
            try await common.settings(), for: .init(command: "payments"), needsKey: true
        ) { [tenant] installation in
            try await Schema.requireCurrent(installation.owner)
            let lending = EngineLending.made { installation.makeEngine(SlotStock(), clock: $0) }
            let work = OperatorWork(installation)
            return try await lending.use(installation.clock) { engine in
                do {
                    let desk = installation.makePaymentDesk(engine, installation.requiredSeal)
                    return try await body(work, desk, try await work.tenantID(tenant))
                } catch let refusal as OperatorWork.Refusal {
                    throw CommandFailure.failed("\(refusal)")
                } catch let refusal as PaymentRefusal {
                    throw CommandFailure.failed("\(refusal)")
                } catch PaymentProviderProblem.unreachable(let fault) {
                    throw CommandFailure.failed(
                        "the payment provider gave no answer (\(fault)); `tollgate job payments` goes on with it"
                    )
                }
            }
        }
    }
}

extension OperatorWork {
    /// The customer of an e-mail address, username or id.
    func customerID(_ name: String, _ tenant: TenantID) async throws -> CustomerID {
        try await pool.transaction(tenant: nil) { try Self.customer(name, tenant, $0).id }
    }
}

struct PaymentsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a tenant's payments, newest first.")

    @OptionGroup var options: OperatorOptions
    @OptionGroup var page: PageOptions

    @Option(help: "Only this customer's: e-mail address, username or id.")
    var customer: String?

    @Option(help: "Only those that are `open`, `paid`, `failed` or `expired`.", transform: WordArgument.parse)
    var state: Payment.State?

    @Option(
        help: "Only those older than this one: where the page before it ended.",
        transform: IdentifierArgument.payment)
    var before: PaymentID?

    func run() async throws {
        let found = try await options.runPayments { [page, customer, state, before] work, desk, tenant in
            var whose: CustomerID?
            if let customer { whose = try await work.customerID(customer, tenant) }
            return try await desk.payments(
                of: tenant, customer: whose, state: state, before: before, limit: page.limit)
        }
        options.output.say(found.items.map(\.json), found.next?.description, named: "payments") {
            found.items.map(\.line)
        }
    }
}

struct PaymentsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a payment, with what goes back of it.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The payment's id.", transform: IdentifierArgument.payment)
    var payment: PaymentID

    func run() async throws {
        let (found, reversals) = try await options.runPayments { [payment] _, desk, tenant in
            guard let found = try await desk.payment(payment, of: tenant) else {
                throw PaymentRefusal.paymentUnknown
            }
            return found
        }
        if options.output.json {
            Terminal.say(
                json: ["payment": found.json, "reversals": .array(reversals.map(\.json))])
        } else {
            for line in [found.line] + reversals.map({ "  " + $0.line }) { Terminal.say(line) }
        }
    }
}

struct PaymentsOpen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Make a page where a customer pays; prints where it is.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The customer's e-mail address, username or id.")
    var customer: String

    @Argument(
        help: "A positive amount with its currency, such as \"25.00 USD\".", transform: MoneyArgument.parse)
    var amount: Money

    @Flag(help: "Let the provider keep the card, for automatic top-ups.")
    var saveCard = false

    func run() async throws {
        let payment = try await options.runPayments { [options, customer, amount, saveCard] work, desk, _ in
            try await work.openPayment(
                amount, by: customer, of: options.tenant, savesMethod: saveCard, at: desk)
        }
        if options.output.json {
            Terminal.say(json: payment.json)
        } else {
            Terminal.say("\(payment.line)\n\(payment.url ?? "")")
        }
    }
}

struct PaymentsSettle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settle", abstract: "Ask the provider what became of a payment, and book it.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The payment's id.", transform: IdentifierArgument.payment)
    var payment: PaymentID

    func run() async throws {
        let settled = try await options.runPayments { [payment] _, desk, tenant in
            try await desk.settle(payment, of: tenant)
        }
        if options.output.json { Terminal.say(json: settled.json) } else { Terminal.say(settled.line) }
    }
}

struct PaymentsRefund: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund", abstract: "Pay a payment back, or a part of it.",
        discussion: """
            The money is set aside off the wallet at once, which has to hold it, and then the provider is asked. What it does \
            not pay back the wallet has again. Orders are given back with `tollgate order refund`.
            """
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The payment's id.", transform: IdentifierArgument.payment)
    var payment: PaymentID

    @Option(
        help: "Only so much, such as \"12.50 USD\" (default: all that is left).",
        transform: MoneyArgument.parse)
    var amount: Money?

    @Option(help: "Why, for the record.")
    var reason: String

    func run() async throws {
        let reversal = try await options.runPayments { [payment, amount, reason] work, desk, tenant in
            let made = try await work.refundPayment(
                amount, of: payment, of: tenant, reason: reason, at: desk)
            guard made.state != .released else {
                throw CommandFailure.failed("the payment provider said no (\(made.problem ?? ""))")
            }
            return made
        }
        if options.output.json { Terminal.say(json: reversal.json) } else { Terminal.say(reversal.line) }
    }
}
