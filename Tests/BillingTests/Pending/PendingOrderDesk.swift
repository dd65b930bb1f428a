import Billing
import Catalog
import Postgres
import Primitives

@testable import Server

/// Orders that wait for money, with an engine: as a payment provider's messages would settle them.
struct PendingOrderDesk: Sendable {
    let engine: Engine
    /// Of the role `tollgate_door`: what an order is made of is read under its tenant's row-level security.
    let pool: PostgresPool
    let ids: any IdentifierSource
    /// The real one.
    let clock: any WallClock

    /// Lets an order wait for its money, for a day.
    ///
    /// - Throws: `EngineError`.
    func place(
        _ purchase: Purchase, in dialect: DialectName, of tenant: TenantID, by principal: PrincipalID? = nil
    ) async throws -> PlacementReceipt {
        let answer = try await submit(
            .placement(Placement(purchase)), tenant, dialect, principal)
        guard case .placed(let receipt) = answer else {
            preconditionFailure("a placement became something else")
        }
        return receipt
    }

    /// Hands in money that has arrived for an order: it lands on the customer's wallet once per reference, and buys the
    /// order where that can be.
    ///
    /// - Throws: `EngineError`; `PostgresError`.
    func settle(
        _ order: OrderID, of tenant: TenantID, amount: Money, reference: String, memo: String? = nil,
        actor: String? = nil
    ) async throws -> SettlementReceipt {
        let waiting = try await find(order, of: tenant)
        let settlement = Settlement(
            of: waiting, amount: amount, reference: reference, memo: memo, actor: actor)
        let answer = try await submit(.settlement(settlement), tenant, waiting.dialect, waiting.principal)
        guard case .settled(let receipt) = answer else {
            preconditionFailure("a settlement became something else")
        }
        return receipt
    }

    /// Takes an order back that waits.
    ///
    /// - Throws: `EngineError`; `PostgresError`.
    func cancel(_ order: OrderID, of tenant: TenantID, reason: String) async throws -> ClosingReceipt {
        let waiting = try await find(order, of: tenant)
        let closing = OrderClosing(
            order, of: waiting.customer, coupon: waiting.coupon, way: .cancelled(reason: reason))
        let answer = try await submit(.closing(closing), tenant, waiting.dialect, nil)
        guard case .closed(let receipt) = answer else {
            preconditionFailure("a closing became something else")
        }
        return receipt
    }

    private func find(_ order: OrderID, of tenant: TenantID) async throws -> PendingOrder {
        let found = try await pool.transaction(tenant: tenant) { transaction in
            try PendingOrderStore.orders(transaction.query(PendingOrderStore.order(order, of: tenant))).first
        }
        // What an order is made of never changes, so it may be read before it is locked.
        guard let found else { throw EngineError.refused(.orderUnknown) }
        return found
    }

    private func submit(
        _ command: Command, _ tenant: TenantID, _ dialect: DialectName, _ principal: PrincipalID?
    ) async throws -> Outcome {
        let submission = Submission(
            id: ids.next(at: clock.now()), tenant: tenant, principal: principal, dialect: dialect,
            command: command)
        switch try await engine.submit(submission) {
        case .done(let outcome): return outcome
        case .replayed: preconditionFailure("an answer was replayed without a key")
        }
    }
}
