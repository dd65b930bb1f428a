internal import Postgres
internal import Primitives

/// SQL of what customers write on their subscriptions for themselves.
enum SubscriptionNoteStore {
    static func write(_ note: String?, on subscription: SubscriptionID, of tenant: TenantID) -> Statement {
        """
        UPDATE subscriptions SET user_note = \(note) WHERE tenant_id = \(tenant) AND id = \(subscription)
        """
    }
}
