\set n :n + 1
BEGIN;
SELECT d.tenant_id, d.subscription_id, d.customer_id, d.plan_id, d.wallet_id, d.revenue_id, d.float_id, d.platform_id,
       p.version AS plan_version, p.price_minor, p.wholesale_minor, p.currency, s.dialect, s.next_period,
       s.active_until AS starts, s.active_until + p.duration_ms * interval '1 millisecond' AS ends,
       date_trunc('milliseconds', clock_timestamp()) AS at, next_id() AS entry
FROM bench_due d
JOIN subscriptions s ON s.tenant_id = d.tenant_id AND s.id = d.subscription_id
JOIN plans p ON p.tenant_id = d.tenant_id AND p.id = d.plan_id
WHERE d.n = :n AND s.ended_at IS NULL FOR NO KEY UPDATE OF s \gset
SELECT slot_id, gateway_id FROM allocations
WHERE tenant_id = :tenant_id AND subscription_id = :subscription_id::uuid AND released_at IS NULL
ORDER BY sequence LIMIT 1 FOR UPDATE \gset
INSERT INTO orders (tenant_id, id, customer_id, dialect, kind, plan_id, plan_version, subscription_id, quantity,
                    repeat_count, currency, list_minor, discount_minor, total_minor, wholesale_minor, state, placed_at)
VALUES (:tenant_id, :entry::uuid, :customer_id::uuid, :dialect, 'renewal', :plan_id::uuid, :plan_version,
        :subscription_id::uuid, 1, 1, :currency, :price_minor, 0, :price_minor, :wholesale_minor, 'paid',
        :at::timestamptz);
INSERT INTO terms (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor)
VALUES (:tenant_id, :subscription_id::uuid, :next_period, :entry::uuid, :starts::timestamptz, :ends::timestamptz,
        :price_minor);
UPDATE subscriptions SET active_until = :ends::timestamptz, next_period = next_period + 1,
    renews_at = :ends::timestamptz - interval '1 hour', tried_on = date_trunc('day', :at::timestamptz, 'UTC'),
    auto_renewals = auto_renewals + 1
WHERE tenant_id = :tenant_id AND id = :subscription_id::uuid;
UPDATE allocations SET expires_at = :ends::timestamptz
WHERE tenant_id = :tenant_id AND subscription_id = :subscription_id::uuid AND slot_id = :slot_id::uuid;
INSERT INTO journal_entries (tenant_id, id, reason, order_id, actor, effective_at, recorded_at)
VALUES (:tenant_id, :entry::uuid, 'renewal', :entry::uuid, 'auto-renewal', :at::timestamptz, :at::timestamptz);
INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, recorded_at)
VALUES (:tenant_id, :entry::uuid, 'order.renewed', :customer_id::uuid,
        jsonb_build_object('order', :entry::uuid, 'subscription', :subscription_id::uuid, 'total_minor',
                           :price_minor::bigint, 'currency', :currency::text), :at::timestamptz);
UPDATE gateways SET desired_version = desired_version + 1
WHERE tenant_id = :tenant_id AND id = :gateway_id::uuid RETURNING desired_version \gset
UPDATE slots SET revision = :desired_version WHERE tenant_id = :tenant_id AND id = :slot_id::uuid;
UPDATE accounts SET balance_minor = balance_minor - :price_minor, postings_count = postings_count + 1
WHERE tenant_id = :tenant_id AND id = :wallet_id::uuid
RETURNING balance_minor AS wallet_balance, postings_count AS wallet_count \gset
UPDATE accounts SET balance_minor = balance_minor - :wholesale_minor, postings_count = postings_count + 1
WHERE tenant_id = :tenant_id AND id = :float_id::uuid
RETURNING balance_minor AS float_balance, postings_count AS float_count \gset
UPDATE accounts SET balance_minor = balance_minor + :price_minor, postings_count = postings_count + 1
WHERE tenant_id = :tenant_id AND id = :revenue_id::uuid
RETURNING balance_minor AS revenue_balance, postings_count AS revenue_count \gset
UPDATE accounts SET balance_minor = balance_minor + :wholesale_minor, postings_count = postings_count + 1
WHERE tenant_id = :tenant_id AND id = :platform_id::uuid
RETURNING balance_minor AS platform_balance, postings_count AS platform_count \gset
INSERT INTO transfers (tenant_id, entry_id, line, debit_account_id, credit_account_id, currency, amount_minor,
                       debit_sequence, credit_sequence, debit_balance_after, credit_balance_after)
VALUES (:tenant_id, :entry::uuid, 0, :wallet_id::uuid, :revenue_id::uuid, :currency, :price_minor,
        :wallet_count, :revenue_count, :wallet_balance, :revenue_balance),
       (:tenant_id, :entry::uuid, 1, :float_id::uuid, :platform_id::uuid, :currency, :wholesale_minor,
        :float_count, :platform_count, :float_balance, :platform_balance);
COMMIT;
