internal import Catalog
public import Postgres
public import Primitives

/// Reads payments and what goes back of them, for those who take them.
public enum PaymentStore {
    /// One payment of a tenant.
    public static func payment(_ id: PaymentID, of tenant: TenantID) -> Statement {
        Statement("\(columns) WHERE p.tenant_id = $1 AND p.id = $2" as String, [tenant, id])
    }

    /// A payment by what its provider calls it, or the page where it is paid.
    public static func payment(named name: String, at provider: String, of tenant: TenantID) -> Statement {
        Statement(
            "\(columns) WHERE p.tenant_id = $1 AND p.provider = $2 AND (p.reference = $3 OR p.session = $3)"
                as String, [tenant, provider, name])
    }

    /// A tenant's payments, the newest first.
    ///
    /// - Parameters: of one customer, in one state, opened from a moment on; `nil`: whichever. `before`: where the page
    ///   before it ended.
    public static func payments(
        of tenant: TenantID, customer: CustomerID? = nil, state: Payment.State? = nil, since: Instant? = nil,
        before: PaymentID? = nil, limit: Int
    ) -> Statement {
        Statement(
            """
            \(columns)
            WHERE p.tenant_id = $1 AND ($2::uuid IS NULL OR p.customer_id = $2) AND ($3::text IS NULL OR p.state = $3)
                AND ($4::uuid IS NULL OR p.id < $4) AND ($6::timestamptz IS NULL OR p.opened_at >= $6)
            ORDER BY p.id DESC LIMIT $5
            """ as String, [tenant, customer, state?.rawValue, before, limit, since])
    }

    public static func payments(_ result: ResultSet) throws -> [Payment] {
        try result.map { row in
            let currency = try Currency(stored: row.get(5))
            func money(_ column: Int) throws -> Money {
                Money(minor: try row.get(column), currency: currency)
            }
            guard let way = Payment.Way(rawValue: try row.get(4)),
                let state = Payment.State(rawValue: try row.get(7))
            else { throw Unreadable("a payment is of no known way or state") }
            return Payment(
                tenant: try row.get(0), id: try row.get(1), customer: try row.get(2),
                provider: try row.get(3),
                way: way, amount: try money(6), state: state, session: try row.get(8),
                reference: try row.get(9), url: state == .open ? try row.get(10) : nil,
                credited: try money(11), held: try money(12), returned: try money(13),
                openedAt: try row.get(14), expiresAt: try row.get(15), closedAt: try row.get(16),
                problem: try row.get(17), tries: try row.get(18), nextAt: try row.get(19),
                actor: try row.get(20))
        }
    }

    /// What goes back of a payment, or went, in the order in which it was asked for.
    public static func reversals(of payment: PaymentID, _ tenant: TenantID) -> Statement {
        Statement(
            "\(parts) WHERE r.tenant_id = $1 AND r.payment_id = $2 ORDER BY r.id" as String,
            [tenant, payment]
        )
    }

    public static func reversal(_ id: PaymentReversalID, of tenant: TenantID) -> Statement {
        Statement("\(parts) WHERE r.tenant_id = $1 AND r.id = $2" as String, [tenant, id])
    }

    public static func reversals(_ result: ResultSet) throws -> [PaymentReversal] {
        try result.map { row in
            let currency = try Currency(stored: row.get(7))
            guard let kind = PaymentReversal.Kind(rawValue: try row.get(3)),
                let state = PaymentReversal.State(rawValue: try row.get(4))
            else { throw Unreadable("what goes back of a payment is of no known kind or state") }
            return PaymentReversal(
                tenant: try row.get(0), id: try row.get(1), payment: try row.get(2), kind: kind, state: state,
                amount: Money(minor: try row.get(5), currency: currency),
                booked: Money(minor: try row.get(6), currency: currency), reference: try row.get(8),
                memo: try row.get(9), actor: try row.get(10), recordedAt: try row.get(11),
                closedAt: try row.get(12), problem: try row.get(13), tries: try row.get(14),
                nextAt: try row.get(15))
        }
    }

    private static let columns = """
        SELECT p.tenant_id, p.id, p.customer_id, p.provider, p.way, p.currency, p.amount_minor, p.state, p.session,
            p.reference, p.url, p.credited_minor, p.held_minor, p.returned_minor, p.opened_at, p.expires_at, p.closed_at,
            p.problem, p.tries, p.next_at, p.actor
        FROM payments p
        """

    private static let parts = """
        SELECT r.tenant_id, r.id, r.payment_id, r.kind, r.state, r.amount_minor, r.booked_minor,
            (SELECT currency FROM payments WHERE tenant_id = r.tenant_id AND id = r.payment_id), r.reference, r.memo,
            r.actor, r.recorded_at, r.closed_at, r.problem, r.tries, r.next_at
        FROM payment_reversals r
        """
}
