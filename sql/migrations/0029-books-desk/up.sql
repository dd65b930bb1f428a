-- What staff change of those who buy (docs/decisions/0023): no money, which goes through the engine's rights, but how far a
-- wallet may go below zero, and how what was bought renews itself. What they only look at they look at with the doors'.
DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'customers', 'api_keys', 'accounts', 'subscriptions', 'terms', 'outbox_events'
    ] LOOP
        EXECUTE format(
            'CREATE POLICY only_its_tenant_for_staff ON %I TO tollgate_admin
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
    END LOOP;
END
$$;

GRANT SELECT ON customers, api_keys, accounts, subscriptions, terms TO tollgate_admin;
GRANT INSERT ON customers, api_keys, accounts, outbox_events TO tollgate_admin;
GRANT UPDATE (username, active) ON customers TO tollgate_admin;
GRANT UPDATE (revoked_at) ON api_keys TO tollgate_admin;
GRANT UPDATE (floor_minor) ON accounts TO tollgate_admin;
GRANT UPDATE (renews_at, tried_on, tries, auto_renewals, parked_at, parked_reason, user_note) ON subscriptions
    TO tollgate_admin;
GRANT INSERT ON job_runs TO tollgate_admin;
