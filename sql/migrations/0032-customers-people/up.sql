-- Staff let people sign in for a customer, change what they may do, and help who is locked out (docs/admin.md): no more than
-- their tenant's.
DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['customer_users', 'customer_recovery_codes'] LOOP
        EXECUTE format(
            'CREATE POLICY only_its_tenant_for_staff ON %I TO tollgate_admin
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
    END LOOP;
END
$$;

-- The secrets of their apps are nobody's to see, nor are the codes; turned off, they open nothing any more.
GRANT SELECT (tenant_id, id, customer_id, username, email, password_hash, role, active, created_at, session_version,
              applied_password_hash, totp_confirmed_at) ON customer_users TO tollgate_admin;
GRANT INSERT, UPDATE (email, role, active, password_hash, applied_password_hash, session_version, totp_secret,
                      totp_confirmed_at, totp_last_step) ON customer_users TO tollgate_admin;
GRANT SELECT (tenant_id, user_id), DELETE ON customer_recovery_codes TO tollgate_admin;
