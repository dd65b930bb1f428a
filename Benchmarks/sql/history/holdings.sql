-- What was bought: subscriptions, their periods, the slots and to whom they were lent.
SET synchronous_commit = off;
SET maintenance_work_mem = '1GB';
SET max_parallel_maintenance_workers = 0;
SET jit = off;

BEGIN;
CALL history.drop_indexes('{subscriptions,terms,allocations,slots}');

INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, plan_id, dialect, trial, started_at, active_until,
                           next_period)
    SELECT tenant_id, subscription_id, customer_id, order_id, plan_id, 'gate', false, at, ends_at, 1
    FROM history.purchases;
INSERT INTO terms (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor)
    SELECT tenant_id, subscription_id, 0, order_id, at, ends_at, price FROM history.purchases;
INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes, rotation_choices,
                         expires_at, allocated_at, released_at)
    SELECT tenant_id, subscription_id, 1, slot_id, gateway_id, 0, '{0,5,10}', ends_at, at,
           CASE WHEN NOT is_live THEN released_at END
    FROM history.purchases;

-- A slot is lent where its latest round still runs. One that came back is for sale after all that were never lent.
INSERT INTO slots (tenant_id, id, gateway_id, network_id, port, state, rank, username, secret, secret_version,
                   secret_since, revision, state_since)
    SELECT c.tenant_id, history.id(t.begin_ms, 3, c.number << 22 | n),
           history.id(t.begin_ms, 5, c.tenant_id << 16 | nth / 60000), t.network_id, 1024 + nth % 60000, state,
           CASE WHEN state = 'ready' AND round IS NULL THEN nth ELSE changed_ms END,
           'u_' || nth, decode(repeat('5e', 150), 'hex'), 1, history.instant(t.begin_ms), 1, history.instant(changed_ms)
    FROM (SELECT * FROM history.tenants ORDER BY tenant_id) AS t
    CROSS JOIN history.share
    CROSS JOIN LATERAL (SELECT * FROM history.customers AS c WHERE c.tenant_id = t.tenant_id ORDER BY place) AS c
    CROSS JOIN LATERAL generate_series(0, slots - 1) AS n
    CROSS JOIN LATERAL (
        SELECT (c.place - 1) * slots + n AS nth,
               CASE WHEN n < rounds THEN n + 1 + (rounds - n - 1) / slots * slots END AS last_round
    ) AS place
    LEFT JOIN history.rounds AS r ON r.tenant_id = t.tenant_id AND r.round = last_round
    CROSS JOIN LATERAL (
        SELECT CASE WHEN r.is_live THEN 'assigned' ELSE 'ready' END AS state,
               COALESCE(r.base_ms + c.place * r.step_ms / (t.customers + 1)
                        + CASE WHEN r.is_live THEN 0 ELSE 2592000000 + t.grace_ms END, t.begin_ms) AS changed_ms
    ) AS now;

CALL history.make_indexes('{subscriptions,terms,allocations,slots}');
COMMIT;
VACUUM (ANALYZE) subscriptions, terms, allocations, slots;
