internal import Postgres
internal import Primitives

/// SQL of payments, as the engine reads and writes them.
enum PaymentRowStore {
    /// Locks payments in key order; what goes back of one is under its lock too.
    static func locking(_ keys: Set<TenantKey<PaymentID>>) -> Statement {
        let keys = keys.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        return Statement(lockingByKey, [keys.map(\.tenant), keys.map(\.name)])
    }

    static func payments(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            let name = TenantKey<PaymentID>(tenant: try row.get(0), name: try row.get(1))
            rows.payments[name] = PaymentRow(
                id: name.name, customer: try row.get(2), provider: try row.get(3),
                asked: Money(minor: try row.get(5), currency: try Currency(stored: row.get(4))),
                credited: try row.get(6), held: try row.get(7), returned: try row.get(8),
                entry: try row.get(9), reference: try row.get(10))
        }
    }

    /// What goes back of payments; read after they are locked.
    static func reversals(of keys: Set<TenantKey<PaymentID>>) -> Statement {
        let keys = Array(keys)
        return Statement(reversalsByPayment, [keys.map(\.tenant), keys.map(\.name)])
    }

    static func reversals(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            let name = TenantKey<PaymentID>(tenant: try row.get(0), name: try row.get(1))
            guard let kind = PaymentReversal.Kind(rawValue: try row.get(3)),
                let state = PaymentReversal.State(rawValue: try row.get(6))
            else { throw Unreadable("what goes back of payment \(name.name) is of no known kind") }
            rows.payments[name]?.reversals.append(
                PaymentReversalRow(
                    id: try row.get(2), kind: kind, amount: try row.get(4), booked: try row.get(5),
                    state: state, reference: try row.get(7), hold: try row.get(8), entry: try row.get(9),
                    memo: try row.get(10), actor: try row.get(11), problem: try row.get(12)))
        }
    }

    static func updating(_ rows: [TenantKey<PaymentID>: PaymentRow], at now: Instant) -> Statement {
        let rows = Array(rows)
        return Statement(
            update,
            [
                rows.map(\.key.tenant), rows.map(\.value.id), rows.map(\.value.credited),
                rows.map(\.value.held), rows.map(\.value.returned), rows.map(\.value.entry),
                rows.map(\.value.reference), now,
            ])
    }

    static func writing(
        _ rows: [(TenantKey<PaymentID>, PaymentReversalRow)], at now: Instant
    ) -> Statement {
        Statement(
            write,
            [
                rows.map(\.0.tenant), rows.map(\.1.id), rows.map(\.0.name), rows.map(\.1.kind.rawValue),
                rows.map(\.1.amount), rows.map(\.1.booked), rows.map(\.1.state.rawValue),
                rows.map(\.1.reference), rows.map(\.1.hold), rows.map(\.1.entry), rows.map(\.1.memo),
                rows.map(\.1.actor), rows.map(\.1.problem), now,
            ])
    }

    private static let lockingByKey = """
        SELECT p.tenant_id, p.id, p.customer_id, p.provider, p.currency, p.amount_minor, p.credited_minor, p.held_minor,
            p.returned_minor, p.entry_id, p.reference
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, id)
        CROSS JOIN LATERAL (
            SELECT * FROM payments WHERE tenant_id = wanted.tenant_id AND id = wanted.id
            LIMIT 1 FOR NO KEY UPDATE
        ) p
        """

    private static let reversalsByPayment = """
        SELECT r.tenant_id, r.payment_id, r.id, r.kind, r.amount_minor, r.booked_minor, r.state, r.reference, r.hold_id,
            r.entry_id, r.memo, r.actor, r.problem
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, id)
        CROSS JOIN LATERAL (
            SELECT * FROM payment_reversals WHERE tenant_id = wanted.tenant_id AND payment_id = wanted.id
            ORDER BY id OFFSET 0
        ) r
        """

    private static let update = """
        UPDATE payments p
        SET credited_minor = v.credited_minor, held_minor = v.held_minor, returned_minor = v.returned_minor,
            entry_id = v.entry_id, reference = COALESCE(v.reference, p.reference),
            state = CASE WHEN v.entry_id IS NOT NULL THEN 'paid' ELSE p.state END,
            closed_at = CASE WHEN p.entry_id IS NULL AND v.entry_id IS NOT NULL THEN $8::timestamptz ELSE p.closed_at END,
            next_at = CASE WHEN v.entry_id IS NOT NULL THEN NULL ELSE p.next_at END
        FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::uuid[], $7::text[])
            AS v (tenant_id, id, credited_minor, held_minor, returned_minor, entry_id, reference)
        WHERE p.tenant_id = v.tenant_id AND p.id = v.id
        """

    private static let write = """
        INSERT INTO payment_reversals
            (tenant_id, id, payment_id, kind, amount_minor, booked_minor, state, reference, hold_id, entry_id, memo, actor,
             problem, recorded_at, closed_at, next_at)
        SELECT v.*, $14::timestamptz, CASE WHEN v.state <> 'held' THEN $14::timestamptz END,
            CASE WHEN v.state = 'held' THEN $14::timestamptz END
        FROM unnest(
            $1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[],
            $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::text[])
            AS v (tenant_id, id, payment_id, kind, amount_minor, booked_minor, state, reference, hold_id, entry_id, memo,
                  actor, problem)
        ON CONFLICT ON CONSTRAINT payment_reversals_pkey DO UPDATE
        SET booked_minor = excluded.booked_minor, state = excluded.state,
            reference = COALESCE(excluded.reference, payment_reversals.reference), entry_id = excluded.entry_id,
            problem = excluded.problem, closed_at = excluded.closed_at, next_at = excluded.next_at
        """
}
