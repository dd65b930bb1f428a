-- Money: orders, entries, transfers, and what is remembered of the latest ones.
SET synchronous_commit = off;
SET maintenance_work_mem = '1GB';
SET max_parallel_maintenance_workers = 0;
SET jit = off;

BEGIN;
CALL history.drop_indexes('{orders,journal_entries,transfers,idempotency_keys,outbox_events}');

INSERT INTO orders (tenant_id, id, customer_id, principal_id, dialect, kind, plan_id, plan_version, quantity, repeat_count,
                    currency, list_minor, discount_minor, total_minor, wholesale_minor, state, placed_at)
    SELECT tenant_id, order_id, customer_id, principal_id, 'gate', 'purchase', plan_id, 1, 1, 1,
           currency, price, 0, price, wholesale, 'paid', at
    FROM history.purchases;

-- Everybody is given what they are going to spend, before they spend it.
INSERT INTO journal_entries (tenant_id, id, reason, reference, effective_at, recorded_at)
    SELECT tenant_id, history.id(begin_ms, 8, number), 'top_up', 'history-' || customer_id,
           history.instant(begin_ms), history.instant(begin_ms)
    FROM history.customers JOIN history.tenants USING (tenant_id)
    UNION ALL
    SELECT tenant_id, history.id(begin_ms, 9, tenant_id), 'float_top_up', 'history',
           history.instant(begin_ms), history.instant(begin_ms)
    FROM history.tenants WHERE tenant_id IN (SELECT tenant_id FROM history.rounds WHERE is_resold);
INSERT INTO journal_entries (tenant_id, id, reason, order_id, effective_at, recorded_at)
    SELECT tenant_id, order_id, 'purchase', order_id, at, at FROM history.purchases;

INSERT INTO transfers
    SELECT c.tenant_id, history.id(t.begin_ms, 8, c.number), 0, outside.id, c.wallet_id, t.currency,
           share.rounds * t.price, outside.postings_count + c.place, c.postings_count + 1,
           outside.balance_minor + c.place * share.rounds * t.price, c.balance_minor + share.rounds * t.price
    FROM history.customers AS c JOIN history.tenants AS t USING (tenant_id) CROSS JOIN history.share
    JOIN history.books AS outside ON outside.tenant_id = t.tenant_id AND outside.role = 'outside';
INSERT INTO transfers
    SELECT t.tenant_id, history.id(t.begin_ms, 9, t.tenant_id), 0, outside.id, prepaid.id, t.currency,
           spent.amount, outside.postings_count + 1, prepaid.postings_count + 1,
           outside.balance_minor + spent.amount, prepaid.balance_minor + spent.amount
    FROM history.tenants AS t CROSS JOIN history.share
    JOIN history.books AS outside ON outside.tenant_id = t.tenant_id AND outside.role = 'platform_outside'
    JOIN history.books AS prepaid ON prepaid.tenant_id = t.tenant_id AND prepaid.role = 'float'
    CROSS JOIN LATERAL (SELECT share.resold * t.customers * t.wholesale AS amount) AS spent
    WHERE spent.amount > 0;
-- Both legs of a purchase stand together, as they were written.
INSERT INTO transfers
    SELECT p.tenant_id, p.order_id, leg.*
    FROM history.purchases AS p
    JOIN history.books AS revenue ON revenue.tenant_id = p.tenant_id AND revenue.role = 'revenue'
    LEFT JOIN history.books AS prepaid ON prepaid.tenant_id = p.tenant_id AND prepaid.role = 'float'
    LEFT JOIN history.books AS platform ON platform.tenant_id = p.tenant_id AND platform.role = 'platform_revenue'
    CROSS JOIN history.share
    CROSS JOIN LATERAL (
        SELECT 0::smallint, p.wallet_id, revenue.id, p.currency, p.price, p.wallet_sequence,
               revenue.postings_count + p.sale, p.wallet_balance, revenue.balance_minor + p.sale * p.price
        UNION ALL
        SELECT 1::smallint, prepaid.id, platform.id, p.currency, p.wholesale, prepaid.postings_count + 1 + p.resale,
               platform.postings_count + p.resale,
               prepaid.balance_minor + (share.resold * p.customers - p.resale) * p.wholesale,
               platform.balance_minor + p.resale * p.wholesale
        WHERE p.is_resold
    ) AS leg;

-- The accounts now, from their places in the statements.
UPDATE accounts AS account SET postings_count = told.postings, balance_minor = told.balance
FROM (
    SELECT c.tenant_id, c.wallet_id AS id, c.postings_count + 1 + share.rounds AS postings, c.balance_minor AS balance
    FROM history.customers AS c CROSS JOIN history.share
    UNION ALL
    SELECT b.tenant_id, b.id, b.postings_count + moved.postings, b.balance_minor + moved.amount
    FROM history.books AS b JOIN history.tenants AS t USING (tenant_id) CROSS JOIN history.share
    CROSS JOIN LATERAL (
        SELECT CASE WHEN EXISTS (SELECT FROM history.rounds AS r WHERE r.tenant_id = t.tenant_id AND r.is_resold)
                    THEN share.resold * t.customers ELSE 0 END AS resales
    ) AS float
    CROSS JOIN LATERAL (
        SELECT * FROM (VALUES
            ('outside', t.customers, t.customers * share.rounds * t.price),
            ('revenue', t.customers * share.rounds, t.customers * share.rounds * t.price),
            ('platform_outside', sign(float.resales)::bigint, float.resales * t.wholesale),
            ('float', sign(float.resales)::bigint + float.resales, 0),
            ('platform_revenue', float.resales, float.resales * t.wholesale)
        ) AS v (role, postings, amount) WHERE v.role = b.role
    ) AS moved
) AS told
WHERE account.tenant_id = told.tenant_id AND account.id = told.id;

INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, recorded_at)
    SELECT tenant_id, order_id, 'order.paid', customer_id,
           jsonb_build_object('order', order_id, 'subscriptions', jsonb_build_array(subscription_id), 'total', price), at
    FROM history.purchases WHERE is_remembered;
INSERT INTO idempotency_keys (tenant_id, principal_id, key, fingerprint, command_id, status, answer, recorded_at)
    SELECT tenant_id, principal_id, 'history-' || order_id, uuid_send(order_id) || uuid_send(order_id), order_id, 200,
           decode(repeat('5e', 400), 'hex'), at
    FROM history.purchases WHERE is_remembered;

CALL history.make_indexes('{orders,journal_entries,transfers,idempotency_keys,outbox_events}');
COMMIT;
VACUUM (ANALYZE) orders, journal_entries, transfers, idempotency_keys, outbox_events, accounts;
