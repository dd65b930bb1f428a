import Catalog
import Postgres
import Primitives
import Server
import TestSupport

@testable import Billing

/// The engine's groups, in a lane's own connection.
struct PlanEngine {
    /// What a customer has bought.
    struct Bought {
        let kept: SubscriptionID
        /// Its next renewals are discounted by themselves.
        let promised: SubscriptionID
        let refunded: OrderID
        let cancelled: SubscriptionID
        /// Has two slots, in the other dialect.
        let wide: SubscriptionID
    }

    private let world: PlanWorld
    private let connection: Connection
    private let customer: CustomerID
    private let plan: PlanID
    private let network: NetworkID
    private let widePlan: PlanID
    private let morePlan: PlanID
    private let otherPlan: PlanID

    init(_ world: PlanWorld) async throws {
        self.world = world
        connection = try LaneConnection(world.database.configuration(role: .engine), logger: .quiet)
            .get(patienceMilliseconds: 5_000)
        customer = try await world.id("customers", "username", "ann")
        plan = try await world.id("plans", "code", "nl")
        network = try await world.id("networks", "code", "NL")
        widePlan = try await world.id("plans", "code", "both")
        morePlan = try await world.id("plans", "code", "more")
        otherPlan = try await world.id("plans", "code", "de")
    }

    func close() { connection.close() }

    func sent() throws -> [SentStatement] { try SentStatement.all(on: connection, as: .engine) }

    /// Purchases with a key and with both kinds of coupon, a trial, and money from outside.
    func buy() throws -> Bought {
        let answers = try carryOut([
            submission(
                .purchase(Purchase(customer: customer, plan: plan, networks: [network])), key: "first"),
            submission(purchase("TWICE")), submission(purchase("ALWAYS")),
            submission(.trial(Trial(customer: customer, plan: plan, networks: [network]))),
            submission(.topUp(TopUp(customer: customer, amount: euro(500), reference: "settlement"))),
            submission(.floatTopUp(FloatTopUp(amount: euro(500), reference: "invoice"))),
            submission(
                .adjustment(Adjustment(customer: customer, amount: euro(100), memo: "thanks", actor: "us"))),
            submission(.purchase(Purchase(customer: customer, plan: widePlan, networks: [])), in: .opproxy),
            submission(.purchase(Purchase(customer: customer, plan: plan, networks: [network]))),
        ])
        guard case .answered(.done(.bought(let first))) = answers[0],
            case .answered(.done(.bought(let second))) = answers[1],
            case .answered(.done(.bought(let third))) = answers[2],
            case .answered(.done(.bought(let fourth))) = answers[8]
        else { throw NeverHappened(description: "a purchase: \(answers)") }
        guard case .answered(.done(.bought(let wide))) = answers[7], wide.subscriptions[0].units.count == 2
        else { throw NeverHappened(description: "a purchase of two slots: \(answers[7])") }
        return Bought(
            kept: first.subscriptions[0].id, promised: third.subscriptions[0].id, refunded: second.order,
            cancelled: fourth.subscriptions[0].id, wide: wide.subscriptions[0].id)
    }

    /// One change of plan that leaves the ports, and one to another network.
    func change(_ bought: Bought) throws {
        let answers = try carryOut([
            submission(
                .planChange(PlanChange(customer: customer, subscription: bought.wide, plan: morePlan)),
                in: .opproxy),
            submission(
                .planChange(
                    PlanChange(customer: customer, subscription: bought.cancelled, plan: otherPlan))),
        ])
        guard case .answered(.done(.changed(let kept))) = answers[0], kept.units.isEmpty,
            case .answered(.done(.changed(let moved))) = answers[1], moved.units.count == 1
        else { throw NeverHappened(description: "two changes of plan: \(answers)") }
    }

    /// A subscription that ends before its time.
    func cancel(_ bought: Bought) throws {
        let answers = try carryOut([
            submission(
                .cancellation(Cancellation(customer: customer, subscription: bought.cancelled, way: .now)))
        ])
        guard case .answered(.done(.cancelled(let receipt))) = answers[0], receipt.refunds.count == 1
        else {
            throw NeverHappened(description: "a cancellation: \(answers)")
        }
    }

