-- What the baselines stand on, in a copy of the benchmark's database: buyers by number, ids in the order of time, and
-- the purchase as one PL/pgSQL call. Both baselines write the rows that the engine writes (docs/performance.md).

-- 0 … 9999: the customers of the fifty tenants; 10000: the hot one. What a cached login would know.
CREATE TABLE bench_buyers AS
SELECT CASE WHEN t.slug = 'hot' THEN 10000
            ELSE substr(t.slug, 6)::integer * 200 + substr(c.username, 2)::integer END AS n,
       c.tenant_id, c.id AS customer_id, k.id AS principal_id, p.id AS plan_id, p.network_ids[1] AS network_id,
       wallet.id AS wallet_id, revenue.id AS revenue_id, float.id AS float_id, platform.id AS platform_id
FROM customers c
JOIN tenants t ON t.id = c.tenant_id
-- Of the two keys of each, the one that the load uses.
JOIN api_keys k ON k.tenant_id = c.tenant_id AND k.customer_id = c.id AND k.rate_limit = 'off'
JOIN plans p ON p.tenant_id = c.tenant_id AND p.code = 'sim-30d'
JOIN accounts wallet ON wallet.tenant_id = c.tenant_id AND wallet.owner_id = c.id AND wallet.role = 'wallet'
JOIN accounts revenue ON revenue.tenant_id = c.tenant_id AND revenue.role = 'revenue'
JOIN accounts float ON float.tenant_id = c.tenant_id AND float.role = 'float'
JOIN accounts platform ON platform.tenant_id = c.tenant_id AND platform.role = 'platform_revenue';
CREATE UNIQUE INDEX ON bench_buyers (n);

CREATE SEQUENCE bench_ids CACHE 1000;
CREATE FUNCTION next_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT lpad(to_hex(nextval('bench_ids')), 32, '0')::uuid
$$;

CREATE FUNCTION bench_purchase(buyer integer, idempotency_key text) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    b record;
    slot record;
    remembered bytea;
    entry uuid := next_id();
    subscription uuid := next_id();
    starts timestamptz := date_trunc('milliseconds', clock_timestamp());
    ends timestamptz;
    version bigint;
    wallet record;
    revenue record;
    float record;
    platform record;
BEGIN
    SELECT x.*, p.version, p.price_minor, p.wholesale_minor, p.duration_ms, p.currency, p.rotation_minutes INTO b
    FROM bench_buyers x JOIN plans p ON p.tenant_id = x.tenant_id AND p.id = x.plan_id WHERE x.n = buyer;
    ends := starts + b.duration_ms * interval '1 millisecond';

    SELECT i.answer INTO remembered FROM idempotency_keys i
    WHERE i.tenant_id = b.tenant_id AND i.principal_id = b.principal_id AND i.key = idempotency_key;
    IF FOUND THEN RETURN remembered; END IF;

    SELECT s.id, s.gateway_id, s.port, s.secret INTO slot FROM slots s
    WHERE s.tenant_id = b.tenant_id AND s.network_id = b.network_id AND s.state = 'ready'
    ORDER BY s.rank LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RAISE EXCEPTION 'sold out'; END IF;

    INSERT INTO orders (tenant_id, id, customer_id, principal_id, dialect, kind, plan_id, plan_version, quantity,
                        repeat_count, currency, list_minor, discount_minor, total_minor, wholesale_minor, state, placed_at)
    VALUES (b.tenant_id, entry, b.customer_id, b.principal_id, 'gate', 'purchase', b.plan_id, b.version, 1,
            1, b.currency, b.price_minor, 0, b.price_minor, b.wholesale_minor, 'paid', starts);
    INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, plan_id, dialect, trial, started_at, active_until,
                               next_period)
    VALUES (b.tenant_id, subscription, b.customer_id, entry, b.plan_id, 'gate', false, starts, ends, 1);
    INSERT INTO terms (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor)
    VALUES (b.tenant_id, subscription, 0, entry, starts, ends, b.price_minor);
    INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes,
                             rotation_choices, expires_at, allocated_at)
    VALUES (b.tenant_id, subscription, 0, slot.id, slot.gateway_id, 0, b.rotation_minutes, ends, starts);
    INSERT INTO journal_entries (tenant_id, id, reason, order_id, effective_at, recorded_at)
    VALUES (b.tenant_id, entry, 'purchase', entry, starts, starts);
    INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, recorded_at)
    VALUES (b.tenant_id, entry, 'order.purchased', b.customer_id,
            jsonb_build_object('order', entry, 'plan', b.plan_id, 'total_minor', b.price_minor,
                               'currency', b.currency, 'subscriptions', jsonb_build_array(subscription)), starts);
    INSERT INTO idempotency_keys (tenant_id, principal_id, key, fingerprint, command_id, status, answer, recorded_at)
    VALUES (b.tenant_id, b.principal_id, idempotency_key, sha256(idempotency_key::bytea), entry, 200,
            decode(repeat(md5(idempotency_key), 44), 'hex'), starts);

    UPDATE gateways SET desired_version = desired_version + 1
    WHERE tenant_id = b.tenant_id AND id = slot.gateway_id RETURNING desired_version INTO version;
    UPDATE slots SET state = 'assigned', revision = version, state_since = starts
    WHERE tenant_id = b.tenant_id AND id = slot.id;

    UPDATE accounts SET balance_minor = balance_minor - b.price_minor, postings_count = postings_count + 1
    WHERE tenant_id = b.tenant_id AND id = b.wallet_id RETURNING balance_minor, postings_count INTO wallet;
    UPDATE accounts SET balance_minor = balance_minor - b.wholesale_minor, postings_count = postings_count + 1
    WHERE tenant_id = b.tenant_id AND id = b.float_id RETURNING balance_minor, postings_count INTO float;
    UPDATE accounts SET balance_minor = balance_minor + b.price_minor, postings_count = postings_count + 1
    WHERE tenant_id = b.tenant_id AND id = b.revenue_id RETURNING balance_minor, postings_count INTO revenue;
    UPDATE accounts SET balance_minor = balance_minor + b.wholesale_minor, postings_count = postings_count + 1
    WHERE tenant_id = b.tenant_id AND id = b.platform_id RETURNING balance_minor, postings_count INTO platform;
    INSERT INTO transfers (tenant_id, entry_id, line, debit_account_id, credit_account_id, currency, amount_minor,
                           debit_sequence, credit_sequence, debit_balance_after, credit_balance_after)
    VALUES (b.tenant_id, entry, 0, b.wallet_id, b.revenue_id, b.currency, b.price_minor,
            wallet.postings_count, revenue.postings_count, wallet.balance_minor, revenue.balance_minor),
           (b.tenant_id, entry, 1, b.float_id, b.platform_id, b.currency, b.wholesale_minor,
            float.postings_count, platform.postings_count, float.balance_minor, platform.balance_minor);
    RETURN NULL;
END $$;
ANALYZE bench_buyers;
