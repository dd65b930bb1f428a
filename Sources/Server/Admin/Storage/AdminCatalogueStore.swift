internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of what staff see of a catalogue beside its rows.
enum AdminCatalogueStore {
    /// How far the tenant's float may go below zero: no row before the tenant has accounts.
    static func creditLimit(_ tenant: TenantID) -> Statement {
        "SELECT currency, floor_minor FROM accounts WHERE tenant_id = \(tenant) AND role = 'float'"
    }

    static func creditLimit(_ result: ResultSet, in currency: Currency) throws -> Money {
        let floors = try result.map { row in (try row.currency(0), try row.get(1, as: Int64?.self) ?? 0) }
        return Money(minor: -(floors.first { $0.0 == currency }?.1 ?? 0), currency: currency)
    }

    /// The customer of this id, or of this address or name.
    static func customer(_ id: CustomerID?, named name: String, _ tenant: TenantID) -> Statement {
        """
        SELECT id FROM customers
        WHERE tenant_id = \(tenant) AND (id = \(id) OR email = \(name.lowercased()) OR username = \(name))
        ORDER BY id LIMIT 1
        """
    }

    static func customer(_ result: ResultSet) throws -> CustomerID? {
        try result.first?.get(0)
    }
}
