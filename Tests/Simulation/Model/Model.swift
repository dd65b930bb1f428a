internal import Billing
internal import Primitives

/// The rules in straight lines: dictionaries, no groups, one command at a time.
///
/// Written from design.md §4, the contract's order of refusals (G5) and the doc comments of the commands, not from the
/// decider; it shares the vocabulary (money, refusals, order kinds) and no rule. Sums are exact, in 128 bits.
struct Model {
    var now: Int64 = 0

    // The catalogue, as it was declared last.
    var customers: [Name: CustomerLine] = [:]
    var networks: [Name: Bool] = [:]
    var plans: [Name: PlanLine] = [:]
    var coupons: [Name: CouponLine] = [:]
    /// What customers pay of plans, where that is not what everybody pays.
    var ownPrices: [TriedPlan: Int64] = [:]

    // Money: every balance on the side on which its account grows.
    var balances: [Place: Int64] = [:]
    var floors: [Place: Int64] = [:]
    var references: Set<Name> = []

    // What was sold.
    var orders: [Name: Order] = [:]
    var subscriptions: [SubscriptionName: Subscription] = [:]
    var redemptions: [Name: Redemption] = [:]
    var trials: Set<TriedPlan> = []
    var slots: [SlotName: SlotState] = [:]
    /// Lent since the last transaction began.
    var justLent: Set<SlotName> = []
    var remembered: [KeyName: Remembered] = [:]

    /// What was seen on the way, for the count of what was really drawn.
    var sights: [Sight] = []

    /// Carries one request out, or says why not; what is refused changes nothing.
    mutating func carryOut(_ request: Request) -> Verdict {
        if let key = request.keyName, let earlier = remembered[key] {
            return earlier.body == request.body ? .replayed(earlier.request) : .refused(.idempotencyKeyReused)
        }
        do throws(Refusal) {
            let verdict: Verdict
            switch request.action {
            case .purchase(let purchase): verdict = try buy(purchase, request)
            case .trial(let customer, let plan): verdict = try start(customer, plan, request)
            case .renewal(let renewal): verdict = try renew(renewal, request)
            case .topUp(let customer, let amount, let reference):
                verdict = try topUp(customer, amount, reference, request)
            case .floatTopUp(let amount, let reference): verdict = try topUpFloat(amount, reference, request)
            case .refund(let customer, let order, let amount, let keepsService):
                verdict = try refund(customer, order, amount, keepsService, request)
            case .cancellation(let cancellation): verdict = try cancel(cancellation, request)
            case .planChange(let change): verdict = try self.change(change, request)
            case .adjustment(let customer, let amount, let reference):
                verdict = try adjust(customer, amount, reference, request)
            }
            if let key = request.keyName, verdict != .failed {
                remembered[key] = Remembered(request: request.number, body: request.body)
            }
            return verdict
        } catch {
            return .refused(error)
        }
    }

    /// The customer, who must be the tenant's and open.
    func openCustomer(_ number: Int, _ tenant: Int) throws(Refusal) -> CustomerLine {
        guard let customer = customers[Name(tenant: tenant, number: number)] else { throw .customerUnknown }
        guard customer.isOpen else { throw .customerInactive }
        return customer
    }
}
