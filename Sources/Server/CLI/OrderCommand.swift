internal import ArgumentParser
internal import Catalog
internal import Primitives

struct OrderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: "What an operator looks up and does about orders by hand.",
        subcommands: [OrderList.self, OrderShow.self, OrderRefund.self, OrderPendingCommand.self]
    )
}

struct OrderList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a tenant's orders, newest first.",
        discussion: "Times are the tenant's own: a sandbox's are those of its clock."
    )

    @OptionGroup var options: OperatorOptions
    @OptionGroup var page: PageOptions

    @Option(help: "Only this customer's: e-mail address, username or id.")
    var customer: String?

    @Option(help: "Only those that are `paid` or `refunded`.", transform: WordArgument.parse)
    var state: OrderState?

    @Option(
        help: "Only of this kind, such as purchase, renewal or trial.", transform: WordArgument.parse)
    var kind: OrderKind?

    @Option(help: "Only those placed from this moment on (RFC 3339).", transform: MomentArgument.parse)
    var from: Instant?

    @Option(help: "Only those placed before this moment (RFC 3339).", transform: MomentArgument.parse)
    var to: Instant?

    @Option(
        help: "Only those older than this order: where the page before it ended.",
        transform: IdentifierArgument.order)
    var before: OrderID?

    func run() async throws {
        let filter = OrderFilter(
            customer: customer, state: state, kind: kind, from: from, to: to, before: before,
            limit: page.limit)
        let orders = try await options.read("order") { [options] in
            try await $0.orders(of: options.tenant, filter)
        }
        options.output.say(orders.items.map(\.json), orders.next?.description, named: "orders") {
            orders.items.map(\.line)
        }
    }
}

struct OrderShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an order with what it made, and the entries that it left.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The order's id.", transform: IdentifierArgument.order)
    var order: OrderID

    func run() async throws {
        let details = try await options.read("order") { [options, order] in
            try await $0.order(order, of: options.tenant)
        }
        if options.output.json {
            Terminal.say(json: details.json)
        } else {
            for line in details.lines { Terminal.say(line) }
        }
    }
}
