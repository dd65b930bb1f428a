CREATE TABLE networks (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    type text NOT NULL,
    exit_class text NOT NULL,
    asn text,
    asn_org text,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT networks_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT network_code_is_unique_per_tenant UNIQUE (tenant_id, code),
    CONSTRAINT network_country_is_two_capitals CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT network_type_is_known CHECK (type IN ('mobile', 'residential', 'isp', 'datacenter'))
);

CREATE TABLE plans (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    product text NOT NULL,
    connection text,                 -- private | shared, for products that lend ports
    network_id uuid,                 -- where a single-network product takes its slots from
    gateway_id uuid,                 -- a shared gateway, for products that share one port
    duration_ms bigint,
    currency text NOT NULL,
    price_minor bigint,              -- NULL: priced on request, not sold by machine
    wholesale_minor bigint,
    popular boolean NOT NULL DEFAULT false,
    rotation_minutes integer[] NOT NULL DEFAULT '{}',
    trial_ms bigint,
    sells_in text[] NOT NULL DEFAULT '{}',
    attributes jsonb NOT NULL DEFAULT '{}',  -- what only one product has: threads, bandwidth_gb, limits, features, ...
    version integer NOT NULL,
    sort_order integer NOT NULL,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT plans_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT plan_code_is_unique_per_tenant UNIQUE (tenant_id, code),
    CONSTRAINT plan_price_must_not_be_negative CHECK (price_minor >= 0),
    CONSTRAINT plan_wholesale_price_must_not_be_negative CHECK (wholesale_minor >= 0),
    CONSTRAINT plan_duration_is_positive CHECK (duration_ms > 0),
    CONSTRAINT plan_trial_is_positive CHECK (trial_ms > 0),
    CONSTRAINT plan_connection_is_known CHECK (connection IN ('private', 'shared'))
);

-- Every set of terms a plan was ever sold under; orders name the version they were priced with.
CREATE TABLE plan_versions (
    tenant_id bigint NOT NULL,
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    duration_ms bigint,
    currency text NOT NULL,
    price_minor bigint,
    wholesale_minor bigint,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT plan_versions_pkey PRIMARY KEY (tenant_id, plan_id, version)
);

CREATE TABLE coupons (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    percent_bps integer,
    amount_minor bigint,
    currency text NOT NULL,
    min_amount_minor bigint,
    max_redemptions integer,
    per_customer integer,
    plan_ids uuid[],                 -- NULL: any plan
    applies_to text[],               -- NULL: any kind of order
    starts_at timestamptz,
    ends_at timestamptz,
    redeemed_count integer NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT coupons_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT coupon_code_is_unique_per_tenant UNIQUE (tenant_id, code),
    CONSTRAINT coupon_takes_a_percentage_or_an_amount CHECK ((percent_bps IS NULL) <> (amount_minor IS NULL)),
    CONSTRAINT coupon_percentage_is_within_bounds CHECK (percent_bps BETWEEN 1 AND 10000),
    CONSTRAINT coupon_amount_is_positive CHECK (amount_minor > 0),
    CONSTRAINT coupon_redemptions_must_not_exceed_their_limit
        CHECK (redeemed_count >= 0 AND (max_redemptions IS NULL OR redeemed_count <= max_redemptions))
) WITH (fillfactor = 50);
