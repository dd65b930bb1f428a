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
    /// What they pay in.
    let currency: Currency
    let isActive: Bool
    /// What is on the wallet; nil where there is none.
    let balance: Money?
    /// How far below zero it may go; nil where there is none.
    let creditLimit: Money?
    /// What they owe since a chargeback; nil where they never did.
    let owed: Money?
    /// Whose price list they buy by; nil: everybody's prices.
    let group: String?

    var json: JSON {
        [
            "id": .string(id.description), "email": .string(email), "username": .string(username),
            "active": .bool(isActive), "balance": balance.map { .string($0.description) } ?? .null,
            "credit_limit": creditLimit.map { .string($0.description) } ?? .null,
            "owed": owed.map { .string($0.description) } ?? .null,
            "group": group.map { .string($0) } ?? .null,
        ]
    }

    var line: String {
        let debt = owed.map { $0.isPositive ? ", owes \($0)" : "" } ?? ""
        let credit = creditLimit.map { $0.isPositive ? " and credit of \($0)" : "" } ?? ""
        let wallet = balance.map { $0.description + credit + debt } ?? "no wallet"
        return "\(email)  \(username)  \(wallet)\(isActive ? "" : "  closed")  \(id)"
    }
}

/// A customer with their keys and the newest end of their statement.
struct CustomerDetails: Sendable {
    let customer: CustomerView
    let keys: [KeyView]
    /// Newest first.
    let statement: [EntryView]

    var json: JSON {
        [
            "customer": customer.json, "keys": .array(keys.map(\.json)),
            "statement": .array(statement.map(\.json)),
        ]
    }

    var lines: [String] {
        [customer.line] + keys.map { "  key \($0.line)" } + statement.map { "  \($0.line)" }
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
