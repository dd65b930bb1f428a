internal import Billing
internal import Catalog
internal import Logging
internal import Postgres
internal import Primitives

/// Money from outside, for everybody who has to do with it: the customer's own dashboard, the admin API, the command line, a
/// provider's messages and the jobs.
///
/// `open` makes a page where a customer pays; `settle` looks at what became of it; `refund` sets money aside and pays it
/// back; `credit` and `adjust` move it by hand, with a reason; `payments` and `reversals` list. Every amount is in minor
/// units of the wallet's currency. Money moves in the engine alone; the desk asks the provider, row first, so that whoever dies
/// anywhere finds the rest of the work in the rows (job `payments`).
///
/// All throw `PaymentRefusal` where the rules or the provider say no; `EngineError`, `PostgresError` and
/// `PaymentProviderProblem.unreachable` where nobody knows yet: then the payment or the reversal is there, and is gone on with.
struct PaymentDesk: Sendable {
    /// The engine's.
    let carryOut: @Sendable (Submission) async throws(EngineError) -> Answer
    /// Of the role `tollgate_door`: what is read and written is the tenant's own.
    let pool: PostgresPool
    let providers: PaymentProviders
    let ids: any IdentifierSource
    /// The real one.
    let clock: any WallClock
    let logger: Logger
    /// Called between two steps; what it throws ends the work as a crash would. For tests.
    var onStep: @Sendable (PaymentDeskStep) throws -> Void = { _ in }

    static let dialect = DialectName(rawValue: "payments")

    /// - Parameter carryOut: as an engine does.
    init(
        carryOut: @escaping @Sendable (Submission) async throws(EngineError) -> Answer, pool: PostgresPool,
        providers: PaymentProviders, ids: any IdentifierSource, clock: any WallClock, logger: Logger
    ) {
        (self.carryOut, self.pool, self.providers) = (carryOut, pool, providers)
        (self.ids, self.clock, self.logger) = (ids, clock, logger)
    }

    init(
        engine: Engine, pool: PostgresPool, providers: PaymentProviders, ids: any IdentifierSource,
        clock: any WallClock, logger: Logger,
        onStep: @escaping @Sendable (PaymentDeskStep) throws -> Void = { _ in }
    ) {
        self.init(
            carryOut: { submission throws(EngineError) in try await engine.submit(submission) }, pool: pool,
            providers: providers, ids: ids, clock: clock, logger: logger)
        self.onStep = onStep
    }

    /// Opens a payment: where it is paid is its `url`, for a day.
    ///
    /// - Parameters:
    ///   - id: names the payment for good; the same id again answers the payment as it is. `nil`: a new one.
    ///   - savesMethod: whether the provider keeps the card for automatic top-ups; the page tells the customer.
    /// - Throws: `PaymentRefusal`: no provider, an amount that cannot be collected, a customer who is unknown or closed, the
    ///   provider's no. `PaymentProviderProblem.unreachable`: the payment is open and has no page; open it again by its id.
    func open(
        _ amount: Money, for customer: CustomerID, of tenant: TenantID, as id: PaymentID? = nil,
        savesMethod: Bool = false, actor: String
    ) async throws -> Payment {
        let provider = try await requiredProvider(of: tenant)
        if let objection = provider.objection(to: amount) {
            throw PaymentRefusal.amountNotPayable(amount, objection)
        }
        let id = id ?? ids.next(at: clock.now())
        let payer = try await pool.transaction(tenant: tenant) { transaction in
            try write(
                id, amount, for: customer, of: tenant, at: provider, actor: actor, now: transaction.now,
                transaction)
        }
        try step(.rowWritten)
        let payment = try await required(id, of: tenant)
        guard payment.customer == customer, payment.amount == amount else {
            throw PaymentRefusal.paymentUnknown
        }
        guard payment.state == .open, payment.session == nil else { return payment }
        let page: PaymentPage
        do throws(PaymentProviderProblem) {
            page = try await provider.openPage(
                for: PageOrder(
                    payment: id, customer: customer, tenant: tenant, amount: amount,
                    description: "Top-up", email: payer.email, savesMethod: savesMethod, payer: payer.name))
        } catch {
            throw try await refusal(error, of: payment)
        }
        try step(.providerAsked)
        try await pool.transaction(tenant: tenant) { transaction in
            _ = try transaction.query(
                PaymentWrites.page(page, of: id, tenant, nextAt: transaction.now.laterBy(minutes: 30)))
        }
        return try await required(id, of: tenant)
    }

