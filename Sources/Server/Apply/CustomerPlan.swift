internal import Catalog
internal import Primitives

/// What has to be written so that the customers of a file are what it says: decided before anything is
/// written.
struct CustomerPlan: Sendable {
    var customers: [CatalogueChange<CustomerRow>] = []
    var users: [CatalogueChange<UserRow>] = []
    var keys: [CatalogueChange<KeyRow>] = []
    /// Wallets to open, or to give another credit limit.
    var wallets: [Wallet] = []
    /// Tenants' own accounts to open, or floats to give another credit limit.
    var tenantAccounts: [TenantAccounts] = []
    var openings: [Opening] = []
    /// Changes of a float's credit limit.
    var floatLines: [ChangeLine] = []
    var warnings: [String] = []
    var generatedKeys: [GeneratedKey] = []

    struct Wallet: Sendable {
        let tenant: TenantID
        let customer: CustomerID
        let creditLimit: Money
    }

    struct TenantAccounts: Sendable {
        let tenant: TenantID
        let creditLimit: Money
    }

    /// Money to post once: on a customer's wallet, or without a customer on the tenant's float.
    struct Opening: Sendable {
        let reference: OpeningReference
        let customer: CustomerID?
        let amount: Money
        let mark: SourceMark
        let line: ChangeLine
    }

    var lines: [ChangeLine] {
        customers.map(\.line) + users.map(\.line) + keys.map(\.line) + floatLines + openings.map(\.line)
    }

    /// Whether anything changes that processes remember of keys and people.
    var changesWhoIsServed: Bool { !(customers.isEmpty && users.isEmpty && keys.isEmpty) }
}