    /// A renewal, one that was promised a discount, a refund that ends a subscription, and a purchase of more than there is.
    func renewAndRefund(_ bought: Bought) throws {
        let answers = try carryOut([
            submission(.renewal(Renewal(customer: customer, subscription: bought.kept, plan: plan))),
            submission(.refund(Refund(customer: customer, order: bought.refunded))),
            submission(.renewal(Renewal(customer: customer, subscription: bought.promised, plan: plan))),
            submission(
                .purchase(
                    Purchase(customer: customer, plan: plan, networks: [network], quantity: Quantity(50)!))
            ),
        ])
        guard case .answered = answers[0], case .answered = answers[1],
            case .answered(.done(.renewed(let promised))) = answers[2], promised.promise == .kept,
            case .refused(.soldOut) = answers[3]
        else { throw NeverHappened(description: "a renewal, a refund and an empty shelf: \(answers)") }
    }

    /// Orders that wait for money: one with a coupon's use is paid for, one with another is taken back, one goes on waiting.
    func waitForMoney() throws -> OrderID {
        let coupon = CouponCode("ALWAYS")
        func placement(_ coupon: CouponCode?) -> Command {
            .placement(
                Placement(
                    Purchase(customer: customer, plan: plan, networks: [], coupon: coupon)))
        }
        let answers = try carryOut([
            submission(placement(coupon)), submission(placement(coupon)), submission(placement(nil)),
        ])
        let placed = answers.compactMap { answer -> PlacementReceipt? in
            if case .answered(.done(.placed(let receipt))) = answer { receipt } else { nil }
        }
        guard placed.count == 3 else { throw NeverHappened(description: "orders that wait: \(answers)") }
        let results = try carryOut([
            submission(
                .settlement(
                    Settlement(
                        of: waiting(placed[0], coupon), amount: placed[0].total, reference: "a payment"))),
            submission(
                .closing(
                    OrderClosing(
                        placed[1].order, of: customer, coupon: coupon, way: .cancelled(reason: "requested")))),
        ])
        guard case .answered(.done(.settled(let settled))) = results[0], case .bought = settled.result,
            case .answered(.done(.closed)) = results[1]
        else { throw NeverHappened(description: "a payment and a cancellation: \(results)") }
        return placed[2].order
    }

    private func waiting(_ receipt: PlacementReceipt, _ coupon: CouponCode?) -> PendingOrder {
        PendingOrder(
            tenant: world.tenant, id: receipt.order, customer: customer, principal: nil, dialect: .gate,
            plan: plan, networks: [network], quantity: .one, repeatCount: .one, coupon: coupon,
            list: receipt.total, discount: receipt.discount, total: receipt.total, state: .pending,
            placedAt: world.clock.now(), expiresAt: receipt.expiresAt, closedAt: nil, reason: nil)
    }

    /// One group, and the question that follows where its COMMIT's answer was lost.
    private func carryOut(_ submissions: [Submission]) throws -> [Decision] {
        var run = GroupRun(
            submissions: submissions, connection: connection, stock: SlotStock(seal: world.seal),
            ids: IdentifierSequence(
                seed: world.ids.next(at: world.clock.now(), of: CommandSubject.self).bits.low),
            now: world.clock.now())
        let decisions = try run.carryOut()
        guard try run.wasCommitted(askedOn: connection) else {
            throw NeverHappened(description: "the group's commit")
        }
        return decisions
    }

    private func purchase(_ coupon: String) -> Command {
        .purchase(Purchase(customer: customer, plan: plan, networks: [network], coupon: CouponCode(coupon)))
    }

    private func submission(
        _ command: Command, key: String? = nil, in dialect: DialectName = .gate
    ) -> Submission {
        Submission(
            id: world.ids.next(at: world.clock.now()), tenant: world.tenant, principal: customer.retyped(),
            dialect: dialect, command: command,
            idempotency: key.map { key in
                IdempotencyClaim(key: key, fingerprint: [UInt8](repeating: 1, count: 32)) { _ in
                    RememberedAnswer(status: 200, sealed: [1])
                }
            })
    }

    private func euro(_ amount: Int64) -> Money { Money(minor: amount * 100, currency: PlanWorld.currency) }
}
