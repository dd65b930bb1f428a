-- Who works with the books: docs/decisions/0023. People and keys of the platform and of its tenants, and a record of what
-- they changed that nobody can change. What is the platform's own is filed under number 0, which is no tenant's.
ALTER TABLE tenants ADD CONSTRAINT a_tenants_number_is_positive CHECK (id > 0);

-- The role of the admin API. Roles belong to the server: another database may have made it at this very moment.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_admin') THEN
            CREATE ROLE tollgate_admin NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- a neighbour made it between the look and the leap
    END;
    IF NOT pg_has_role(current_user, 'tollgate_admin',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT tollgate_admin TO CURRENT_USER;
    END IF;
END
$$;

CREATE TABLE staff (
    tenant_id bigint NOT NULL,                       -- 0: the platform's
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    session_version bigint NOT NULL DEFAULT 1,       -- sessions that were begun under another are over
    totp_secret bytea,                               -- sealed; NULL: no second factor
    totp_since timestamptz,                          -- NULL beside a secret: not confirmed yet, and not asked for
    totp_step bigint,                                -- of the last code that was accepted; no earlier one is good again
    recovery_digests text[] NOT NULL DEFAULT '{}',   -- of the codes that were not used yet
    created_at timestamptz NOT NULL,
    CONSTRAINT staff_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT staff_email_is_unique_per_tenant UNIQUE (tenant_id, email),
    CONSTRAINT staff_email_is_lower_case CHECK (email = lower(email)),
    CONSTRAINT staff_role_is_known CHECK (role IN ('owner', 'catalogue', 'support', 'finance', 'read_only')),
    CONSTRAINT a_second_factor_has_a_secret CHECK (totp_secret IS NOT NULL OR (totp_since IS NULL AND totp_step IS NULL)),
    CONSTRAINT recovery_codes_are_of_a_second_factor CHECK (totp_since IS NOT NULL OR recovery_digests = '{}')
);

CREATE TABLE admin_keys (
    tenant_id bigint NOT NULL,                       -- 0: the platform's
    id uuid NOT NULL,
    hash bytea NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    hint text NOT NULL,
    allowed_sources cidr[],                          -- NULL: anywhere
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT admin_keys_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT admin_key_is_one_of_its_tenants UNIQUE (tenant_id, hash),
    CONSTRAINT admin_key_hash_is_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT admin_key_role_is_known CHECK (role IN ('owner', 'catalogue', 'support', 'finance', 'read_only'))
);

-- The id is the command's that made the change, and has its time.
CREATE TABLE audit_log (
    tenant_id bigint NOT NULL,                       -- whose thing was changed; 0: the platform's
    id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,                -- by the real clock
    actor_kind text NOT NULL,
    actor_tenant_id bigint,                          -- where a person's or a key's row is; NULL: an operator at a shell
    actor_id uuid,
    actor_name text NOT NULL,
    address text NOT NULL,
    request_id text NOT NULL,
    action text NOT NULL,
    object_kind text NOT NULL,
    object_id text NOT NULL,
    before jsonb,                                    -- what changed, as it was; NULL: it was not there
    after jsonb,                                     -- the same, as it is; NULL: it is there no more
    CONSTRAINT audit_log_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT audit_actor_is_known CHECK (actor_kind IN ('person', 'key', 'operator')),
    CONSTRAINT audit_actor_is_whole CHECK (
        (actor_id IS NULL) = (actor_kind = 'operator') AND (actor_tenant_id IS NULL) = (actor_id IS NULL)),
    CONSTRAINT a_change_is_from_something_or_to_something CHECK (before IS NOT NULL OR after IS NOT NULL)
);
CREATE INDEX audit_log_by_object ON audit_log (tenant_id, object_kind, object_id, id);
CREATE INDEX audit_log_by_actor ON audit_log (tenant_id, actor_id, id) WHERE actor_id IS NOT NULL;

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['staff', 'admin_keys', 'audit_log'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    END LOOP;
    FOREACH tenant_table IN ARRAY ARRAY['staff', 'admin_keys', 'audit_log', 'idempotency_keys'] LOOP
        EXECUTE format(
            'CREATE POLICY only_its_tenant_for_staff ON %I TO tollgate_admin
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO tollgate_admin', tenant_table);
    END LOOP;
END
$$;

-- Nobody is deleted, so that the log can always say who it was; and the log itself is written once.
GRANT UPDATE (name, role, password_hash, active, session_version, totp_secret, totp_since, totp_step, recovery_digests)
    ON staff TO tollgate_admin;
GRANT UPDATE (revoked_at) ON admin_keys TO tollgate_admin;
GRANT SELECT ON tenants TO tollgate_admin;
