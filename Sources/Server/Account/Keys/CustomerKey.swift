internal import Catalog
internal import Primitives

/// An API key, as its customer sees it: everything but the key.
struct CustomerKey: Sendable {
    let id: APIKeyID
    let dialect: DialectName
    let environment: KeyEnvironment
    /// Prefix and last characters.
    let hint: String
    let label: String?
    let scopes: [String]
    /// Where it may be used from; `nil` is anywhere.
    let allowedSources: AllowList?
    let expiresAt: Instant?
    let createdAt: Instant
    let lastUsedAt: Instant?
    let revokedAt: Instant?

    /// What a new key is to be.
    struct Draft: Sendable {
        let dialect: DialectName
        let form: KeyForm
        let environment: KeyEnvironment
        let label: String?
        let scopes: [String]
        let allowedSources: AllowList?
        let expiresAt: Instant?
    }

    /// How many good ones a customer may have.
    static let most = 100

    var json: JSONObject {
        let networks = allowedSources?.networks.map { JSON.string($0.description) }
        var json = JSONObject()
        json["id"] = .string(id.description)
        json["dialect"] = .string(dialect.rawValue)
        json["environment"] = .string(environment == .test ? "test" : "live")
        json["hint"] = .string(hint)
        json["label"] = label.map(JSON.string) ?? .null
        json["scopes"] = .array(scopes.map(JSON.string))
        json["allow"] = networks.map(JSON.array) ?? .null
        json["expires_at"] = expiresAt.map { .string($0.rfc3339()) } ?? .null
        json["created_at"] = .string(createdAt.rfc3339())
        json["last_used_at"] = lastUsedAt.map { .string($0.rfc3339()) } ?? .null
        json["revoked_at"] = revokedAt.map { .string($0.rfc3339()) } ?? .null
        return json
    }
}
