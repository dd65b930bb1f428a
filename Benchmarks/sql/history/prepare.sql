-- Who takes part, and one row per round of purchases.
\if :{?subscriptions}
\else
    \set subscriptions 10000000
\endif
\if :{?transfers}
\else
    \set transfers 15000000
\endif
\if :{?slots}
\else
    \set slots 2000000
\endif
\if :{?now}
\else
    SELECT now() AS now \gset
\endif

BEGIN;
CREATE SCHEMA history;

-- An id in the shape of ours: time, kind and number; without the check value.
CREATE FUNCTION history.id(ms bigint, kind bigint, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT ('0' || to_hex(ms << 16 | 28672 | kind) || to_hex(-9223372036854775808 | (number << 26)))::uuid $$;
CREATE FUNCTION history.instant(ms bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT timestamptz '2000-01-01 00:00:00+00' + (ms - 946684800000) * interval '1 millisecond' $$;

CREATE TABLE history.customers AS
    SELECT customer.tenant_id, row_number() OVER (PARTITION BY customer.tenant_id ORDER BY customer.id) AS place,
           row_number() OVER (ORDER BY customer.tenant_id, customer.id) AS number,
           customer.id AS customer_id, wallet.id AS wallet_id, wallet.postings_count, wallet.balance_minor,
           COALESCE((SELECT key.id FROM api_keys AS key
                     WHERE key.tenant_id = customer.tenant_id AND key.customer_id = customer.id
                     ORDER BY key.id LIMIT 1), customer.id) AS principal_id
    FROM customers AS customer
    JOIN tenants AS tenant ON tenant.id = customer.tenant_id AND tenant.currency = customer.currency
    JOIN accounts AS wallet
      ON wallet.tenant_id = customer.tenant_id AND wallet.owner_id = customer.id AND wallet.role = 'wallet'
     AND wallet.currency = tenant.currency
    -- A tenant takes part where it sells something that lends ports.
    WHERE EXISTS (SELECT FROM plans AS plan
                  WHERE plan.tenant_id = tenant.id AND plan.active AND cardinality(plan.network_ids) = 1);
CREATE UNIQUE INDEX ON history.customers (tenant_id, place);

-- How much falls to each customer: so many purchases, so many of them of the resold plan, so many slots, so many of
-- those lent now. A fifth of the purchases, the latest ones, are still remembered under their keys and in the outbox.
CREATE TABLE history.share AS
    SELECT rounds, LEAST(rounds, GREATEST(0, :transfers / customers - 1 - rounds)) AS resold, slots,
           LEAST(rounds, (slots * 6 + 9) / 10) AS lent, (rounds + 4) / 5 AS remembered,
           (extract(epoch FROM timestamptz :'now') * 1000)::bigint AS now_ms
    FROM (SELECT count(*) AS customers, (:subscriptions + count(*) - 1) / count(*) AS rounds,
                 (:slots + count(*) - 1) / count(*) AS slots FROM history.customers) AS total;

CREATE TABLE history.tenants AS
    SELECT tenant.id AS tenant_id, tenant.currency, LEAST(tenant.grace_ms, 864000000) AS grace_ms,
           (SELECT count(*) FROM history.customers AS c WHERE c.tenant_id = tenant.id) AS customers,
           sold.product, sold.connection, sold.network_ids[1] AS network_id, COALESCE(sold.price_minor, 100) AS price,
           COALESCE(sold.wholesale_minor, 60) AS wholesale,
           history.id(now_ms - 86400000000, 6, tenant.id) AS retail_plan,
           history.id(now_ms - 86400000000, 7, tenant.id) AS resold_plan,
           now_ms - 86400000000 AS begin_ms
    FROM tenants AS tenant
    CROSS JOIN history.share
    CROSS JOIN LATERAL (
        SELECT * FROM plans AS plan
        WHERE plan.tenant_id = tenant.id AND plan.active AND cardinality(plan.network_ids) = 1
        ORDER BY plan.sort_order, plan.id LIMIT 1
    ) AS sold
    WHERE tenant.id IN (SELECT tenant_id FROM history.customers);

-- Each tenant's own accounts, as they are now.
CREATE TABLE history.books AS
    SELECT account.tenant_id, account.role, account.id, account.postings_count, account.balance_minor
    FROM accounts AS account
    JOIN history.tenants AS tenant ON tenant.tenant_id = account.tenant_id AND tenant.currency = account.currency
    WHERE account.owner_id = '00000000-0000-0000-0000-000000000000';

-- One row per tenant and round. The latest rounds, spread over twenty days, are still running; the others ended, with
-- their grace, a day ago or earlier. `resold_before` counts the rounds with a wholesale leg among those before.
CREATE TABLE history.rounds AS
    SELECT tenant.tenant_id, round, is_live, base_ms, step_ms,
           round * resold / rounds > (round - 1) * resold / rounds AND has_float AS is_resold,
           (round - 1) * resold / rounds AS resold_before, round > rounds - remembered AS is_remembered,
           (round - 1) % slots AS slot
    FROM history.tenants AS tenant
    CROSS JOIN history.share
    CROSS JOIN LATERAL generate_series(1, rounds) AS round
    CROSS JOIN LATERAL (
        SELECT EXISTS (SELECT FROM history.books AS b WHERE b.tenant_id = tenant.tenant_id AND b.role = 'float')
               AS has_float, round > rounds - lent AS is_live
    ) AS fact
    CROSS JOIN LATERAL (
        SELECT CASE WHEN is_live THEN 1728000000 / GREATEST(1, lent)
                    ELSE 60480000000 / GREATEST(1, rounds - lent) END AS step_ms
    ) AS pace
    CROSS JOIN LATERAL (
        SELECT CASE WHEN is_live THEN now_ms - (rounds - round + 1) * step_ms
                    ELSE now_ms - 2678400000 - grace_ms - (rounds - lent - round + 1) * step_ms END AS base_ms
    ) AS start;
CREATE UNIQUE INDEX ON history.rounds (tenant_id, round);

-- Every purchase there ever was, in the order of tenant and time.
CREATE VIEW history.purchases AS
    SELECT r.tenant_id, r.round, c.place, c.customer_id, c.principal_id, c.wallet_id, t.currency, t.customers,
           history.id(at_ms, 1, nth) AS order_id, history.id(at_ms, 2, nth) AS subscription_id,
           history.id(t.begin_ms, 3, c.number << 22 | r.slot) AS slot_id,
           history.id(t.begin_ms, 5, t.tenant_id << 16 | ((c.place - 1) * share.slots + r.slot) / 60000) AS gateway_id,
           history.instant(at_ms) AS at, history.instant(at_ms + 2592000000) AS ends_at,
           history.instant(at_ms + 2592000000 + t.grace_ms) AS released_at,
           r.is_live, r.is_resold, r.is_remembered, t.price, CASE WHEN r.is_resold THEN t.wholesale END AS wholesale,
           CASE WHEN r.is_resold THEN t.resold_plan ELSE t.retail_plan END AS plan_id,
           (r.round - 1) * t.customers + c.place AS sale, r.resold_before * t.customers + c.place AS resale,
           c.postings_count + 1 + r.round AS wallet_sequence,
           c.balance_minor + (share.rounds - r.round) * t.price AS wallet_balance
    FROM (SELECT * FROM history.rounds ORDER BY tenant_id, round) AS r
    JOIN history.tenants AS t ON t.tenant_id = r.tenant_id
    CROSS JOIN history.share
    CROSS JOIN LATERAL (
        SELECT * FROM history.customers AS customer WHERE customer.tenant_id = r.tenant_id ORDER BY place
    ) AS c
    CROSS JOIN LATERAL (
        SELECT r.base_ms + c.place * r.step_ms / (t.customers + 1) AS at_ms, (r.round & 65535) << 20 | c.number AS nth
    ) AS moment;

-- Loading is faster without indexes; they are kept here and made again, in their own order.
CREATE TABLE history.indexes (relation regclass, position oid, making text, dropping text);
CREATE PROCEDURE history.drop_indexes(relations regclass[]) LANGUAGE plpgsql AS $$
DECLARE
    kept history.indexes;
BEGIN
    INSERT INTO history.indexes
    SELECT i.indrelid, i.indexrelid,
           CASE WHEN c.conname IS NULL THEN pg_get_indexdef(i.indexrelid)
                ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname,
                            pg_get_constraintdef(c.oid)) END,
           CASE WHEN c.conname IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
                ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname) END
    FROM pg_index AS i LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')
    WHERE i.indrelid = ANY (relations);
    FOR kept IN SELECT * FROM history.indexes WHERE relation = ANY (relations) ORDER BY position LOOP
        EXECUTE kept.dropping;
    END LOOP;
