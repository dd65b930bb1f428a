internal import ArgumentParser
internal import Primitives

struct CustomerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer", abstract: "What an operator looks up and does about customers by hand.",
        subcommands: [
            CustomerList.self, CustomerShow.self, CustomerStatement.self, CustomerCreate.self,
            CustomerCredit.self, CustomerAdjust.self, CustomerAutoTopUp.self,
        ]
    )
}

struct CustomerCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a customer with an empty wallet.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "E-mail address.")
    var email: String

    @Option(help: "Username (default: the part of the e-mail address before the @).")
    var username: String?

    func validate() throws {
        guard email.contains("@"), !email.contains(" ") else {
            throw ValidationError("\(email) is no e-mail address")
        }
    }

    func run() async throws {
        let name = username ?? String(email.prefix { $0 != "@" })
        let customer = try await options.run("customer") { [options, email] in
            try await $0.createCustomer(email: email, username: name, of: options.tenant)
        }
        if options.output.json { Terminal.say(json: customer.json) } else { Terminal.say(customer.line) }
    }
}

struct CustomerCredit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credit",
        abstract: "Put money that has arrived on a customer's wallet.",
        discussion: """
            A reference is posted once in a tenant, whoever uses it: running the command twice credits once, and the second \
            time says so. The statement shows the reason.
            """
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "E-mail address, username or id.")
    var customer: String

    @Argument(
        help: "A positive amount with its currency, such as \"25.00 USD\".", transform: MoneyArgument.parse)
    var amount: Money

    @Option(
        help: "The money's own name, unique in the tenant, such as the bank's number of the transfer.",
        transform: HandwrittenArgument.reference)
    var reference: String

    @Option(
        name: [.long, .customLong("memo")], help: "Why, for the statement.",
        transform: HandwrittenArgument.reason)
    var reason: String

    func run() async throws {
        let receipt = try await options.run("customer") { [options, customer, amount, reference, reason] in
            try await $0.credit(
                customer, of: options.tenant, amount: amount, reference: reference, reason: reason)
        }
        if options.output.json {
            Terminal.say(
                json: [
                    "entry": .string(receipt.entry.description),
                    "amount": .string(receipt.amount.description),
                    "balance": .string(receipt.balance.description), "reference": .string(reference),
                ])
        } else {
            Terminal.say(
                "credited \(receipt.amount); the balance is \(receipt.balance) (reference \(reference))")
        }
    }
}

enum MoneyArgument {
    static func parse(_ text: String) throws -> Money {
        guard let money = Money(text), money.isPositive else {
            throw ValidationError("\(text) is no positive amount with its currency, such as \"25.00 USD\"")
        }
        return money
    }
}

/// What is written down of money that is moved by hand, as the admin API reads it.
enum HandwrittenArgument {
    static func reason(_ text: String) throws -> String {
        guard Handwritten.isReason(text) else {
            throw ValidationError("a reason has \(Handwritten.reasonForm)")
        }
        return text
    }

    static func reference(_ text: String) throws -> String {
        guard Handwritten.isReference(text) else {
            throw ValidationError("a reference has \(Handwritten.referenceForm)")
        }
        return text
    }
}
