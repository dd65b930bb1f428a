-- Row-level security on every tenant table. The doors' role sees one tenant, named by `SET LOCAL tollgate.tenant`;
-- with no tenant set the expression is NULL and there are no rows. The engine and the worker serve all tenants in one
-- transaction and get a policy of their own; the owner (migrations, apply, verify) is not bound by policies.
DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'customers', 'customer_users', 'networks', 'plans', 'plan_versions', 'coupons', 'accounts', 'journal_entries',
        'transfers', 'orders', 'subscriptions', 'terms', 'coupon_redemptions', 'trial_grants', 'gateways',
        'gateway_states', 'slots', 'credential_history', 'allocations', 'idempotency_keys', 'outbox_events'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format(
            'CREATE POLICY only_its_tenant ON %I TO tollgate_door
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format('CREATE POLICY every_tenant ON %I TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true)', tenant_table);
        EXECUTE format('GRANT SELECT ON %I TO tollgate_door', tenant_table);
        -- Who may sign in, and with what, is the doors' matter alone.
        IF tenant_table <> 'customer_users' THEN
            EXECUTE format('GRANT SELECT ON %I TO tollgate_engine, tollgate_worker', tenant_table);
        END IF;
    END LOOP;
END
$$;

GRANT SELECT ON currencies, tenants, hosts, postings TO tollgate_door, tollgate_engine, tollgate_worker;
GRANT SELECT ON api_keys TO tollgate_door;

-- UPDATE is granted by column. A row lock (FOR UPDATE) takes the right to one column, whichever it is.

-- The engine: the only writer of the ledger. No DELETE anywhere; posted rows cannot even be updated.
GRANT INSERT ON journal_entries, transfers, terms, trial_grants, outbox_events, idempotency_keys TO tollgate_engine;
GRANT INSERT ON orders, subscriptions, coupon_redemptions, allocations TO tollgate_engine;
GRANT UPDATE (balance_minor, postings_count) ON accounts TO tollgate_engine;
GRANT UPDATE (redeemed_count) ON coupons TO tollgate_engine;
GRANT UPDATE (refunded_minor, wholesale_refunded_minor, state) ON orders TO tollgate_engine;
GRANT UPDATE (state, released_at) ON coupon_redemptions TO tollgate_engine;
GRANT UPDATE (plan_id, active_until, next_period, ended_at) ON subscriptions TO tollgate_engine;
GRANT UPDATE (expires_at, released_at) ON allocations TO tollgate_engine;
GRANT UPDATE (state, state_since, revision, rank) ON slots TO tollgate_engine;
GRANT UPDATE (desired_version) ON gateways TO tollgate_engine;

-- The doors: what a customer changes without money moving. How long an allocation lives is not among it.
GRANT INSERT ON allocations, credential_history, idempotency_keys, outbox_events TO tollgate_door;
GRANT UPDATE (slot_id, gateway_id, sequence, allocated_at, rotation_minutes, rotates_at, rotated_at) ON allocations
    TO tollgate_door;
GRANT UPDATE (username, secret, secret_version, secret_since, state, state_since, revision, rank) ON slots
    TO tollgate_door;
GRANT UPDATE (desired_version) ON gateways TO tollgate_door;

-- The worker: slots and their life.
GRANT INSERT, UPDATE ON slots, gateway_states TO tollgate_worker;
GRANT INSERT ON credential_history, outbox_events TO tollgate_worker;
GRANT UPDATE (released_at, rotated_at, rotates_at) ON allocations TO tollgate_worker;
GRANT UPDATE (desired_version) ON gateways TO tollgate_worker;
