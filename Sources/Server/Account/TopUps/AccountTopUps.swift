internal import Billing
internal import Postgres
internal import Primitives

/// Top-ups that customers ask for at their dashboard: the payment desk's, always for the customer who asks.
struct AccountTopUps: Sendable {
    let payments: @Sendable () -> PaymentDesk
    /// Of the account API's role.
    let changes: IdempotentConnectionChange
    let ids: any IdentifierSource
    let clock: any WallClock

    var desk: PaymentDesk { payments() }

    /// Opens a payment, or finds the one that this Idempotency-Key has opened before.
    ///
    /// The key names the payment in a transaction of its own, before any provider is asked; the desk opens a payment of
    /// one id once, however often it is told to.
    func open(
        _ amount: Money, for caller: Principal, savesMethod: Bool,
        claim: IdempotentConnectionChange.Claim?
    ) async throws -> (payment: Payment, isRepeated: Bool) {
        let made: PaymentID = ids.next(at: clock.now())
        let named = try await changes.run(tenant: caller.tenant, principal: caller.id, claim: claim) {
            transaction, command in
            var subject = JSONObject()
            subject["payment"] = .string(made.description)
            _ = try transaction.query(
                AccountEventStore.insert(
                    "top_up.asked", command, by: caller, about: subject, at: transaction.now))
            return (201, Array(made.description.utf8))
        }
        guard let bits = IdentifierBits(uuidString: String(decoding: named.body, as: UTF8.self)) else {
            throw Unreadable("what an Idempotency-Key of a top-up remembers is no payment")
        }
        let payment = try await desk.open(
            amount, for: caller.customer, of: caller.tenant, as: PaymentID(bits: bits),
            savesMethod: savesMethod, actor: Self.actor(caller))
        return (payment, named.isReplayed)
    }

    /// `nil` where it is nobody's, or another's.
    func payment(_ id: PaymentID, of caller: Principal) async throws -> Payment? {
        guard let (payment, _) = try await desk.payment(id, of: caller.tenant),
            payment.customer == caller.customer
        else { return nil }
        return payment
    }

    func page(
        of caller: Principal, _ state: Payment.State?, before: PaymentID?, limit: Int
    ) async throws -> Page<Payment, PaymentID> {
        try await desk.payments(
            of: caller.tenant, customer: caller.customer, state: state, before: before, limit: limit)
    }

    static func actor(_ caller: Principal) -> String { "person \(caller.id)" }
}
