internal import ArgumentParser
internal import Billing
internal import Catalog
internal import Primitives
internal import Provisioning

struct OrderPendingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pending", abstract: "Orders that wait for money from outside.",
        discussion: """
            Such an order is priced when it is placed, and bought at that price when its money has come. It waits for a \
            day. Money that comes for an order always lands on the customer's wallet, bought or not.
            """,
        subcommands: [
            PendingPlace.self, PendingSettle.self, PendingCancel.self, PendingList.self,
        ]
    )
}

extension OperatorOptions {
    /// Runs the work with what ports are lent from, which takes the installation's key.
    fileprivate func runSelling<Result: Sendable>(
        _ body: @escaping @Sendable (OperatorWork, SlotStock) async throws -> Result
    ) async throws -> Result {
        try await Installation.run(
            try await common.settings(), for: .init(command: "order"), needsKey: true
        ) { installation in
            try await Schema.requireCurrent(installation.owner)
            do {
                return try await body(
                    OperatorWork(installation), SlotStock(seal: CredentialSeal(installation.requiredSeal)))
            } catch let refusal as OperatorWork.Refusal {
                throw CommandFailure.failed("\(refusal)")
            }
        }
    }
}

struct PendingPlace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "place", abstract: "Let an order wait for its money, for a day.",
        discussion: "The coupon's use is reserved meanwhile; no port is."
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The customer's e-mail address, username or id.")
    var customer: String

    @Argument(help: "The plan's code.")
    var plan: String

    @Option(help: "The dialect to sell it in (default: the first in which the plan is sold).")
    var dialect: String?

    @Option(help: "How many subscriptions.", transform: PendingArgument.quantity)
    var quantity = Quantity.one

    @Option(
        name: .customLong("repeat"), help: "How many periods each.", transform: PendingArgument.repeatCount)
    var repeatCount = RepeatCount.one

    @Option(help: "A coupon's code.", transform: PendingArgument.coupon)
    var coupon: CouponCode?

    @Option(
        help: "The total that it has to come to, such as \"12.00 USD\".", transform: MoneyArgument.parse)
    var expect: Money?

    func run() async throws {
        let receipt = try await options.run("order") {
            [options, customer, plan, dialect, quantity, repeatCount, coupon, expect] work in
            let wish = try await work.wish(customer: customer, plan: plan, of: options.tenant)
            let purchase = Purchase(
                customer: wish.customer, plan: wish.plan.id, networks: wish.plan.networks, quantity: quantity,
                repeatCount: repeatCount, coupon: coupon, expectedTotal: expect)
            // In one that sells it nowhere the engine knows no such plan.
            let sold = dialect.map { DialectName(rawValue: $0) } ?? wish.plan.sellsIn.min()
            return try await work.place(
                purchase, in: sold ?? DialectName(rawValue: "operator"), of: wish.tenant)
        }
        if options.output.json {
            Terminal.say(json: receipt.json)
        } else {
            Terminal.say("\(receipt.order)  waits for \(receipt.total) until \(receipt.expiresAt.rfc3339())")
        }
    }
}

struct PendingSettle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settle", abstract: "Hand in money that has arrived for an order.",
        discussion: """
            It lands on the customer's wallet once per reference, and the order is bought with it if it still waits, can be \
            had at its price, and the wallet holds enough. What became of it is printed; exit 0 once the money is there.
            """
    )

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The order's id.", transform: PendingArgument.order)
    var order: OrderID

    @Argument(
        help: "A positive amount with its currency, such as \"25.00 USD\".", transform: MoneyArgument.parse)
    var amount: Money

    @Option(help: "The settlement's own name, unique in the tenant.")
    var reference: String

    @Option(help: "A note for the statement.")
    var memo: String?

    func run() async throws {
        let receipt = try await options.runSelling {
            [options, order, amount, reference, memo] work, stock in
            try await work.settle(
                order, of: options.tenant, amount: amount, reference: reference, memo: memo, stock: stock)
        }
        if options.output.json { Terminal.say(json: receipt.json) } else { Terminal.say(receipt.line) }
    }
}

struct PendingCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Take an order back that waits for its money.")

    @OptionGroup var options: OperatorOptions

    @Argument(help: "The order's id.", transform: PendingArgument.order)
    var order: OrderID

    @Option(help: "Why, for the record.")
    var reason = "requested"

    func run() async throws {
        let receipt = try await options.run("order") { [options, order, reason] work in
            try await work.cancel(order, of: options.tenant, reason: reason)
        }
        if options.output.json {
            Terminal.say(json: receipt.json)
        } else {
            Terminal.say("\(receipt.order)  \(receipt.state.rawValue)")
        }
    }
}

struct PendingList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a tenant's orders that wait for money or have, newest first.")

    @OptionGroup var options: OperatorOptions

    @Option(help: "Of this customer alone: e-mail address, username or id.")
    var customer: String?

    @Option(
        help: "Only those that are pending, settled, expired or cancelled.", transform: PendingArgument.state)
    var state: PendingOrderState?

    @Option(help: "How many.")
    var limit = 50

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is from 1 to 10000") }
    }

    func run() async throws {
        let orders = try await options.run("order") { [options, customer, state, limit] in
            try await $0.pendingOrders(of: options.tenant, customer: customer, state: state, limit: limit)
        }
        if options.output.json {
            Terminal.say(json: .array(orders.map(\.json)))
        } else {
            for order in orders { Terminal.say(order.line) }
        }
    }
}

enum PendingArgument {
    static func order(_ text: String) throws -> OrderID {
        let bits =
            IdentifierBits(uuidString: text) ?? IdentifierBits(base36String: text)
            ?? IdentifierBits(hexString: text)
        guard let bits else { throw ValidationError("\(text) is no order's id") }
        return OrderID(bits: bits)
    }

    static func state(_ text: String) throws -> PendingOrderState {
        guard let state = PendingOrderState(rawValue: text) else {
            let known = PendingOrderState.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(text) is none of \(known)")
        }
        return state
    }

    static func quantity(_ text: String) throws -> Quantity {
        guard let quantity = Int64(text).flatMap({ Quantity($0) }) else {
            throw ValidationError("\(text) is not from 1 to \(Quantity.cap)")
        }
        return quantity
    }

    static func repeatCount(_ text: String) throws -> RepeatCount {
        guard let count = Int64(text).flatMap({ RepeatCount($0) }) else {
            throw ValidationError("\(text) is not from 1 to \(RepeatCount.cap)")
        }
        return count
    }

    static func coupon(_ text: String) throws -> CouponCode {
        guard let code = CouponCode(text) else { throw ValidationError("\(text) is no coupon's code") }
        return code
    }
}
