-- The sandbox of a tenant is a tenant of its own that mirrors its catalogue: docs/decisions/0020. Its clock can be moved
-- ahead of the real one, and never back; every other tenant's stands at zero.
ALTER TABLE tenants
    ADD COLUMN sandbox_of bigint,
    ADD COLUMN clock_ahead_ms bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT a_tenant_has_one_sandbox UNIQUE (sandbox_of),
    ADD CONSTRAINT a_sandbox_is_not_its_own CHECK (sandbox_of <> id),
    ADD CONSTRAINT a_sandbox_is_named_as_one CHECK (sandbox_of IS NULL OR slug LIKE '%-sandbox'),
    ADD CONSTRAINT only_the_clock_of_a_sandbox_moves CHECK (clock_ahead_ms = 0 OR sandbox_of IS NOT NULL),
    ADD CONSTRAINT a_clock_is_at_most_a_century_ahead CHECK (clock_ahead_ms BETWEEN 0 AND 3153600000000);

-- Who moved a sandbox's clock, when, and how far. Each move begins where the one before it ended.
CREATE TABLE clock_moves (
    tenant_id bigint NOT NULL,
    ahead_before_ms bigint NOT NULL,
    ahead_after_ms bigint NOT NULL,
    actor text NOT NULL,
    moved_at timestamptz NOT NULL,   -- by the real clock
    CONSTRAINT clock_moves_pkey PRIMARY KEY (tenant_id, ahead_before_ms),
    CONSTRAINT a_clock_only_moves_ahead CHECK (ahead_before_ms >= 0 AND ahead_after_ms > ahead_before_ms)
);
ALTER TABLE clock_moves ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_its_tenant ON clock_moves TO tollgate_door
    USING (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint);
GRANT SELECT ON clock_moves TO tollgate_door;
