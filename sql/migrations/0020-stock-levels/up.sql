-- How few ready ports of a network are few enough to tell of: docs/jobs.md, `slots`.
ALTER TABLE networks
    ADD COLUMN low_stock integer,    -- NULL: a tenth of what its gateways offer
    ADD CONSTRAINT network_low_stock_must_not_be_negative CHECK (low_stock >= 0);

-- How well a network is stocked, as it was last told of; a network without a row was never short.
CREATE TABLE stock_levels (
    tenant_id bigint NOT NULL,
    network_id uuid NOT NULL,
    level text NOT NULL,             -- enough | low | exhausted
    crossing bigint NOT NULL,        -- how often it has become short
    changed_at timestamptz NOT NULL,
    CONSTRAINT stock_levels_pkey PRIMARY KEY (tenant_id, network_id),
    CONSTRAINT stock_level_is_known CHECK (level IN ('enough', 'low', 'exhausted')),
    CONSTRAINT what_is_short_has_become_so CHECK (crossing >= 0 AND (crossing > 0 OR level = 'enough'))
);

ALTER TABLE stock_levels ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_its_tenant ON stock_levels TO tollgate_door
    USING (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint);
CREATE POLICY every_tenant ON stock_levels TO tollgate_worker USING (true) WITH CHECK (true);

GRANT SELECT ON stock_levels TO tollgate_door, tollgate_worker;
GRANT INSERT, UPDATE (level, crossing, changed_at) ON stock_levels TO tollgate_worker;
