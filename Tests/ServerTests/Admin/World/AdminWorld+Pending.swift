import Billing
import Catalog
import Postgres
import Primitives

@testable import Server

extension AdminWorld {
    /// An operator's work.
    var shell: OperatorWork {
        OperatorWork(
            pool: database.owner, identifiers: admin.ids, random: SystemRandom(), actor: "operator test")
    }

    /// An order for one month that waits for its money.
    func waiting(for customer: CustomerID, in owner: TenantID) async throws -> OrderID {
        let plan: PlanID = try await database.owner.run { connection in
            try connection.query("SELECT id FROM plans WHERE tenant_id = \(owner) AND code = 'basic'")[0].get(
                0)
        }
        return try await shell.place(
            Purchase(customer: customer, plan: plan, networks: []), in: Gate.name, of: owner
        ).order
    }
}
