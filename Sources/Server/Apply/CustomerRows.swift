internal import Catalog
internal import Primitives

/// A customer, as its row says.
struct CustomerRow: Sendable, Hashable {
    var tenant: TenantID
    var id: CustomerID
    var email: String
    var username: String
    var currency: Currency
    /// How far the wallet may go below zero; `nil` where there is no wallet yet.
    var creditLimit: Money?
    /// Whose price list they buy by; `nil`: everybody's prices.
    var group: CustomerGroupID?
    var isActive: Bool
}

/// A person who signs in for a customer, as their row says.
struct UserRow: Sendable, Hashable {
    var tenant: TenantID
    var id: UserID
    var customer: CustomerID
    var username: String
    var email: String
    var passwordHash: String
    var role: String
    var isActive: Bool
}

/// An API key, as its row says; of the key itself only the digest is known.
struct KeyRow: Sendable, Hashable {
    var digest: [UInt8]
    var tenant: TenantID
    var id: APIKeyID
    var customer: CustomerID
    var dialect: DialectName
    var hint: String
    var mayTakeTrials: Bool
    var scopes: [String]
    var rateLimit: String?
    var expiresAt: Instant?
    /// Where it may be used from; `nil` is anywhere.
    var allowedSources: AllowList?
    var isRevoked: Bool
}

/// An account with a bound: a customer's wallet, or a tenant's float, whose owner is zero.
struct BoundedAccountRow: Sendable, Hashable {
    var tenant: TenantID
    var owner: IdentifierBits
    var balance: Money
    /// Minus the credit limit.
    var floor: Money
}

/// Whatever the customers of a file are compared with.
struct CustomerRows: Sendable {
    var customers: [CustomerRow] = []
    var users: [UserRow] = []
    var keys: [KeyRow] = []
    var accounts: [BoundedAccountRow] = []
    /// Opening balances that were posted, by tenant and reference.
    var openings: [OpeningReference: Money] = [:]
}

/// The fixed reference of an opening balance: one entry can carry it, so it is posted once.
struct OpeningReference: Sendable, Hashable {
    let tenant: TenantID
    let text: String

    static func wallet(_ customer: CustomerID, _ tenant: TenantID) -> OpeningReference {
        OpeningReference(tenant: tenant, text: "opening-balance:\(customer)")
    }

    static func float(_ tenant: TenantID) -> OpeningReference {
        OpeningReference(tenant: tenant, text: "opening-balance:float")
    }
}
