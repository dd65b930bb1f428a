internal import Postgres
internal import Primitives

/// What customers pay: a tenant's catalogue by the price list of the group that they are in now.
struct CustomerPrices: Sendable {
    /// Connections of the doors' role.
    let pool: PostgresPool

    /// Their group is read each time where a tenant has price lists, and not at all where it has none.
    func catalogue(
        _ catalogue: TenantCatalogue, for customer: CustomerID
    ) async throws(Fault) -> TenantCatalogue {
        guard !catalogue.priceLists.isEmpty else { return catalogue }
        let tenant = catalogue.tenant.id
        do {
            let group = try await pool.read(
                tenant: tenant, CustomerStore.group(of: customer, of: tenant), CustomerStore.group)
            return catalogue.priced(for: group)
        } catch {
            throw Fault("read a customer's group", error)
        }
    }
}
