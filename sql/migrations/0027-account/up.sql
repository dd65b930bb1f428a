-- The account API: docs/decisions/0025. What people change of themselves and of what their customer holds.

-- The role of the account API's writes. Roles belong to the server: another database may have made it at this very moment.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_account') THEN
            CREATE ROLE tollgate_account NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- a neighbour made it between the look and the leap
    END;
    IF NOT pg_has_role(current_user, 'tollgate_account',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT tollgate_account TO CURRENT_USER;
    END IF;
END
$$;

ALTER TABLE customer_users
    ADD COLUMN session_version integer NOT NULL DEFAULT 0,   -- tokens of another version are over
    ADD COLUMN applied_password_hash text,                   -- the catalogue file's, once the person has another; NULL: the same
    ADD COLUMN totp_secret bytea,                            -- sealed
    ADD COLUMN totp_confirmed_at timestamptz,                -- since when codes are asked for; NULL: the secret waits for its first
    ADD COLUMN totp_last_step bigint,                        -- of the last code that was accepted: none from before is again
    ADD CONSTRAINT session_versions_count_up CHECK (session_version >= 0),
    ADD CONSTRAINT codes_are_asked_for_with_a_secret CHECK (totp_confirmed_at IS NULL OR totp_secret IS NOT NULL),
    ADD CONSTRAINT a_confirmed_secret_has_its_last_code CHECK ((totp_confirmed_at IS NULL) = (totp_last_step IS NULL));

-- Each opens a person's account once, in place of a code.
CREATE TABLE customer_recovery_codes (
    tenant_id bigint NOT NULL,
    user_id uuid NOT NULL,
    digest bytea NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT customer_recovery_codes_pkey PRIMARY KEY (tenant_id, user_id, digest),
    CONSTRAINT recovery_code_digest_is_sha256 CHECK (octet_length(digest) = 32)
);

ALTER TABLE api_keys
    ADD COLUMN label text,                                   -- the customer's own name for it
    ADD COLUMN made_by uuid,                                 -- the person; NULL: an operator
    ADD CONSTRAINT api_key_label_is_short CHECK (char_length(label) BETWEEN 1 AND 80);

-- Partial, though every key has a customer: who looks for a key by its id must not read a tenant's through this one.
CREATE INDEX api_keys_by_customer ON api_keys (tenant_id, customer_id, id) WHERE customer_id IS NOT NULL;

ALTER TABLE subscriptions ADD CONSTRAINT customers_note_is_short CHECK (char_length(user_note) BETWEEN 1 AND 500);

ALTER TABLE customer_recovery_codes ENABLE ROW LEVEL SECURITY;
-- A key is looked up before anybody knows whose it is, so who reads them sees all; who makes them sees one tenant's.
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY whosever_it_is ON api_keys TO tollgate_door, tollgate_recorder USING (true) WITH CHECK (true);

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'customers', 'customer_users', 'customer_recovery_codes', 'api_keys', 'subscriptions', 'terms', 'outbox_events',
        'idempotency_keys'
    ] LOOP
        EXECUTE format(
            'CREATE POLICY only_its_tenant_for_accounts ON %I TO tollgate_account
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format('GRANT SELECT ON %I TO tollgate_account', tenant_table);
    END LOOP;
END
$$;

-- No money, no rights: who may do what, and what a key may do, is as it was made.
GRANT SELECT ON tenants TO tollgate_account;
GRANT UPDATE (password_hash, applied_password_hash, session_version, totp_secret, totp_confirmed_at, totp_last_step)
    ON customer_users TO tollgate_account;
GRANT INSERT, DELETE, UPDATE (used_at) ON customer_recovery_codes TO tollgate_account;
GRANT INSERT, UPDATE (revoked_at) ON api_keys TO tollgate_account;
GRANT UPDATE (user_note, renews_at, tried_on, tries, auto_renewals, parked_at, parked_reason) ON subscriptions
    TO tollgate_account;
GRANT INSERT ON outbox_events, idempotency_keys TO tollgate_account;
