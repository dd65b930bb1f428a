internal import Primitives

/// The rows of customers by the names that a file uses; a file may list thousands.
struct CustomerIndex: Sendable {
    struct Name: Hashable, Sendable {
        let tenant: TenantID
        let text: String
    }

    let byEmail: [Name: CustomerRow]
    let byUsername: [Name: CustomerRow]
    let usersByName: [Name: UserRow]
    let usersByEmail: [Name: UserRow]
    let users: [CustomerID: [UserRow]]
    let keysByDigest: [[UInt8]: KeyRow]
    /// Oldest first: ids grow with time.
    let keys: [CustomerID: [KeyRow]]
    let wallets: [CustomerID: BoundedAccountRow]
    let floats: [TenantID: BoundedAccountRow]

    init(_ rows: CustomerRows) {
        byEmail = Self.by({ Name(tenant: $0.tenant, text: $0.email) }, rows.customers)
        byUsername = Self.by({ Name(tenant: $0.tenant, text: $0.username) }, rows.customers)
        usersByName = Self.by({ Name(tenant: $0.tenant, text: $0.username) }, rows.users)
        usersByEmail = Self.by({ Name(tenant: $0.tenant, text: $0.email) }, rows.users)
        users = Dictionary(grouping: rows.users, by: \.customer)
        keysByDigest = Self.by(\.digest, rows.keys)
        keys = Dictionary(grouping: rows.keys.sorted { $0.id < $1.id }, by: \.customer)
        let wallets = rows.accounts.filter { $0.owner != .zero }
        self.wallets = Self.by({ CustomerID(bits: $0.owner) }, wallets)
        floats = Self.by(\.tenant, rows.accounts.filter { $0.owner == .zero })
    }

    /// Names are unique in the database, so no row is lost here.
    private static func by<Key: Hashable, Row>(_ key: (Row) -> Key, _ rows: [Row]) -> [Key: Row] {
        Dictionary(rows.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
    }
}
