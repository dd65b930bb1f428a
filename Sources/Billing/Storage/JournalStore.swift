internal import Postgres
internal import Primitives

/// SQL of the journal: entries, their transfers, the events and the remembered answers that stand with them.
enum JournalStore {
    static func insertingEntries(_ rows: [JournalEntry], at now: Instant) -> Statement {
        Statement(
            insertEntries,
            [
                rows.map(\.tenant), rows.map(\.id), rows.map(\.reason.rawValue), rows.map(\.order),
                rows.map(\.reverses), rows.map(\.reference), rows.map(\.memo), rows.map(\.actor),
                rows.map(\.at), now,
            ])
    }

    static func insertingTransfers(_ rows: [Transfer]) -> Statement {
        Statement(
            insertTransfers,
            [
                rows.map(\.tenant), rows.map(\.entry), rows.map(\.line), rows.map(\.debit),
                rows.map(\.credit),
                rows.map(\.currency.code), rows.map(\.amount), rows.map(\.debitSequence),
                rows.map(\.creditSequence),
                rows.map(\.debitBalanceAfter), rows.map(\.creditBalanceAfter),
            ])
    }

    static func insertingEvents(_ rows: [GroupWrites.Event], at now: Instant) -> Statement {
        Statement(
            insertEvents,
            [
                rows.map(\.tenant), rows.map(\.id), rows.map(\.kind), rows.map(\.customer),
                rows.map { JSONB($0.payload) }, now,
            ])
    }

    /// What keys were answered before; read after the accounts are locked, or two processes could both miss one.
    static func remembered(_ keys: Set<TenantKey<IdempotencyName>>) -> Statement {
        let keys = Array(keys)
        return Statement(
            rememberedByKey, [keys.map(\.tenant), keys.map(\.name.principal), keys.map(\.name.key)])
    }

    static func remembered(_ result: ResultSet, into rows: inout GroupRows) throws {
        for row in result {
            let name = TenantKey(
                tenant: try row.get(0, as: TenantID.self),
                name: IdempotencyName(principal: try row.get(1), key: try row.get(2)))
            rows.remembered[name] = RememberedRow(
                fingerprint: try row.get(3),
                answer: RememberedAnswer(status: try row.get(4), sealed: try row.get(5)))
        }
    }

    static func insertingRemembered(_ rows: [GroupWrites.Remembered], at now: Instant) -> Statement {
        Statement(
            insertRemembered,
            [
                rows.map(\.tenant), rows.map(\.name.principal), rows.map(\.name.key), rows.map(\.fingerprint),
                rows.map(\.command), rows.map(\.answer.status), rows.map(\.answer.sealed), now,
            ])
    }

    /// Which of these commands are in the journal, or where they move no money among the events: asked after a COMMIT whose
    /// answer was lost.
    static func committed(_ commands: [(tenant: TenantID, id: CommandID)]) -> Statement {
        Statement(committedByKey, [commands.map(\.tenant), commands.map(\.id)])
    }

    static func committed(_ result: ResultSet) throws -> Set<CommandID> {
        Set(try result.map { try $0.get(0) })
    }

    private static let insertEntries = """
        INSERT INTO journal_entries
            (tenant_id, id, reason, order_id, reverses_id, reference, memo, actor, effective_at, recorded_at)
        SELECT v.*, $10::timestamptz
        FROM unnest(
            $1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[],
            $9::timestamptz[]) AS v
        """

    private static let insertTransfers = """
        INSERT INTO transfers
            (tenant_id, entry_id, line, debit_account_id, credit_account_id, currency, amount_minor,
             debit_sequence, credit_sequence, debit_balance_after, credit_balance_after)
        SELECT * FROM unnest(
            $1::bigint[], $2::uuid[], $3::smallint[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[],
            $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[])
        """

    private static let insertEvents = """
        INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, recorded_at)
        SELECT v.*, $6::timestamptz
        FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::uuid[], $5::jsonb[]) AS v
        """

    private static let rememberedByKey = """
        SELECT i.tenant_id, i.principal_id, i.key, i.fingerprint, i.status, i.answer
        FROM unnest($1::bigint[], $2::uuid[], $3::text[]) AS wanted (tenant_id, principal_id, key)
        CROSS JOIN LATERAL (
            SELECT * FROM idempotency_keys
            WHERE tenant_id = wanted.tenant_id AND principal_id = wanted.principal_id AND key = wanted.key
            LIMIT 1
        ) i
        """

    private static let insertRemembered = """
        INSERT INTO idempotency_keys
            (tenant_id, principal_id, key, fingerprint, command_id, status, answer, recorded_at)
        SELECT v.*, $8::timestamptz
        FROM unnest(
            $1::bigint[], $2::uuid[], $3::text[], $4::bytea[], $5::uuid[], $6::smallint[], $7::bytea[]) AS v
        """

    private static let committedByKey = """
        SELECT j.id
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, id)
        CROSS JOIN LATERAL (
            SELECT id FROM journal_entries WHERE tenant_id = wanted.tenant_id AND id = wanted.id
            UNION ALL
            SELECT id FROM outbox_events WHERE tenant_id = wanted.tenant_id AND id = wanted.id
            LIMIT 1
        ) j
        """
}
