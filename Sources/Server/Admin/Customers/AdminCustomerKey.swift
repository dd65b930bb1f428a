internal import Catalog
internal import Primitives

/// A customer's API key, as staff see it: never its text.
struct AdminCustomerKey: Sendable, Hashable {
    let id: APIKeyID
    let customer: CustomerID
    let dialect: DialectName
    /// What it begins and ends with.
    let hint: String
    /// The customer's own name for it.
    let label: String?
    /// Who of the customer's people made it; `nil`: staff or an operator.
    let maker: UserID?
    let mayTakeTrials: Bool
    let scopes: [String]
    /// `nil`: the dialect's own.
    let rateLimit: String?
    /// `nil`: anywhere.
    let allowedSources: AllowList?
    let expiresAt: Instant?
    let lastUsedAt: Instant?
    let revokedAt: Instant?
    let createdAt: Instant

    var json: JSON {
        let sources = allowedSources?.networks.map { JSON.string($0.description) }
        return [
            "id": .string(id.description), "customer": .string(customer.description),
            "dialect": .string(dialect.rawValue), "hint": .string(hint),
            "label": label.map(JSON.string) ?? .null,
            "made_by": maker.map { .string($0.description) } ?? .null, "trials": .bool(mayTakeTrials),
            "scopes": .array(scopes.map(JSON.string)), "rate_limit": rateLimit.map(JSON.string) ?? .null,
            "allowed_sources": sources.map(JSON.array) ?? .null,
            "expires_at": expiresAt.map { .string($0.rfc3339()) } ?? .null,
            "last_used_at": lastUsedAt.map { .string($0.rfc3339()) } ?? .null,
            "revoked_at": revokedAt.map { .string($0.rfc3339()) } ?? .null,
            "created_at": .string(createdAt.rfc3339()),
        ]
    }
}
