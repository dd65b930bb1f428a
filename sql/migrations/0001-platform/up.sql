-- Roles: each has no more than it needs (grants are in 0008). They belong to the server, not to the database,
-- so another database on the same server may have made them already, perhaps at this very moment.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['tollgate_door', 'tollgate_engine', 'tollgate_worker'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- a neighbour made it between the look and the leap
        END;
        -- We work under these roles by SET ROLE, which takes membership unless one is a superuser.
        IF NOT pg_has_role(current_user, wanted,
                           CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
        THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
END
$$;

-- A reference table (scale.md rule 2): the same on every node, holds no balances.
CREATE TABLE currencies (
    code text NOT NULL,
    scale smallint NOT NULL,
    CONSTRAINT currencies_pkey PRIMARY KEY (code),
    CONSTRAINT currency_code_is_three_capitals CHECK (code ~ '^[A-Z]{3}$'),
    CONSTRAINT currency_scale_is_of_iso_4217 CHECK (scale IN (0, 2, 3, 4))
);
