public import Postgres
public import Primitives

/// SQL of subscriptions that end because nobody has paid any further.
public enum EndStore {
    /// Locks, in key order, those of the subscriptions that were paid until `end` or less; what somebody else holds, a
    /// renewal for one, is passed over.
    public static func locking(
        _ subscriptions: [SubscriptionID], of tenant: TenantID, paidUntil end: Instant
    ) -> Statement {
        let ids = Set(subscriptions).sorted()
        return Statement(lockingPaid, [ids.map { _ in tenant }, ids, end])
    }

    /// Reads what `locking` answered; `isEnded` where somebody has ended it already.
    public static func locked(
        _ result: ResultSet, of tenant: TenantID
    ) throws -> [(end: SubscriptionEnd, isEnded: Bool)] {
        try result.map { row in
            let end = SubscriptionEnd(
                tenant: tenant, id: try row.get(0), customer: try row.get(1), activeUntil: try row.get(2))
            return (end: end, isEnded: try row.get(3))
        }
    }

    /// Ends subscriptions that this transaction has locked and nobody has ended yet, and tells of it.
    public static func writing(
        _ ends: [SubscriptionEnd], at time: TenantTime, _ ids: any IdentifierSource
    ) -> [Statement] {
        guard !ends.isEmpty else { return [] }
        return [
            Statement(ending, [ends.map(\.tenant), ends.map(\.id), time.now]),
            RenewalStore.telling(ends.map(\.event), at: time, ids),
        ]
    }

    private static let lockingPaid = """
        SELECT s.id, s.customer_id, s.active_until, s.ended_at IS NOT NULL
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, id)
        CROSS JOIN LATERAL (
            SELECT * FROM subscriptions
            WHERE tenant_id = wanted.tenant_id AND id = wanted.id AND active_until <= $3
            LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
        ) s
        """

    private static let ending = """
        UPDATE subscriptions s SET ended_at = $3, renews_at = NULL
        FROM unnest($1::bigint[], $2::uuid[]) AS v (tenant_id, id)
        WHERE s.tenant_id = v.tenant_id AND s.id = v.id
        """
}
