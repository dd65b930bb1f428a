CREATE TABLE orders (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    principal_id uuid,               -- the API key or the person that ordered
    dialect text NOT NULL,
    kind text NOT NULL,
    plan_id uuid NOT NULL,
    plan_version integer NOT NULL,
    subscription_id uuid,            -- the one renewed; a purchase's subscriptions name their order instead
    quantity integer NOT NULL,
    repeat_count integer NOT NULL,
    currency text NOT NULL,
    list_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    wholesale_minor bigint,
    coupon_id uuid,
    refunded_minor bigint NOT NULL DEFAULT 0,
    wholesale_refunded_minor bigint NOT NULL DEFAULT 0,
    state text NOT NULL,
    placed_at timestamptz NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT order_kind_is_known CHECK (kind IN ('purchase', 'renewal', 'trial', 'extension', 'usage', 'adjustment')),
    CONSTRAINT order_state_is_known CHECK (state IN ('paid', 'refunded')),
    CONSTRAINT order_counts_are_positive CHECK (quantity > 0 AND repeat_count > 0),
    CONSTRAINT order_total_is_list_less_discount
        CHECK (total_minor = list_minor - discount_minor AND discount_minor >= 0 AND total_minor >= 0),
    CONSTRAINT order_refund_must_not_exceed_its_total CHECK (refunded_minor BETWEEN 0 AND total_minor),
    CONSTRAINT order_wholesale_must_not_be_negative CHECK (wholesale_minor >= 0),
    CONSTRAINT order_wholesale_refund_must_not_exceed_it
        CHECK (wholesale_refunded_minor BETWEEN 0 AND COALESCE(wholesale_minor, 0))
);

CREATE TABLE subscriptions (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    order_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    dialect text NOT NULL,
    trial boolean NOT NULL,
    started_at timestamptz NOT NULL,
    active_until timestamptz NOT NULL,
    next_period integer NOT NULL,
    user_note text,
    ended_at timestamptz,            -- cancelled, refunded or released: nothing renews it any more
    CONSTRAINT subscriptions_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT subscription_ends_after_it_starts CHECK (active_until > started_at)
) WITH (fillfactor = 80);
CREATE INDEX subscriptions_by_customer ON subscriptions (tenant_id, customer_id, id);

-- One paid period [starts_at, ends_at) with its index: the primary key is "one charge per (subscription, period index)".
CREATE TABLE terms (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    period_index integer NOT NULL,
    order_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT one_charge_per_subscription_and_period PRIMARY KEY (tenant_id, subscription_id, period_index),
    CONSTRAINT term_ends_after_it_starts CHECK (ends_at > starts_at),
    CONSTRAINT term_amount_must_not_be_negative CHECK (amount_minor >= 0)
);

CREATE TABLE coupon_redemptions (
    tenant_id bigint NOT NULL,
    order_id uuid NOT NULL,
    coupon_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    state text NOT NULL,
    customer_ordinal integer NOT NULL,   -- this customer's n-th use of the coupon
    customer_limit integer,              -- the limit that held when it was redeemed
    redeemed_at timestamptz NOT NULL,
    released_at timestamptz,
    CONSTRAINT coupon_redemptions_pkey PRIMARY KEY (tenant_id, order_id),
    CONSTRAINT redemption_state_is_known CHECK (state IN ('reserved', 'committed', 'released')),
    CONSTRAINT redemption_amount_must_not_be_negative CHECK (amount_minor >= 0),
    CONSTRAINT redemptions_per_customer_must_not_exceed_their_limit
        CHECK (customer_ordinal > 0 AND (customer_limit IS NULL OR customer_ordinal <= customer_limit))
);
CREATE UNIQUE INDEX redemption_ordinal_is_used_once
    ON coupon_redemptions (tenant_id, coupon_id, customer_id, customer_ordinal) WHERE state <> 'released';

CREATE TABLE trial_grants (
    tenant_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    order_id uuid NOT NULL,
    granted_at timestamptz NOT NULL,
    CONSTRAINT one_trial_per_customer_and_plan PRIMARY KEY (tenant_id, customer_id, plan_id)
);
