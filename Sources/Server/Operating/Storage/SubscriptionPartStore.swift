internal import Postgres
internal import Primitives

/// SQL of what belongs to one subscription: its periods, ports, addresses, its promise and its failed renewals.
enum SubscriptionPartStore {
    /// Read in one round trip, for `details`.
    static func parts(of subscription: SubscriptionID, _ tenant: TenantID) -> [Statement] {
        [terms, ports, allowed, promise, attempts].map { Statement($0, [tenant, subscription]) }
    }

    static func details(
        _ subscription: SubscriptionView, _ parts: [ResultSet]
    ) throws -> SubscriptionDetails {
        SubscriptionDetails(
            subscription: subscription, terms: try parts[0].map(term), ports: try parts[1].map(port),
            allowed: try parts[2].map { try $0.get(0) },
            promise: try parts[3].first.map {
                SubscriptionDetails.Promise(
                    coupon: try $0.get(0), renewals: try $0.get(1), left: try $0.get(2),
                    endedReason: try $0.get(3))
            },
            attempts: try parts[4].map {
                SubscriptionDetails.Attempts(
                    period: try $0.get(0), count: try $0.get(1), reason: try $0.get(2), lastAt: try $0.get(3))
            })
    }

    private static func term(_ row: Row) throws -> SubscriptionDetails.Term {
        guard let period = ServicePeriod(start: try row.get(1), end: try row.get(2)) else {
            throw Unreadable("a paid period ends before it starts")
        }
        return SubscriptionDetails.Term(
            index: try row.get(0), period: period, amount: try row.money(3, try row.currency(6)),
            order: try row.get(4), kind: try row.get(5))
    }

    private static func port(_ row: Row) throws -> SubscriptionDetails.Port {
        SubscriptionDetails.Port(
            place: try row.get(0), gateway: try row.get(1), host: try row.get(2), port: try row.get(3),
            protocols: try row.get(4), network: try row.get(5), username: try row.get(6),
            rotationMinutes: try row.get(7), allocatedAt: try row.get(8), expiresAt: try row.get(9),
            releasedAt: try row.get(10))
    }

    private static let terms = """
        SELECT t.period_index, t.starts_at, t.ends_at, t.amount_minor, t.order_id, o.kind, o.currency
        FROM terms t
        JOIN orders o ON o.tenant_id = t.tenant_id AND o.id = t.order_id
        WHERE t.tenant_id = $1 AND t.subscription_id = $2
        ORDER BY t.period_index
        """

    // A slot that has gone back gets another login for whoever has it next.
    private static let ports = """
        SELECT a.sequence, g.name, g.host, slot.port, g.protocols, n.code,
            CASE WHEN a.released_at IS NULL THEN slot.username END,
            a.rotation_minutes, a.allocated_at, a.expires_at, a.released_at
        FROM allocations a
        JOIN slots slot ON slot.tenant_id = a.tenant_id AND slot.id = a.slot_id
        JOIN gateways g ON g.tenant_id = slot.tenant_id AND g.id = slot.gateway_id
        JOIN networks n ON n.tenant_id = slot.tenant_id AND n.id = slot.network_id
        WHERE a.tenant_id = $1 AND a.subscription_id = $2
        ORDER BY a.sequence
        """

    private static let allowed = """
        SELECT address FROM allowlist_entries WHERE tenant_id = $1 AND subscription_id = $2 ORDER BY position
        """

    private static let promise = """
        SELECT c.code, p.renewals, p.renewals_left, p.ended_reason
        FROM coupon_promises p
        JOIN coupons c ON c.tenant_id = p.tenant_id AND c.id = p.coupon_id
        WHERE p.tenant_id = $1 AND p.subscription_id = $2
        """

    private static let attempts = """
        SELECT period_index, attempts, reason, last_at FROM renewal_attempts
        WHERE tenant_id = $1 AND subscription_id = $2 ORDER BY period_index DESC
        """
}
