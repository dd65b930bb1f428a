-- What more a coupon can say: the most that a percentage takes off, a budget of money, whose it is, a customer's first
-- order only, and renewals that it discounts by itself.
ALTER TABLE coupons
    ADD COLUMN max_discount_minor bigint,
    ADD COLUMN budget_minor bigint,
    ADD COLUMN discounted_minor bigint NOT NULL DEFAULT 0,   -- what its redemptions that stand took off
    ADD COLUMN first_order boolean NOT NULL DEFAULT false,
    ADD COLUMN customers text[],                             -- addresses in lower case; NULL: anybody
    ADD COLUMN renewals integer,                             -- NULL: none
    ADD CONSTRAINT coupon_greatest_discount_is_of_a_percentage
        CHECK (max_discount_minor IS NULL OR (percent_bps IS NOT NULL AND max_discount_minor > 0)),
    ADD CONSTRAINT coupon_budget_is_positive CHECK (budget_minor > 0),
    ADD CONSTRAINT coupon_customers_are_some_and_not_too_many CHECK (cardinality(customers) BETWEEN 1 AND 1000),
    ADD CONSTRAINT coupon_promises_some_renewals_or_none CHECK (renewals BETWEEN 1 AND 1200);

UPDATE coupons SET discounted_minor = (
    SELECT coalesce(sum(amount_minor), 0) FROM coupon_redemptions r
    WHERE r.tenant_id = coupons.tenant_id AND r.coupon_id = coupons.id AND r.state <> 'released'
);

ALTER TABLE coupons
    ADD CONSTRAINT coupon_discounts_must_not_exceed_their_budget
        CHECK (discounted_minor >= 0 AND (budget_minor IS NULL OR discounted_minor <= budget_minor));

-- What a coupon's use at a purchase promises to each subscription that it made: so many discounted renewals. A promise
-- never changes its coupon; it counts down, and ends for a reason.
CREATE TABLE coupon_promises (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    coupon_id uuid NOT NULL,
    renewals integer NOT NULL,
    renewals_left integer NOT NULL,
    promised_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_reason text,               -- kept | budget_exhausted | order_refunded
    CONSTRAINT coupon_promises_pkey PRIMARY KEY (tenant_id, subscription_id),
    CONSTRAINT a_promise_counts_down_its_renewals CHECK (renewals > 0 AND renewals_left BETWEEN 0 AND renewals),
    CONSTRAINT a_promise_of_no_more_renewals_has_ended CHECK (renewals_left > 0 OR ended_at IS NOT NULL),
    CONSTRAINT a_promise_ends_for_a_reason CHECK ((ended_at IS NULL) = (ended_reason IS NULL)),
    CONSTRAINT promise_end_is_known CHECK (ended_reason IN ('kept', 'budget_exhausted', 'order_refunded')),
    CONSTRAINT a_promise_is_kept_to_the_last CHECK (ended_reason <> 'kept' OR renewals_left = 0)
) WITH (fillfactor = 70);

-- A redemption is a use of its own, with a number among its customer's, or a renewal that an earlier use promised.
ALTER TABLE coupon_redemptions
    ALTER COLUMN customer_ordinal DROP NOT NULL,
    ADD COLUMN subscription_id uuid,          -- of a promised renewal: whose
    ADD COLUMN renewal_number integer,        -- and the how manyeth of those promised
    ADD COLUMN first_order boolean NOT NULL DEFAULT false,   -- the coupon was for a first order only
    ADD COLUMN released_reason text,          -- refunded | cancelled | undeliverable
    ADD CONSTRAINT redemption_is_a_use_or_a_promised_renewal CHECK (
        (customer_ordinal IS NULL) = (renewal_number IS NOT NULL)
        AND (subscription_id IS NULL) = (renewal_number IS NULL)),
    ADD CONSTRAINT a_promised_renewal_is_no_first_order CHECK (renewal_number IS NULL OR NOT first_order),
    ADD CONSTRAINT promised_renewals_count_from_one CHECK (renewal_number > 0);

UPDATE coupon_redemptions SET released_reason = 'refunded' WHERE state = 'released';

ALTER TABLE coupon_redemptions
    ADD CONSTRAINT a_release_has_its_reason CHECK (
        (state = 'released') = (released_reason IS NOT NULL)
        AND released_reason IN ('refunded', 'cancelled', 'undeliverable'));

-- A promised renewal that was refunded has been one all the same: its number does not come back.
CREATE UNIQUE INDEX a_promised_renewal_is_discounted_once
    ON coupon_redemptions (tenant_id, subscription_id, renewal_number) WHERE renewal_number IS NOT NULL;
CREATE UNIQUE INDEX a_customer_has_one_first_order
    ON coupon_redemptions (tenant_id, customer_id) WHERE first_order AND state <> 'released';

ALTER TABLE coupon_promises ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_its_tenant ON coupon_promises TO tollgate_door
    USING (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint);
CREATE POLICY every_tenant ON coupon_promises TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);

GRANT SELECT ON coupon_promises TO tollgate_door, tollgate_engine, tollgate_worker;
GRANT INSERT, UPDATE (renewals_left, ended_at, ended_reason) ON coupon_promises TO tollgate_engine;
GRANT UPDATE (discounted_minor) ON coupons TO tollgate_engine;
GRANT UPDATE (released_reason) ON coupon_redemptions TO tollgate_engine;
