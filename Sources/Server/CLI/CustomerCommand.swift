internal import ArgumentParser
internal import Foundation
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
        discussion:
            "A reference can be posted once: with --reference, running the command twice credits once."
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "E-mail address, username or id.")
    var customer: String

    @Argument(
        help: "A positive amount with its currency, such as \"25.00 USD\".", transform: MoneyArgument.parse)
    var amount: Money

    @Option(help: "The settlement's own name, unique in the tenant (default: one made up).")
    var reference: String?

    @Option(help: "A note for the statement.")
    var memo: String?

    func run() async throws {
        let reference = reference ?? "operator:\(UUID().uuidString.lowercased())"
        let receipt = try await options.run("customer") { [options, customer, amount, memo] in
            try await $0.credit(
                customer, of: options.tenant, amount: amount, reference: reference, memo: memo)
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