    /// Writes a payment down that is to be opened, where it is not there yet: the first half of `open`, for who has a
    /// transaction of their own.
    ///
    /// - Parameter now: the tenant's.
    /// - Throws: `PaymentRefusal`: a customer who is unknown or closed, an amount of another currency.
    @discardableResult
    func write(
        _ id: PaymentID, _ amount: Money, for customer: CustomerID, of tenant: TenantID,
        at provider: any PaymentProvider, actor: String, now: Instant, _ transaction: Transaction
    ) throws -> Payer {
        let payer = try payer(customer, of: tenant, paying: amount, at: provider.name, transaction)
        _ = try transaction.query(
            PaymentWrites.opening(
                id, of: tenant, customer, provider.name, .checkout, amount, actor: actor, at: now))
        return payer
    }

    /// Puts money that has arrived by another way on a customer's wallet, once per reference; what they owe is paid of it.
    ///
    /// - Throws: `PaymentRefusal.money`: customer, amount, or a reference that was used before.
    func credit(
        _ amount: Money, to customer: CustomerID, of tenant: TenantID, reference: String, reason: String,
        actor: String
    ) async throws -> MovementReceipt {
        try await move(
            .topUp(
                TopUp(customer: customer, amount: amount, reference: reference, memo: reason, actor: actor)),
            tenant)
    }

    /// Corrects a wallet by hand: a positive amount is granted, a negative one taken, never below the credit limit.
    ///
    /// - Throws: `PaymentRefusal.money`: customer, amount, reference, balance.
    func adjust(
        _ amount: Money, of customer: CustomerID, of tenant: TenantID, reference: String? = nil,
        reason: String,
        actor: String
    ) async throws -> MovementReceipt {
        try await move(
            .adjustment(
                Adjustment(
                    customer: customer, amount: amount, reference: reference, memo: reason, actor: actor)),
            tenant)
    }

    /// A payment of the tenant's, with what goes back of it.
    func payment(_ id: PaymentID, of tenant: TenantID) async throws -> (Payment, [PaymentReversal])? {
        try await pool.transaction(tenant: tenant) { transaction in
            let results = try transaction.pipeline([
                PaymentStore.payment(id, of: tenant), PaymentStore.reversals(of: id, tenant),
            ])
            guard let payment = try PaymentStore.payments(results[0]).first else { return nil }
            return (payment, try PaymentStore.reversals(results[1]))
        }
    }

    /// A page of a tenant's payments, newest first: of one customer, in one state, opened from a moment on, or whichever.
    func payments(
        of tenant: TenantID, customer: CustomerID? = nil, state: Payment.State? = nil, since: Instant? = nil,
        before: PaymentID? = nil, limit: Int
    ) async throws -> Page<Payment, PaymentID> {
        precondition(limit > 0, "a page holds at least one payment")
        let found = try await pool.read(
            tenant: tenant,
            PaymentStore.payments(
                of: tenant, customer: customer, state: state, since: since, before: before, limit: limit + 1),
            PaymentStore.payments)
        return Page(readingOneMore: found, limit: limit, cursor: \.id)
    }
}

extension PaymentDesk {
    func step(_ reached: PaymentDeskStep) throws {
        do { try onStep(reached) } catch { throw PaymentDeskDeath(cause: error) }
    }
}

/// Somebody stopped the desk between two steps; only tests do.
struct PaymentDeskDeath: Error {
    let cause: any Error
}

/// The points between two steps of the desk: after each, whatever comes next may never happen.
enum PaymentDeskStep: String, Sendable, Hashable, CaseIterable {
    /// What shall happen is in the rows; the provider has not been asked.
    case rowWritten
    /// The provider has answered, and nobody has written down what.
    case providerAsked
    /// The engine has booked it.
    case booked
}
