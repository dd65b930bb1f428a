import Postgres
import Primitives
import Provisioning

/// Ends subscriptions as billing does, and tells nobody.
struct PlainEnding: SubscriptionEnding {
    func lock(_ subscriptions: [SubscriptionID], of tenant: TenantID, paidUntil end: Instant) -> Statement {
        """
        SELECT id, customer_id, active_until, ended_at IS NOT NULL FROM subscriptions
        WHERE tenant_id = \(tenant) AND id = ANY(\(subscriptions)) AND active_until <= \(end)
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
        """
    }

    func locked(_ result: ResultSet, of tenant: TenantID) throws -> [OverSubscription] {
        try result.map {
            OverSubscription(
                id: try $0.get(0), customer: try $0.get(1), activeUntil: try $0.get(2),
                isEnded: try $0.get(3))
        }
    }

    func end(_ subscriptions: [OverSubscription], of tenant: TenantID, at time: TenantTime) -> [Statement] {
        [
            """
            UPDATE subscriptions SET ended_at = \(time.now) WHERE tenant_id = \(tenant) AND id = ANY(\(subscriptions.map(\.id)))
            """
        ]
    }
}
