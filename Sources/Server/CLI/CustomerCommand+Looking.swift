internal import ArgumentParser
internal import Primitives

struct CustomerList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a tenant's customers.")

    @OptionGroup var options: OperatorOptions

    func run() async throws {
        let customers = try await options.read("customer") { [options] in
            try await $0.customers(of: options.tenant)
        }
        if options.output.json {
            Terminal.say(json: .array(customers.map(\.json)))
        } else {
            for customer in customers { Terminal.say(customer.line) }
        }
    }
}

struct CustomerShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a customer with balance, keys and the end of their statement.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "E-mail address, username or id.")
    var customer: String

    @Option(help: "How many of the newest entries of the statement.")
    var statement = 10

    func validate() throws {
        guard (0...10_000).contains(statement) else {
            throw ValidationError("--statement is from 0 to 10000")
        }
    }

    func run() async throws {
        let details = try await options.read("customer") { [options, customer, statement] in
            try await $0.customer(customer, of: options.tenant, entries: statement)
        }
        if options.output.json {
            Terminal.say(json: details.json)
        } else {
            for line in details.lines { Terminal.say(line) }
        }
    }
}

struct CustomerStatement: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "List what moved a customer's balance, newest first.",
        discussion: "Each line has the balance after it; entries are numbered without gaps."
    )

    @OptionGroup var options: OperatorOptions
    @OptionGroup var page: PageOptions

    @Argument(help: "E-mail address, username or id.")
    var customer: String

    @Option(help: "Only entries with a smaller number than this: where the page before it ended.")
    var before: Int64?

    func run() async throws {
        let entries = try await options.read("customer") { [options, page, customer, before] in
            try await $0.statement(of: customer, of: options.tenant, before: before, limit: page.limit)
        }
        options.output.say(entries.items.map(\.json), entries.next.map { "\($0)" }, named: "entries") {
            entries.items.map(\.line)
        }
    }
}