END $$;
CREATE PROCEDURE history.make_indexes(relations regclass[]) LANGUAGE plpgsql AS $$
DECLARE
    kept history.indexes;
BEGIN
    FOR kept IN SELECT * FROM history.indexes WHERE relation = ANY (relations) ORDER BY position LOOP
        EXECUTE kept.making;
    END LOOP;
END $$;

-- What was sold then; nobody can buy it any more.
INSERT INTO plans (tenant_id, id, code, name, product, connection, network_ids, duration_ms, currency, price_minor,
                   wholesale_minor, version, sort_order, active, created_at)
    SELECT tenant_id, plan_id, code, code, product, connection, ARRAY[network_id], 2592000000, currency, price, cost, 1, 1000,
           false, history.instant(begin_ms)
    FROM history.tenants
    CROSS JOIN LATERAL (VALUES (retail_plan, 'history', NULL::bigint), (resold_plan, 'history-resold', wholesale))
        AS plan (plan_id, code, cost);
INSERT INTO plan_versions (tenant_id, plan_id, version, duration_ms, currency, price_minor, wholesale_minor, recorded_at)
    SELECT plan.tenant_id, plan.id, 1, duration_ms, plan.currency, price_minor, wholesale_minor, created_at
    FROM plans AS plan JOIN history.tenants AS t ON t.tenant_id = plan.tenant_id AND plan.id IN (retail_plan, resold_plan);

-- Of a driver that no worker of ours has: it leaves their slots alone.
INSERT INTO gateways (tenant_id, id, name, network_id, host, first_port, last_port, protocols, driver, desired_version,
                      active, created_at)
    SELECT tenant_id, history.id(begin_ms, 5, tenant_id << 16 | n), 'history-' || n, network_id,
           'history-' || tenant_id || '-' || n, 1024, LEAST(61023, 1023 + customers * slots - n * 60000),
           '{http,socks5}', 'sing-box', 1, true, history.instant(begin_ms)
    FROM history.tenants, history.share, generate_series(0, (customers * slots - 1) / 60000) AS n;
INSERT INTO gateway_states (tenant_id, gateway_id, applied_version, observed_at, healthy)
    SELECT tenant_id, id, desired_version, created_at, true FROM gateways WHERE host LIKE 'history-%';
COMMIT;
ANALYZE history.customers, history.tenants, history.share, history.rounds, history.books;
