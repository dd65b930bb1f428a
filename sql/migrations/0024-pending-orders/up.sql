-- Orders that wait for money: docs/decisions/0018. What is bought in the end is an order of the same id.
CREATE TABLE pending_orders (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    principal_id uuid,
    dialect text NOT NULL,
    plan_id uuid NOT NULL,
    plan_version integer NOT NULL,
    quantity integer NOT NULL,
    repeat_count integer NOT NULL,
    exit_country text,
    exit_rotation text,
    coupon_id uuid,
    currency text NOT NULL,
    list_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    state text NOT NULL,             -- pending | settled | expired | cancelled
    placed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    closed_at timestamptz,           -- when it ceased to wait
    entry_id uuid,                   -- the settlement that settled it, or last found that it could not be bought
    reason text,                     -- why it was not bought, for what came last; a refusal's reason, or the operator's
    CONSTRAINT pending_orders_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT pending_order_counts_are_positive CHECK (quantity > 0 AND repeat_count > 0),
    CONSTRAINT pending_order_waits_for_list_less_discount
        CHECK (total_minor = list_minor - discount_minor AND discount_minor >= 0 AND total_minor > 0),
    CONSTRAINT pending_order_exit_is_whole CHECK ((exit_country IS NULL) = (exit_rotation IS NULL)),
    CONSTRAINT pending_order_state_is_known CHECK (state IN ('pending', 'settled', 'expired', 'cancelled')),
    CONSTRAINT pending_order_expires_after_it_was_placed CHECK (expires_at > placed_at),
    CONSTRAINT what_does_not_wait_has_ceased_to CHECK ((state = 'pending') = (closed_at IS NULL)),
    CONSTRAINT what_is_settled_names_its_settlement CHECK (state <> 'settled' OR (entry_id IS NOT NULL AND reason IS NULL)),
    CONSTRAINT what_is_cancelled_says_why CHECK (state <> 'cancelled' OR reason IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX pending_orders_due ON pending_orders (tenant_id, expires_at, id) WHERE state = 'pending';
CREATE INDEX pending_orders_waiting ON pending_orders (tenant_id, customer_id) WHERE state = 'pending';

-- A use that was reserved by an order which nobody paid in time.
ALTER TABLE coupon_redemptions
    DROP CONSTRAINT a_release_has_its_reason,
    ADD CONSTRAINT a_release_has_its_reason CHECK (
        (state = 'released') = (released_reason IS NOT NULL)
        AND released_reason IN ('refunded', 'cancelled', 'undeliverable', 'expired'));

ALTER TABLE pending_orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_its_tenant ON pending_orders TO tollgate_door
    USING (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint);
CREATE POLICY every_tenant ON pending_orders TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON pending_orders TO tollgate_job USING (true) WITH CHECK (true);

GRANT SELECT ON pending_orders TO tollgate_door, tollgate_engine, tollgate_worker, tollgate_job;
GRANT INSERT, UPDATE (state, closed_at, entry_id, reason) ON pending_orders TO tollgate_engine;
