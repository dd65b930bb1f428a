import Billing
import Catalog
import Postgres
import Primitives
import Provisioning
import TestSupport

@testable import Server

extension AdminWorld {
    /// A desk whose commands the ledger carries out one by one, as an engine would.
    static func paymentDesk(
        _ database: TestDatabase, _ providers: PaymentProviders, _ ids: any IdentifierSource
    ) -> PaymentDesk {
        PaymentDesk(
            carryOut: { submission throws(EngineError) in
                let result: Result<Answer, Billing.Refusal>
                do {
                    result = try await database.owner.transaction(tenant: nil) { transaction in
                        var ledger = LedgerWork(seed: .random(in: 0 ... .max), stock: SlotStock())
                        return try ledger.carryOut(
                            [submission], on: transaction.connection, at: transaction.realNow)[0]
                    }
                } catch {
                    throw .unavailable(Fault("carry out", error))
                }
                switch result {
                case .success(let answer): return answer
                case .failure(let refusal): throw .refused(refusal)
                }
            }, pool: database.pool(.door, tenantClock: { TenantClockStore.ahead(of: $0) }),
            providers: providers, ids: ids, clock: database.clock, logger: .quiet)
    }

    /// A payment of a customer's that has come.
    func paid(_ minor: Int64, by customer: CustomerID, in owner: TenantID) async throws -> PaymentID {
        let desk = admin.payments()
        let opened = try await desk.open(
            Money(minor: minor, currency: .usd), for: customer, of: owner, actor: "a test")
        return try await desk.credit(
            Money(minor: minor, currency: .usd), named: "pi_\(opened.id)", to: opened
        ).id
    }
}
