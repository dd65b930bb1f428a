internal import Postgres
internal import Primitives

/// SQL of what staff change of a subscription without money moving.
enum AdminSubscriptionStore {
    static func setNote(_ note: String?, of id: SubscriptionID, _ owner: TenantID) -> Statement {
        "UPDATE subscriptions SET user_note = \(note) WHERE tenant_id = \(owner) AND id = \(id)"
    }
}
