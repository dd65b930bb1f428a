-- What groups of customers pay: docs/decisions/0026.
CREATE TABLE customer_groups (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT customer_groups_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT customer_group_code_is_unique_per_tenant UNIQUE (tenant_id, code)
);

-- Every price that a group ever had of a plan; the last version counts, and orders name the one they were priced with.
CREATE TABLE group_prices (
    tenant_id bigint NOT NULL,
    group_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    currency text NOT NULL,
    price_minor bigint,              -- NULL: none of its own any more; the plan's counts again
    recorded_at timestamptz NOT NULL,
    CONSTRAINT group_prices_pkey PRIMARY KEY (tenant_id, group_id, plan_id, version),
    CONSTRAINT group_price_versions_begin_at_one CHECK (version > 0),
    CONSTRAINT group_price_must_not_be_negative CHECK (price_minor >= 0)
);

ALTER TABLE customers ADD COLUMN group_id uuid;
CREATE INDEX customers_of_a_group ON customers (tenant_id, group_id, id) WHERE group_id IS NOT NULL;

ALTER TABLE orders
    ADD COLUMN group_id uuid,        -- whose price list priced it; NULL: the plan's own price
    ADD COLUMN group_price_version integer,
    ADD CONSTRAINT order_names_its_whole_price CHECK ((group_id IS NULL) = (group_price_version IS NULL));

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['customer_groups', 'group_prices'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format(
            'CREATE POLICY only_its_tenant ON %I TO tollgate_door, tollgate_admin
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format(
            'CREATE POLICY every_tenant ON %I TO tollgate_engine, tollgate_job USING (true) WITH CHECK (true)', tenant_table);
        EXECUTE format(
            'CREATE POLICY its_tenant_and_sandbox ON %I TO tollgate_catalogue
                 USING (tenant_id IN (
                     SELECT id FROM tenants
                     WHERE NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint IN (id, sandbox_of)))
                 WITH CHECK (tenant_id IN (
                     SELECT id FROM tenants
                     WHERE NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint IN (id, sandbox_of)))',
            tenant_table);
        EXECUTE format('GRANT SELECT ON %I TO tollgate_door, tollgate_engine, tollgate_job, tollgate_admin', tenant_table);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO tollgate_catalogue', tenant_table);
    END LOOP;
END
$$;

-- What a group once paid is never rewritten.
GRANT UPDATE (name, active) ON customer_groups TO tollgate_catalogue;
GRANT UPDATE (group_id) ON customers TO tollgate_admin;
