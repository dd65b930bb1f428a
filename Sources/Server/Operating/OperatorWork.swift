internal import Billing
internal import Catalog
internal import Foundation
internal import Postgres
internal import Primitives

/// What an operator does by hand: each in one transaction, as the owner. What is only looked up is `OperatorReading`'s.
struct OperatorWork: Sendable {
    let pool: PostgresPool
    let identifiers: any IdentifierSource
    let random: any RandomSource
    /// Who is written down as having done it.
    let actor: String

    /// Why nothing was done.
    enum Refusal: Error, Sendable, Equatable {
        case tenantUnknown(String)
        case customerUnknown(String)
        case keyUnknown(String)
        /// Nobody of that staff has the address, or somebody has.
        case personUnknown(String), personTaken(String)
        case planUnknown(String)
        /// A new key's end is in the past, or beyond what can be written.
        case endIsOver(Instant), endIsTooFar
        case taken(String)
        case orderUnknown(OrderID)
        case subscriptionUnknown(SubscriptionID), subscriptionEnded(SubscriptionID)
        case subscriptionParked(SubscriptionID), subscriptionNotParked(SubscriptionID)
        case money(Billing.Refusal)
        /// It has more digits than the currency.
        case amountUnreadable(AmountText, Currency)
        /// A live tenant's clock is the real one.
        case clockIsLive(String)
        case clock(ClockMove.Refusal)
        /// A live tenant that has no sandbox, and so no test keys.
        case sandboxMissing(String)
        /// A sandbox, which has no others.
        case keysAreTestKeys(String)
    }

    /// Makes a customer with an empty wallet in the tenant's currency.
    func createCustomer(email: String, username: String, of tenant: String) async throws -> CustomerView {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let customer = try addCustomer(email: email, username: username, to: tenant, transaction)
            try write(.newCustomer(customer), of: tenant.id, transaction)
            return customer
        }
    }

    func addCustomer(
        email: String, username: String, to tenant: TenantView, _ transaction: Transaction
    ) throws -> CustomerView {
        let id: CustomerID = identifiers.next(at: transaction.now)
        let row = CustomerRow(
            tenant: tenant.id, id: id, email: email, username: username, currency: tenant.currency,
            isActive: true)
        do {
            _ = try transaction.query(CustomerWrites.customer(row, at: transaction.now))
        } catch let error as PostgresError where error.sqlState == .uniqueViolation {
            throw Refusal.taken(
                error.constraint == "customer_username_is_unique_per_tenant" ? username : email)
        }
        var ledger = LedgerWork(seed: seed(), stock: SlotStock())
        try ledger.openWallet(
            of: id, in: tenant.id, creditLimit: .zero(tenant.currency), on: transaction.connection,
            at: transaction.now)
        return try Self.customer(email, tenant.id, transaction)
    }

    /// Puts money on a customer's wallet under a reference; the same reference again changes nothing and is refused.
    func credit(
        _ name: String, of tenant: String, amount: Money, reference: String, reason: String
    ) async throws -> MovementReceipt {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let customer = try Self.customer(name, tenant.id, transaction)
            var ledger = LedgerWork(seed: seed(), stock: SlotStock())
            let submission = Submission(
                id: identifiers.next(at: transaction.now), tenant: tenant.id, principal: nil,
                dialect: DialectName(rawValue: "operator"),
                command: .topUp(
                    TopUp(
                        customer: customer.id, amount: amount, reference: reference, memo: reason,
                        actor: actor)
                ))
            switch try ledger.carryOut([submission], on: transaction.connection, at: transaction.now)[0] {
            case .success(.done(.moved(let receipt))):
                try write(
                    .movement(of: customer.id, MovementAnswer(receipt), reference: reference, memo: reason),
                    of: tenant.id, transaction)
                return receipt
            case .success: preconditionFailure("a top-up moves money and does nothing else")
            case .failure(let refusal): throw Refusal.money(refusal)
            }
        }
    }

    func seed() -> UInt64 {
        random.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    static func tenant(_ slug: String, _ transaction: Transaction) throws -> TenantView {
        guard let tenant = try OperatorStore.tenant(transaction.query(OperatorStore.tenant(slug))) else {
            throw Refusal.tenantUnknown(slug)
        }
        return tenant
    }

    /// The customer of an e-mail address, username or id.
    static func customer(
        _ name: String, _ tenant: TenantID, _ transaction: Transaction
    ) throws -> CustomerView {
        let found = try OperatorStore.customers(transaction.query(OperatorStore.customer(name, of: tenant)))
        guard let customer = found.first else { throw Refusal.customerUnknown(name) }
        return customer
    }
}
