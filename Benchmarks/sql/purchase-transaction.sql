\set buyer random(:first, :last)
\set number random(1, 9000000000000000000)
BEGIN;
SELECT x.tenant_id, x.customer_id, x.principal_id, x.plan_id, x.network_id, x.wallet_id, x.revenue_id, x.float_id,
       x.platform_id, p.version AS plan_version, p.price_minor, p.wholesale_minor, p.currency,
       next_id() AS entry, next_id() AS subscription,
       date_trunc('milliseconds', clock_timestamp()) AS starts,
       date_trunc('milliseconds', clock_timestamp()) + p.duration_ms * interval '1 millisecond' AS ends
FROM bench_buyers x JOIN plans p ON p.tenant_id = x.tenant_id AND p.id = x.plan_id WHERE x.n = :buyer \gset
SELECT answer FROM idempotency_keys
WHERE tenant_id = :tenant_id AND principal_id = :principal_id::uuid AND key = 'transaction-' || :number;
SELECT id AS slot, gateway_id, port FROM slots
WHERE tenant_id = :tenant_id AND network_id = :network_id::uuid AND state = 'ready'
ORDER BY rank LIMIT 1 FOR UPDATE SKIP LOCKED \gset
INSERT INTO orders (tenant_id, id, customer_id, principal_id, dialect, kind, plan_id, plan_version, quantity,
                    repeat_count, currency, list_minor, discount_minor, total_minor, wholesale_minor, state, placed_at)
VALUES (:tenant_id, :entry::uuid, :customer_id::uuid, :principal_id::uuid, 'gate', 'purchase', :plan_id::uuid,
        :plan_version, 1, 1, :currency, :price_minor, 0, :price_minor, :wholesale_minor, 'paid', :starts::timestamptz);
INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, plan_id, dialect, trial, started_at, active_until,
                           next_period)
VALUES (:tenant_id, :subscription::uuid, :customer_id::uuid, :entry::uuid, :plan_id::uuid, 'gate', false,
        :starts::timestamptz, :ends::timestamptz, 1);
INSERT INTO terms (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor)
VALUES (:tenant_id, :subscription::uuid, 0, :entry::uuid, :starts::timestamptz, :ends::timestamptz, :price_minor);
INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes,
                         rotation_choices, expires_at, allocated_at)
VALUES (:tenant_id, :subscription::uuid, 0, :slot::uuid, :gateway_id::uuid, 0, '{0,5,10}', :ends::timestamptz,
        :starts::timestamptz);
INSERT INTO journal_entries (tenant_id, id, reason, order_id, effective_at, recorded_at)
VALUES (:tenant_id, :entry::uuid, 'purchase', :entry::uuid, :starts::timestamptz, :starts::timestamptz);
INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, recorded_at)
VALUES (:tenant_id, :entry::uuid, 'order.purchased', :customer_id::uuid,
        jsonb_build_object('order', :entry::uuid, 'plan', :plan_id::uuid, 'total_minor', :price_minor::bigint,
                           'currency', :currency::text, 'subscriptions', jsonb_build_array(:subscription::uuid)),
        :starts::timestamptz);
INSERT INTO idempotency_keys (tenant_id, principal_id, key, fingerprint, command_id, status, answer, recorded_at)
VALUES (:tenant_id, :principal_id::uuid, 'transaction-' || :number, sha256(:number::text::bytea), :entry::uuid, 200,
        decode(repeat(md5(:number::text), 44), 'hex'), :starts::timestamptz);
UPDATE gateways SET desired_version = desired_version + 1
WHERE tenant_id = :tenant_id AND id = :gateway_id::uuid RETURNING desired_version \gset
UPDATE slots SET state = 'assigned', revision = :desired_version, state_since = :starts::timestamptz
WHERE tenant_id = :tenant_id AND id = :slot::uuid;
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
