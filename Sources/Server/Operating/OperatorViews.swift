internal import Catalog
internal import Primitives

/// A tenant, as an operator's command needs it.
struct TenantView: Sendable {
    let id: TenantID
    let slug: String
    let currency: Currency
    let sandboxOf: TenantID?
    /// In milliseconds.
    let clockAhead: Int64

    var isSandbox: Bool { sandboxOf != nil }
}

/// A customer, as an operator sees them.
struct CustomerView: Sendable {
    let id: CustomerID
    let email: String
    let username: String
    let isActive: Bool
    /// What is on the wallet; nil where there is none.
    let balance: Money?

    var json: JSON {
        [
            "id": .string(id.description), "email": .string(email), "username": .string(username),
            "active": .bool(isActive), "balance": balance.map { .string($0.description) } ?? .null,
        ]
    }

    var line: String {
        "\(email)  \(username)  \(balance.map(\.description) ?? "no wallet")\(isActive ? "" : "  closed")  \(id)"
    }
}

/// An API key, as an operator sees it: never its text.
struct KeyView: Sendable {
    let id: APIKeyID
    let dialect: DialectName
    let hint: String
    let isRevoked: Bool
    let expiresAt: Instant?
    let allowedSources: AllowList?
    let lastUsedAt: Instant?

    var json: JSON {
        let networks = allowedSources?.networks.map { JSON.string($0.description) }
        return [
            "id": .string(id.description), "dialect": .string(dialect.rawValue), "hint": .string(hint),
            "revoked": .bool(isRevoked), "expires_at": expiresAt.map { .string($0.rfc3339()) } ?? .null,
            "allow": networks.map(JSON.array) ?? .null,
            "last_used_at": lastUsedAt.map { .string($0.rfc3339()) } ?? .null,
        ]
    }

    var line: String {
        let end = expiresAt.map { "  until \($0.rfc3339())" } ?? ""
        let sources = allowedSources.map { "  from \($0)" } ?? ""
        let use = lastUsedAt.map { "last used \($0.rfc3339())" } ?? "never used"
        return "\(id)  \(dialect)  \(hint)  \(use)\(end)\(sources)\(isRevoked ? "  revoked" : "")"
    }
}
