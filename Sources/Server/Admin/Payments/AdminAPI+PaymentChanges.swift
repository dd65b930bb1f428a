internal import Billing
internal import Postgres
internal import Primitives

// Both are begun in one transaction with their record and the remembered answer, and only then is the provider asked: whoever
// repeats the request, and the job `payments`, goes on from where it is.

extension AdminAPI {
    func openPayment(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "customer", "amount", "save_card")
        let customer = try fields.required("customer", fields.id("customer", of: CustomerSubject.self))
        let text = try fields.required("amount", fields.amount("amount"))
        let savesMethod = try fields.flag("save_card") ?? false
        let (desk, tenant, actor) = (payments(), call.namedTenant, call.actor.name)
        let provider = try await desk.requiredProvider(of: tenant.id)
        let begun = try await changes.begin(call, on: tenant.id, fields.body) { transaction, command in
            let id: PaymentID = command.retyped()
            let amount = try Self.payable(text, of: customer, tenant.id, at: provider, transaction)
            let now = transaction.realNow.adding(milliseconds: tenant.clockAhead) ?? transaction.realNow
            try transaction.with(.door) {
                try desk.write(
                    id, amount, for: customer, of: tenant.id, at: provider, actor: actor, now: now, $0)
            }
            let asked = BegunPayment(id: id.bits, amount: amount)
            return (
                asked.json, .openedPayment(id, of: customer, amount, savesMethod: savesMethod)
            )
        }
        let asked = try BegunPayment(remembered: begun.body)
        let payment = try await desk.open(
            asked.amount, for: customer, of: tenant.id, as: PaymentID(bits: asked.id),
            savesMethod: savesMethod, actor: actor)
        guard payment.state != .failed else {
            throw AdminProblem(.paymentDeclined, "The payment provider said no (\(payment.problem ?? "")).")
        }
        return answer(call, payment.json, isReplayed: begun.isReplayed)
    }

    /// The amount in the customer's currency, if the provider can collect it.
    private static func payable(
        _ text: AmountText, of id: CustomerID, _ tenant: TenantID, at provider: any PaymentProvider,
        _ transaction: Transaction
    ) throws -> Money {
        let found = try AdminCustomerStore.customers(transaction.query(AdminCustomerStore.one(id, tenant)))
        guard let customer = found.first else { throw PaymentRefusal.customerUnknown }
        let amount = try OperatorWork.money(text, in: customer.currency)
        if let why = provider.objection(to: amount) { throw PaymentRefusal.amountNotPayable(amount, why) }
        return amount
    }

    func refundPayment(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "amount", "reason")
        let text = try fields.amount("amount")
        let reason = try fields.required("reason", fields.sentence("reason"))
        let id: PaymentID = try call.id()
        let (desk, work, owner) = (payments(), work(call), call.owner)
        let provider = try await desk.requiredProvider(of: owner)
        let begun = try await changes.begin(call, on: owner, fields.body) { transaction, command in
            let reversal: PaymentReversalID = command.retyped()
            let hand = try transaction.with(.door) { transaction in
                let payment = try OperatorWork.paidPayment(id, owner, transaction)
                let amount = try text.map { try OperatorWork.money($0, in: payment.amount.currency) }
                return try work.refund(amount, of: payment, as: reversal, at: provider, reason: reason)
            }
            let held: HeldPaymentRefund = try transaction.with(.engine) {
                try work.carryOut(hand, as: command, $0).answer
            }
            let begun = BegunPayment(id: reversal.bits, amount: held.amount)
            return (begun.json, .heldRefund(held, of: id, reason: reason))
        }
        let name = PaymentReversalID(bits: try BegunPayment(remembered: begun.body).id)
        let reversal = try await desk.pay(name, of: owner)
        switch reversal.state {
        case .held, .returned: return answer(call, reversal.json, isReplayed: begun.isReplayed)
        case .released, .regained:
            throw AdminProblem(.paymentDeclined, "The payment provider said no (\(reversal.problem ?? "")).")
        }
    }

    private func answer(_ call: AdminCall, _ value: JSON, isReplayed: Bool) -> AdminAnswer {
        var response = DialectResponse(call.endpoint, value.encoded())
        if isReplayed { response.headers[.idempotencyHit] = "true" }
        return .raw(response)
    }
}

/// What an Idempotency-Key remembers of a payment, or of what goes back of one: its name, and how much it is about.
private struct BegunPayment {
    let id: IdentifierBits
    let amount: Money

    init(id: IdentifierBits, amount: Money) { (self.id, self.amount) = (id, amount) }

    init(remembered bytes: [UInt8]) throws {
        let json = try JSON.parse(bytes)
        guard let id = json["id"]?.stringValue.flatMap(IdentifierBits.init(uuidString:)),
            let amount = json["amount"]?.stringValue.flatMap({ Money($0) })
        else { throw Unreadable("what an Idempotency-Key of a payment remembers is none") }
        self.init(id: id, amount: amount)
    }

    var json: JSON {
        ["id": .string(PaymentID(bits: id).description), "amount": .string(amount.description)]
    }
}
