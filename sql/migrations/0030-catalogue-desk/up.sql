-- The catalogue through the admin API: docs/decisions/0023. What `tollgate apply` does as the owner, staff do as a role that
-- may do no more than that, to one tenant and the sandbox that follows it.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_catalogue') THEN
            CREATE ROLE tollgate_catalogue NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- a neighbour made it between the look and the leap
    END;
    IF NOT pg_has_role(current_user, 'tollgate_catalogue',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT tollgate_catalogue TO CURRENT_USER;
    END IF;
END
$$;

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['networks', 'gateways', 'plans', 'plan_versions', 'coupons', 'accounts'] LOOP
        EXECUTE format(
            'CREATE POLICY its_tenant_and_sandbox ON %I TO tollgate_catalogue
                 USING (tenant_id IN (
                     SELECT id FROM tenants
                     WHERE NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint IN (id, sandbox_of)))
                 WITH CHECK (tenant_id IN (
                     SELECT id FROM tenants
                     WHERE NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint IN (id, sandbox_of)))',
            tenant_table);
    END LOOP;
    FOREACH tenant_table IN ARRAY ARRAY['audit_log', 'idempotency_keys'] LOOP
        EXECUTE format(
            'CREATE POLICY only_its_tenant_for_the_catalogue ON %I TO tollgate_catalogue
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO tollgate_catalogue', tenant_table);
    END LOOP;
    -- One port of one host is bound once, whoever asks: that somebody has it must be seen, and until when.
    FOREACH tenant_table IN ARRAY ARRAY['gateways', 'slots'] LOOP
        EXECUTE format(
            'CREATE POLICY ports_are_bound_once ON %I FOR SELECT TO tollgate_catalogue USING (true)', tenant_table);
    END LOOP;
END
$$;

GRANT SELECT (tenant_id, gateway_id, state) ON slots TO tollgate_catalogue;
GRANT SELECT (tenant_id, role, currency, floor_minor) ON accounts TO tollgate_catalogue;
GRANT SELECT, INSERT ON networks, gateways, plans, plan_versions, coupons, hosts TO tollgate_catalogue;
-- Whole, and not by column: whoever writes a catalogue makes the others wait by a lock on this table, which takes that.
GRANT SELECT, UPDATE ON tenants TO tollgate_catalogue;
GRANT INSERT (id, slug, name, currency, timezone, grace_ms, active, sandbox_of, created_at) ON tenants
    TO tollgate_catalogue;
GRANT DELETE, UPDATE (dialect) ON hosts TO tollgate_catalogue;
GRANT UPDATE (city, country, type, exit_class, asn, asn_org, low_stock, active) ON networks TO tollgate_catalogue;
GRANT UPDATE (host, first_port, last_port, shared_port, protocols, vless_port, shadowsocks_port, driver, active,
              desired_version) ON gateways TO tollgate_catalogue;
GRANT UPDATE (name, product, connection, duration_ms, duration_months, currency, price_minor, wholesale_minor, popular,
              rotation_minutes, threads, exits, exit_rotations, trial_ms, sells_in, attributes, version, sort_order, active,
              auto_renew) ON plans TO tollgate_catalogue;
-- What redemptions count and come to is the engine's.
GRANT UPDATE (percent_bps, amount_minor, min_amount_minor, max_redemptions, per_customer, plan_ids, applies_to, starts_at,
              ends_at, active, max_discount_minor, budget_minor, first_order, customers, renewals)
    ON coupons TO tollgate_catalogue;
