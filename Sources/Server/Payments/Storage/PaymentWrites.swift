internal import Billing
internal import Postgres
internal import Primitives

/// SQL of what the payment desk writes; money and whether a payment is paid are the engine's to say.
enum PaymentWrites {
    /// One that is there already stays as it is.
    static func opening(
        _ id: PaymentID, of tenant: TenantID, _ customer: CustomerID, _ provider: String, _ way: Payment.Way,
        _ amount: Money, reference: String? = nil, actor: String, at now: Instant
    ) -> Statement {
        let end = now.adding(milliseconds: Payment.lifeMilliseconds) ?? now
        // Who has asked is there to go on; the job comes when they do not.
        let next = now.adding(milliseconds: 120_000)
        return """
            INSERT INTO payments
                (tenant_id, id, customer_id, provider, way, currency, amount_minor, state, reference, opened_at, expires_at,
                 next_at, actor)
            VALUES (\(tenant), \(id), \(customer), \(provider), \(way.rawValue), \(amount.currency.code), \(amount.minor),
                'open', \(reference), \(now), \(end), \(next), \(actor))
            ON CONFLICT DO NOTHING
            """
    }

    static func page(_ page: PaymentPage, of id: PaymentID, _ tenant: TenantID, nextAt: Instant) -> Statement
    {
        """
        UPDATE payments
        SET session = \(page.session), url = \(page.url), reference = COALESCE(reference, \(page.reference)),
            next_at = CASE WHEN state = 'open' THEN \(nextAt)::timestamptz END
        WHERE tenant_id = \(tenant) AND id = \(id)
        """
    }

    static func named(_ reference: String, _ id: PaymentID, of tenant: TenantID) -> Statement {
        """
        UPDATE payments SET reference = \(reference)
        WHERE tenant_id = \(tenant) AND id = \(id) AND reference IS NULL
        """
    }

    static func later(
        _ id: PaymentID, of tenant: TenantID, problem: String?, nextAt: Instant?
    ) -> Statement {
        """
        UPDATE payments SET tries = tries + 1, next_at = \(nextAt), problem = \(problem)
        WHERE tenant_id = \(tenant) AND id = \(id) AND state = 'open'
        """
    }

    static func later(
        _ id: PaymentReversalID, of tenant: TenantID, problem: String, nextAt: Instant?
    ) -> Statement {
        """
        UPDATE payment_reversals SET tries = tries + 1, next_at = \(nextAt), problem = \(problem)
        WHERE tenant_id = \(tenant) AND id = \(id) AND state = 'held'
        """
    }

    static func note(_ id: PaymentID, of tenant: TenantID, problem: String) -> Statement {
        """
        UPDATE payments SET problem = \(problem), next_at = NULL
        WHERE tenant_id = \(tenant) AND id = \(id)
        """
    }

    /// Ends one that is open; as many rows are affected as were.
    static func end(
        _ id: PaymentID, of tenant: TenantID, as state: Payment.State, problem: String?, at now: Instant
    ) -> Statement {
        """
        UPDATE payments SET state = \(state.rawValue), closed_at = \(now), next_at = NULL, problem = \(problem)
        WHERE tenant_id = \(tenant) AND id = \(id) AND state = 'open'
        """
    }

    static func saving(
        _ method: SavedPaymentMethod, of customer: CustomerID, _ tenant: TenantID, at provider: String,
        now: Instant
    ) -> Statement {
        """
        INSERT INTO saved_payment_methods (tenant_id, customer_id, provider, payer, method, saved_at)
        VALUES (\(tenant), \(customer), \(provider), \(method.payer), \(method.method), \(now))
        ON CONFLICT ON CONSTRAINT one_saved_method_per_customer_and_provider DO UPDATE
        SET payer = excluded.payer, method = excluded.method, saved_at = excluded.saved_at
        """
    }

    /// Tells of something once.
    static func tell(
        _ kind: String, once: String, _ customer: CustomerID?, _ payload: JSON, of tenant: TenantID,
        as id: CommandID, at now: Instant
    ) -> Statement {
        """
        INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, once, recorded_at)
        VALUES (\(tenant), \(id), \(kind), \(customer), \(JSONB(String(decoding: payload.encoded(), as: UTF8.self))),
            \(once), \(now))
        ON CONFLICT (tenant_id, once) WHERE once IS NOT NULL DO NOTHING
        """
    }
}
