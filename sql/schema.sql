-- Written by `make schema` from sql/migrations: today's whole schema, to be read.
CREATE FUNCTION public.drop_request_log_day(before date) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET lock_timeout TO '1s'
    AS $$
DECLARE
    leaf text;
BEGIN
    LOCK TABLE request_log IN SHARE UPDATE EXCLUSIVE MODE;
    SELECT c.relname INTO leaf
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'request_log'::regclass AND c.relname < 'request_log_' || to_char(before, 'YYYYMMDD')
    ORDER BY c.relname LIMIT 1;
    IF leaf IS NOT NULL THEN
        EXECUTE format('DROP TABLE %I', leaf);
    END IF;
    RETURN leaf;
END
$$;
CREATE FUNCTION public.make_request_log_day(day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET lock_timeout TO '1s'
    AS $$
DECLARE
    leaf text := 'request_log_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass(leaf) IS NOT NULL THEN
        RETURN;
    END IF;
    -- A lock of the table's own, for an advisory one would leave what was looked up above as it was remembered.
    LOCK TABLE request_log IN SHARE UPDATE EXCLUSIVE MODE;
    IF to_regclass(leaf) IS NOT NULL THEN
        RETURN; -- a neighbour made it meanwhile
    END IF;
    -- Made apart and then attached: that holds up no reader, as CREATE TABLE ... PARTITION OF would.
    EXECUTE format('CREATE TABLE %I (LIKE request_log INCLUDING CONSTRAINTS INCLUDING INDEXES)', leaf);
    EXECUTE format('ALTER TABLE request_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', leaf,
                   day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
    EXECUTE format('GRANT INSERT ON %I TO tollgate_recorder', leaf);
END
$$;

CREATE TABLE public.accounts (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    role text NOT NULL,
    currency text NOT NULL,
    normal_side text NOT NULL,
    balance_minor bigint DEFAULT 0 NOT NULL,
    floor_minor bigint,
    postings_count bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT account_balance_must_not_fall_below_its_floor CHECK (((floor_minor IS NULL) OR (balance_minor >= floor_minor))),
    CONSTRAINT account_normal_side_is_debit_or_credit CHECK ((normal_side = ANY (ARRAY['debit'::text, 'credit'::text]))),
    CONSTRAINT account_role_is_in_the_chart CHECK ((role = ANY (ARRAY['wallet'::text, 'revenue'::text, 'outside'::text, 'adjustments'::text, 'receivable'::text, 'refunds_due'::text, 'float'::text, 'platform_revenue'::text, 'platform_outside'::text])))
)
WITH (fillfactor='50');

CREATE TABLE public.admin_keys (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    hash bytea NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    hint text NOT NULL,
    allowed_sources cidr[],
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT admin_key_hash_is_sha256 CHECK ((octet_length(hash) = 32)),
    CONSTRAINT admin_key_role_is_known CHECK ((role = ANY (ARRAY['owner'::text, 'catalogue'::text, 'support'::text, 'finance'::text, 'read_only'::text])))
);

CREATE TABLE public.allocations (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    sequence integer NOT NULL,
    slot_id uuid NOT NULL,
    gateway_id uuid NOT NULL,
    rotation_minutes integer NOT NULL,
    rotation_choices integer[] NOT NULL,
    rotated_at timestamp with time zone,
    rotates_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    allocated_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    CONSTRAINT rotation_minutes_must_not_be_negative CHECK ((rotation_minutes >= 0))
)
WITH (fillfactor='80');

CREATE TABLE public.allowlist_entries (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    "position" integer NOT NULL,
    address text NOT NULL,
    label text,
    CONSTRAINT allowlist_address_is_ipv4 CHECK ((address ~ '^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$'::text)),
    CONSTRAINT allowlist_label_is_short_text CHECK ((((char_length(label) >= 1) AND (char_length(label) <= 80)) AND (label !~ '[\x01-\x1f\x7f]'::text))),
    CONSTRAINT allowlist_positions_count_from_one CHECK (("position" > 0))
);

CREATE TABLE public.api_keys (
    hash bytea NOT NULL,
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    dialect text NOT NULL,
    hint text NOT NULL,
    trials boolean DEFAULT false NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    rate_limit text,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    allowed_sources cidr[],
    label text,
    made_by uuid,
    CONSTRAINT api_key_allow_list_has_no_gaps CHECK ((array_position(allowed_sources, NULL::cidr) IS NULL)),
    CONSTRAINT api_key_allow_list_is_not_empty CHECK (((cardinality(allowed_sources) >= 1) AND (cardinality(allowed_sources) <= 100))),
    CONSTRAINT api_key_dialect_is_known CHECK ((dialect = ANY (ARRAY['gate'::text, 'opproxy'::text, 'proxaro'::text, 'octoprox'::text, 'marchproxy'::text]))),
    CONSTRAINT api_key_hash_is_sha256 CHECK ((octet_length(hash) = 32)),
    CONSTRAINT api_key_label_is_short CHECK (((char_length(label) >= 1) AND (char_length(label) <= 80)))
);

CREATE TABLE public.audit_log (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor_kind text NOT NULL,
    actor_tenant_id bigint,
    actor_id uuid,
    actor_name text NOT NULL,
    address text NOT NULL,
    request_id text NOT NULL,
    action text NOT NULL,
    object_kind text NOT NULL,
    object_id text NOT NULL,
    before jsonb,
    after jsonb,
    CONSTRAINT a_change_is_from_something_or_to_something CHECK (((before IS NOT NULL) OR (after IS NOT NULL))),
    CONSTRAINT audit_actor_is_known CHECK ((actor_kind = ANY (ARRAY['person'::text, 'key'::text, 'operator'::text]))),
    CONSTRAINT audit_actor_is_whole CHECK ((((actor_id IS NULL) = (actor_kind = 'operator'::text)) AND ((actor_tenant_id IS NULL) = (actor_id IS NULL))))
);

CREATE TABLE public.auto_top_ups (
    tenant_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    currency text NOT NULL,
    threshold_minor bigint NOT NULL,
    amount_minor bigint NOT NULL,
    per_day integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    parked_at timestamp with time zone,
    parked_reason text,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT a_parked_auto_top_up_says_why CHECK (((parked_at IS NULL) = (parked_reason IS NULL))),
    CONSTRAINT auto_top_up_amount_is_positive CHECK ((amount_minor > 0)),
    CONSTRAINT auto_top_up_threshold_must_not_be_negative CHECK ((threshold_minor >= 0)),
    CONSTRAINT auto_top_ups_a_day_are_bounded CHECK (((per_day >= 1) AND (per_day <= 24)))
)
WITH (fillfactor='80');

CREATE TABLE public.clock_moves (
    tenant_id bigint NOT NULL,
    ahead_before_ms bigint NOT NULL,
    ahead_after_ms bigint NOT NULL,
    actor text NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT a_clock_only_moves_ahead CHECK (((ahead_before_ms >= 0) AND (ahead_after_ms > ahead_before_ms)))
);

CREATE TABLE public.coupon_promises (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    coupon_id uuid NOT NULL,
    renewals integer NOT NULL,
    renewals_left integer NOT NULL,
    promised_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_reason text,
    CONSTRAINT a_promise_counts_down_its_renewals CHECK (((renewals > 0) AND ((renewals_left >= 0) AND (renewals_left <= renewals)))),
    CONSTRAINT a_promise_ends_for_a_reason CHECK (((ended_at IS NULL) = (ended_reason IS NULL))),
    CONSTRAINT a_promise_is_kept_to_the_last CHECK (((ended_reason <> 'kept'::text) OR (renewals_left = 0))),
    CONSTRAINT a_promise_of_no_more_renewals_has_ended CHECK (((renewals_left > 0) OR (ended_at IS NOT NULL))),
    CONSTRAINT promise_end_is_known CHECK ((ended_reason = ANY (ARRAY['kept'::text, 'budget_exhausted'::text, 'order_refunded'::text, 'subscription_ended'::text])))
)
WITH (fillfactor='70');

CREATE TABLE public.coupon_redemptions (
    tenant_id bigint NOT NULL,
    order_id uuid NOT NULL,
    coupon_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    state text NOT NULL,
    customer_ordinal integer,
    customer_limit integer,
    redeemed_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    subscription_id uuid,
    renewal_number integer,
    first_order boolean DEFAULT false NOT NULL,
    released_reason text,
    CONSTRAINT a_promised_renewal_is_no_first_order CHECK (((renewal_number IS NULL) OR (NOT first_order))),
    CONSTRAINT a_release_has_its_reason CHECK ((((state = 'released'::text) = (released_reason IS NOT NULL)) AND (released_reason = ANY (ARRAY['refunded'::text, 'cancelled'::text, 'undeliverable'::text, 'expired'::text])))),
    CONSTRAINT promised_renewals_count_from_one CHECK ((renewal_number > 0)),
    CONSTRAINT redemption_amount_must_not_be_negative CHECK ((amount_minor >= 0)),
    CONSTRAINT redemption_is_a_use_or_a_promised_renewal CHECK ((((customer_ordinal IS NULL) = (renewal_number IS NOT NULL)) AND ((subscription_id IS NULL) = (renewal_number IS NULL)))),
    CONSTRAINT redemption_state_is_known CHECK ((state = ANY (ARRAY['reserved'::text, 'committed'::text, 'released'::text]))),
    CONSTRAINT redemptions_per_customer_must_not_exceed_their_limit CHECK (((customer_ordinal > 0) AND ((customer_limit IS NULL) OR (customer_ordinal <= customer_limit))))
);

CREATE TABLE public.coupons (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    percent_bps integer,
    amount_minor bigint,
    currency text NOT NULL,
    min_amount_minor bigint,
    max_redemptions integer,
    per_customer integer,
    plan_ids uuid[],
    applies_to text[],
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    redeemed_count integer DEFAULT 0 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    max_discount_minor bigint,
    budget_minor bigint,
    discounted_minor bigint DEFAULT 0 NOT NULL,
    first_order boolean DEFAULT false NOT NULL,
    customers text[],
    renewals integer,
    CONSTRAINT coupon_amount_is_positive CHECK ((amount_minor > 0)),
    CONSTRAINT coupon_budget_is_positive CHECK ((budget_minor > 0)),
    CONSTRAINT coupon_customers_are_some_and_not_too_many CHECK (((cardinality(customers) >= 1) AND (cardinality(customers) <= 1000))),
    CONSTRAINT coupon_discounts_must_not_exceed_their_budget CHECK (((discounted_minor >= 0) AND ((budget_minor IS NULL) OR (discounted_minor <= budget_minor)))),
    CONSTRAINT coupon_greatest_discount_is_of_a_percentage CHECK (((max_discount_minor IS NULL) OR ((percent_bps IS NOT NULL) AND (max_discount_minor > 0)))),
    CONSTRAINT coupon_percentage_is_within_bounds CHECK (((percent_bps >= 1) AND (percent_bps <= 10000))),
    CONSTRAINT coupon_promises_some_renewals_or_none CHECK (((renewals >= 1) AND (renewals <= 1200))),
    CONSTRAINT coupon_redemptions_must_not_exceed_their_limit CHECK (((redeemed_count >= 0) AND ((max_redemptions IS NULL) OR (redeemed_count <= max_redemptions)))),
    CONSTRAINT coupon_takes_a_percentage_or_an_amount CHECK (((percent_bps IS NULL) <> (amount_minor IS NULL)))
)
WITH (fillfactor='50');

CREATE TABLE public.credential_history (
    tenant_id bigint NOT NULL,
    slot_id uuid NOT NULL,
    version integer NOT NULL,
    username text NOT NULL,
    secret bytea NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_until timestamp with time zone NOT NULL
);

CREATE TABLE public.currencies (
    code text NOT NULL,
    scale smallint NOT NULL,
    CONSTRAINT currency_code_is_three_capitals CHECK ((code ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT currency_scale_is_of_iso_4217 CHECK ((scale = ANY (ARRAY[0, 2, 3, 4])))
);

CREATE TABLE public.customer_groups (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.customer_recovery_codes (
    tenant_id bigint NOT NULL,
    user_id uuid NOT NULL,
    digest bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT recovery_code_digest_is_sha256 CHECK ((octet_length(digest) = 32))
);

CREATE TABLE public.customer_users (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    username text NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    session_version integer DEFAULT 0 NOT NULL,
    applied_password_hash text,
    totp_secret bytea,
    totp_confirmed_at timestamp with time zone,
    totp_last_step bigint,
    CONSTRAINT a_confirmed_secret_has_its_last_code CHECK (((totp_confirmed_at IS NULL) = (totp_last_step IS NULL))),
    CONSTRAINT codes_are_asked_for_with_a_secret CHECK (((totp_confirmed_at IS NULL) OR (totp_secret IS NOT NULL))),
    CONSTRAINT session_versions_count_up CHECK ((session_version >= 0)),
    CONSTRAINT user_role_is_known CHECK ((role = ANY (ARRAY['admin'::text, 'editor'::text, 'viewer'::text])))
);

CREATE TABLE public.customers (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    username text NOT NULL,
    currency text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    group_id uuid
);

CREATE TABLE public.gateway_states (
    tenant_id bigint NOT NULL,
    gateway_id uuid NOT NULL,
    applied_version bigint NOT NULL,
    observed_at timestamp with time zone NOT NULL,
    healthy boolean NOT NULL,
    problem text
);

CREATE TABLE public.gateways (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    network_id uuid NOT NULL,
    host text NOT NULL,
    first_port integer,
    last_port integer,
    shared_port integer,
    protocols text[] NOT NULL,
    vless_port integer,
    shadowsocks_port integer,
    driver text NOT NULL,
    desired_version bigint DEFAULT 0 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT gateway_driver_is_known CHECK ((driver = ANY (ARRAY['simulated'::text, 'sing-box'::text, 'envoy'::text]))),
    CONSTRAINT gateway_has_a_range_or_a_shared_port CHECK ((((first_port IS NOT NULL) AND (last_port IS NOT NULL) AND (shared_port IS NULL)) OR ((first_port IS NULL) AND (last_port IS NULL) AND (shared_port IS NOT NULL)))),
    CONSTRAINT gateway_ports_are_ports CHECK (((first_port >= 1) AND (last_port >= first_port) AND (last_port <= 65535))),
    CONSTRAINT gateway_shared_port_is_a_port CHECK (((shared_port >= 1) AND (shared_port <= 65535)))
)
WITH (fillfactor='50');

CREATE TABLE public.group_prices (
    tenant_id bigint NOT NULL,
    group_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    currency text NOT NULL,
    price_minor bigint,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT group_price_must_not_be_negative CHECK ((price_minor >= 0)),
    CONSTRAINT group_price_versions_begin_at_one CHECK ((version > 0))
);

CREATE TABLE public.hosts (
    host text NOT NULL,
    tenant_id bigint NOT NULL,
    dialect text NOT NULL,
    CONSTRAINT host_dialect_is_known CHECK ((dialect = ANY (ARRAY['gate'::text, 'opproxy'::text, 'proxaro'::text, 'octoprox'::text, 'marchproxy'::text]))),
    CONSTRAINT host_is_lower_case CHECK ((host = lower(host)))
);

CREATE TABLE public.idempotency_keys (
    tenant_id bigint NOT NULL,
    principal_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    command_id uuid NOT NULL,
    status smallint NOT NULL,
    answer bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_fingerprint_is_sha256 CHECK ((octet_length(fingerprint) = 32))
);

CREATE TABLE public.job_runs (
    id uuid NOT NULL,
    job text NOT NULL,
    tenant_slug text,
    as_of timestamp with time zone,
    state text NOT NULL,
    counts jsonb NOT NULL,
    problems text[] NOT NULL,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT a_job_run_that_is_over_has_an_end CHECK (((state = 'running'::text) = (ended_at IS NULL))),
    CONSTRAINT job_run_state_is_known CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'interrupted'::text])))
)
WITH (fillfactor='80');

CREATE TABLE public.journal_entries (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    reason text NOT NULL,
    order_id uuid,
    reverses_id uuid,
    reference text,
    memo text,
    actor text,
    effective_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT journal_entry_reason_is_known CHECK ((reason = ANY (ARRAY['purchase'::text, 'renewal'::text, 'trial'::text, 'plan_change'::text, 'cancellation'::text, 'top_up'::text, 'refund'::text, 'adjustment'::text, 'float_top_up'::text, 'refund_hold'::text, 'refund_release'::text, 'top_up_refund'::text, 'chargeback'::text, 'regained'::text, 'debt'::text, 'debt_payment'::text])))
);

CREATE TABLE public.networks (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    type text NOT NULL,
    exit_class text NOT NULL,
    asn text,
    asn_org text,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    low_stock integer,
    CONSTRAINT network_country_is_two_capitals CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT network_low_stock_must_not_be_negative CHECK ((low_stock >= 0)),
    CONSTRAINT network_type_is_known CHECK ((type = ANY (ARRAY['mobile'::text, 'residential'::text, 'isp'::text, 'datacenter'::text])))
);

CREATE TABLE public.orders (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    principal_id uuid,
    dialect text NOT NULL,
    kind text NOT NULL,
    plan_id uuid NOT NULL,
    plan_version integer NOT NULL,
    subscription_id uuid,
    quantity integer NOT NULL,
    repeat_count integer NOT NULL,
    currency text NOT NULL,
    list_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    wholesale_minor bigint,
    coupon_id uuid,
    refunded_minor bigint DEFAULT 0 NOT NULL,
    wholesale_refunded_minor bigint DEFAULT 0 NOT NULL,
    state text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    group_id uuid,
    group_price_version integer,
    CONSTRAINT order_counts_are_positive CHECK (((quantity > 0) AND (repeat_count > 0))),
    CONSTRAINT order_kind_is_known CHECK ((kind = ANY (ARRAY['purchase'::text, 'renewal'::text, 'trial'::text, 'extension'::text, 'plan_change'::text, 'usage'::text, 'adjustment'::text]))),
    CONSTRAINT order_names_its_whole_price CHECK (((group_id IS NULL) = (group_price_version IS NULL))),
    CONSTRAINT order_refund_must_not_exceed_its_total CHECK (((refunded_minor >= 0) AND (refunded_minor <= total_minor))),
    CONSTRAINT order_state_is_known CHECK ((state = ANY (ARRAY['paid'::text, 'refunded'::text]))),
    CONSTRAINT order_total_is_list_less_discount CHECK (((total_minor = (list_minor - discount_minor)) AND (discount_minor >= 0) AND (total_minor >= 0))),
    CONSTRAINT order_wholesale_must_not_be_negative CHECK ((wholesale_minor >= 0)),
    CONSTRAINT order_wholesale_refund_must_not_exceed_it CHECK (((wholesale_refunded_minor >= 0) AND (wholesale_refunded_minor <= COALESCE(wholesale_minor, (0)::bigint))))
);

CREATE TABLE public.outbox_events (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    customer_id uuid,
    payload jsonb NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    once text
);

CREATE TABLE public.payment_events (
    tenant_id bigint NOT NULL,
    provider text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    outcome text NOT NULL,
    payment_id uuid,
    recorded_at timestamp with time zone NOT NULL
);

CREATE TABLE public.payment_providers (
    tenant_id bigint NOT NULL,
    provider text NOT NULL,
    base_url text NOT NULL,
    secret bytea NOT NULL,
    webhook_secrets bytea NOT NULL,
    success_url text NOT NULL,
    cancel_url text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT payment_provider_is_known CHECK ((provider = 'stripe'::text))
);

CREATE TABLE public.payment_reversals (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    kind text NOT NULL,
    amount_minor bigint NOT NULL,
    booked_minor bigint NOT NULL,
    state text NOT NULL,
    reference text,
    hold_id uuid,
    entry_id uuid,
    memo text,
    actor text,
    problem text,
    recorded_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    CONSTRAINT a_reversal_books_no_more_than_it_is CHECK ((((booked_minor >= 0) AND (booked_minor <= amount_minor)) AND (amount_minor > 0))),
    CONSTRAINT reversal_kind_is_known CHECK ((kind = ANY (ARRAY['refund'::text, 'chargeback'::text]))),
    CONSTRAINT reversal_state_is_known CHECK ((state = ANY (ARRAY['held'::text, 'returned'::text, 'released'::text, 'regained'::text]))),
    CONSTRAINT what_did_not_go_or_came_again_books_nothing CHECK (((state = ANY (ARRAY['held'::text, 'returned'::text])) OR (booked_minor = 0))),
    CONSTRAINT what_has_gone_names_its_reversal CHECK (((state <> 'returned'::text) OR (booked_minor = 0) OR (entry_id IS NOT NULL))),
    CONSTRAINT what_is_set_aside_names_its_entry CHECK (((state <> 'held'::text) OR (hold_id IS NOT NULL)))
)
WITH (fillfactor='80');

CREATE TABLE public.payments (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    provider text NOT NULL,
    way text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    state text NOT NULL,
    session text,
    url text,
    reference text,
    credited_minor bigint DEFAULT 0 NOT NULL,
    held_minor bigint DEFAULT 0 NOT NULL,
    returned_minor bigint DEFAULT 0 NOT NULL,
    entry_id uuid,
    opened_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    problem text,
    actor text,
    CONSTRAINT a_payment_is_paid_by_its_top_up CHECK (((state = 'paid'::text) = (entry_id IS NOT NULL))),
    CONSTRAINT a_payment_that_is_not_open_was_closed CHECK (((state = 'open'::text) = (closed_at IS NULL))),
    CONSTRAINT payment_amount_is_positive CHECK ((amount_minor > 0)),
    CONSTRAINT payment_state_is_known CHECK ((state = ANY (ARRAY['open'::text, 'paid'::text, 'failed'::text, 'expired'::text]))),
    CONSTRAINT payment_way_is_known CHECK ((way = ANY (ARRAY['checkout'::text, 'automatic'::text, 'found'::text]))),
    CONSTRAINT what_goes_back_of_a_payment_must_not_exceed_it CHECK (((held_minor >= 0) AND (returned_minor >= 0) AND ((held_minor + returned_minor) <= credited_minor))),
    CONSTRAINT what_is_paid_was_credited CHECK (((state = 'paid'::text) = (credited_minor > 0)))
)
WITH (fillfactor='80');

CREATE TABLE public.pending_orders (
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
    state text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    entry_id uuid,
    reason text,
    CONSTRAINT pending_order_counts_are_positive CHECK (((quantity > 0) AND (repeat_count > 0))),
    CONSTRAINT pending_order_exit_is_whole CHECK (((exit_country IS NULL) = (exit_rotation IS NULL))),
    CONSTRAINT pending_order_expires_after_it_was_placed CHECK ((expires_at > placed_at)),
    CONSTRAINT pending_order_state_is_known CHECK ((state = ANY (ARRAY['pending'::text, 'settled'::text, 'expired'::text, 'cancelled'::text]))),
    CONSTRAINT pending_order_waits_for_list_less_discount CHECK (((total_minor = (list_minor - discount_minor)) AND (discount_minor >= 0) AND (total_minor > 0))),
    CONSTRAINT what_does_not_wait_has_ceased_to CHECK (((state = 'pending'::text) = (closed_at IS NULL))),
    CONSTRAINT what_is_cancelled_says_why CHECK (((state <> 'cancelled'::text) OR (reason IS NOT NULL))),
    CONSTRAINT what_is_settled_names_its_settlement CHECK (((state <> 'settled'::text) OR ((entry_id IS NOT NULL) AND (reason IS NULL))))
)
WITH (fillfactor='80');

CREATE TABLE public.plan_versions (
    tenant_id bigint NOT NULL,
    plan_id uuid NOT NULL,
    version integer NOT NULL,
    duration_ms bigint,
    currency text NOT NULL,
    price_minor bigint,
    wholesale_minor bigint,
    recorded_at timestamp with time zone NOT NULL,
    duration_months integer,
    CONSTRAINT plan_version_lasts_a_fixed_time_or_months CHECK (((duration_ms IS NULL) OR (duration_months IS NULL))),
    CONSTRAINT plan_version_months_are_within_a_century CHECK (((duration_months >= 1) AND (duration_months <= 1200)))
);

CREATE TABLE public.plans (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    product text NOT NULL,
    connection text,
    gateway_id uuid,
    duration_ms bigint,
    currency text NOT NULL,
    price_minor bigint,
    wholesale_minor bigint,
    popular boolean DEFAULT false NOT NULL,
    rotation_minutes integer[] DEFAULT '{}'::integer[] NOT NULL,
    trial_ms bigint,
    sells_in text[] DEFAULT '{}'::text[] NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    version integer NOT NULL,
    sort_order integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    network_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    threads integer,
    exits text[] DEFAULT '{}'::text[] NOT NULL,
    exit_rotations text[] DEFAULT '{}'::text[] NOT NULL,
    auto_renew boolean DEFAULT false NOT NULL,
    duration_months integer,
    CONSTRAINT plan_connection_is_known CHECK ((connection = ANY (ARRAY['private'::text, 'shared'::text]))),
    CONSTRAINT plan_duration_is_positive CHECK ((duration_ms > 0)),
    CONSTRAINT plan_exit_rotations_are_intervals CHECK (((array_position(exit_rotations, NULL::text) IS NULL) AND (array_to_string(exit_rotations, ','::text) ~ '^((instant|[1-9][0-9]{0,4}m)(,(instant|[1-9][0-9]{0,4}m))*)?$'::text) AND (((','::text || array_to_string(exit_rotations, ','::text)) || ','::text) !~ ',([a-z0-9]+),(.*,)?\1,'::text))),
    CONSTRAINT plan_exits_are_words CHECK (((array_position(exits, NULL::text) IS NULL) AND (array_to_string(exits, ','::text) ~ '^([a-z0-9]{2,32}(,[a-z0-9]{2,32})*)?$'::text) AND (((','::text || array_to_string(exits, ','::text)) || ','::text) !~ ',([a-z0-9]+),(.*,)?\1,'::text))),
    CONSTRAINT plan_lasts_a_fixed_time_or_months CHECK (((duration_ms IS NULL) OR (duration_months IS NULL))),
    CONSTRAINT plan_months_are_within_a_century CHECK (((duration_months >= 1) AND (duration_months <= 1200))),
    CONSTRAINT plan_of_private_ports_has_a_network CHECK (((connection IS DISTINCT FROM 'private'::text) OR (cardinality(network_ids) > 0))),
    CONSTRAINT plan_offers_exits_with_rotations CHECK (((cardinality(exits) = 0) = (cardinality(exit_rotations) = 0))),
    CONSTRAINT plan_price_must_not_be_negative CHECK ((price_minor >= 0)),
    CONSTRAINT plan_takes_one_slot_on_each_network CHECK (((array_position(network_ids, NULL::uuid) IS NULL) AND (array_to_string(network_ids, ','::text) !~ '([0-9a-f-]{36}).*\1'::text))),
    CONSTRAINT plan_threads_are_positive CHECK ((threads > 0)),
    CONSTRAINT plan_trial_is_positive CHECK ((trial_ms > 0)),
    CONSTRAINT plan_wholesale_price_must_not_be_negative CHECK ((wholesale_minor >= 0))
);

CREATE TABLE public.transfers (
    tenant_id bigint NOT NULL,
    entry_id uuid NOT NULL,
    line smallint NOT NULL,
    debit_account_id uuid NOT NULL,
    credit_account_id uuid NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    debit_sequence bigint NOT NULL,
    credit_sequence bigint NOT NULL,
    debit_balance_after bigint NOT NULL,
    credit_balance_after bigint NOT NULL,
    CONSTRAINT transfer_amount_is_positive CHECK ((amount_minor > 0)),
    CONSTRAINT transfer_sides_are_two_accounts CHECK ((debit_account_id <> credit_account_id))
);

CREATE VIEW public.postings WITH (security_invoker='true') AS
 SELECT transfers.tenant_id,
    transfers.debit_account_id AS account_id,
    transfers.debit_sequence AS sequence,
    transfers.entry_id,
    transfers.line,
    'debit'::text AS side,
    transfers.amount_minor,
    transfers.currency,
    transfers.debit_balance_after AS balance_after
   FROM public.transfers
UNION ALL
 SELECT transfers.tenant_id,
    transfers.credit_account_id AS account_id,
    transfers.credit_sequence AS sequence,
    transfers.entry_id,
    transfers.line,
    'credit'::text AS side,
    transfers.amount_minor,
    transfers.currency,
    transfers.credit_balance_after AS balance_after
   FROM public.transfers;
CREATE UNLOGGED TABLE public.rate_counts (
    subject uuid NOT NULL,
    process uuid NOT NULL,
    cells bytea NOT NULL,
    forgotten_at timestamp with time zone NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.renewal_attempts (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    period_index integer NOT NULL,
    attempts integer NOT NULL,
    reason text NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT renewal_attempts_are_positive CHECK ((attempts > 0)),
    CONSTRAINT renewal_attempts_go_forward CHECK ((last_at >= first_at))
);

CREATE TABLE public.request_log (
    tenant_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    principal_id uuid,
    dialect text NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    route text NOT NULL,
    status smallint NOT NULL,
    duration_us bigint NOT NULL,
    address text NOT NULL,
    request_id text NOT NULL,
    CONSTRAINT logged_status_is_of_http CHECK (((status >= 100) AND (status <= 599))),
    CONSTRAINT logged_texts_are_short CHECK (((octet_length(path) <= 256) AND (octet_length(route) <= 64) AND (octet_length(dialect) <= 32) AND (octet_length(method) <= 16) AND (octet_length(address) <= 64) AND (octet_length(request_id) <= 64)))
)
PARTITION BY RANGE (recorded_at);

CREATE TABLE public.saved_payment_methods (
    tenant_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    provider text NOT NULL,
    payer text NOT NULL,
    method text NOT NULL,
    saved_at timestamp with time zone NOT NULL
);

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone NOT NULL
);
CREATE UNLOGGED TABLE public.server_processes (
    id uuid NOT NULL,
    beat bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.slots (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    gateway_id uuid NOT NULL,
    network_id uuid NOT NULL,
    port integer NOT NULL,
    state text NOT NULL,
    rank bigint NOT NULL,
    username text NOT NULL,
    secret bytea NOT NULL,
    secret_version integer NOT NULL,
    secret_since timestamp with time zone NOT NULL,
    revision bigint NOT NULL,
    state_since timestamp with time zone NOT NULL,
    lent_revision bigint,
    CONSTRAINT slot_port_is_a_port CHECK (((port >= 1) AND (port <= 65535))),
    CONSTRAINT slot_state_is_known CHECK ((state = ANY (ARRAY['ready'::text, 'held'::text, 'assigned'::text, 'draining'::text, 'quarantined'::text, 'retired'::text])))
)
WITH (fillfactor='80');

CREATE TABLE public.staff (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    session_version bigint DEFAULT 1 NOT NULL,
    totp_secret bytea,
    totp_since timestamp with time zone,
    totp_step bigint,
    recovery_digests text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT a_second_factor_has_a_secret CHECK (((totp_secret IS NOT NULL) OR ((totp_since IS NULL) AND (totp_step IS NULL)))),
    CONSTRAINT recovery_codes_are_of_a_second_factor CHECK (((totp_since IS NOT NULL) OR (recovery_digests = '{}'::text[]))),
    CONSTRAINT staff_email_is_lower_case CHECK ((email = lower(email))),
    CONSTRAINT staff_role_is_known CHECK ((role = ANY (ARRAY['owner'::text, 'catalogue'::text, 'support'::text, 'finance'::text, 'read_only'::text])))
);

CREATE TABLE public.stock_levels (
    tenant_id bigint NOT NULL,
    network_id uuid NOT NULL,
    level text NOT NULL,
    crossing bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT stock_level_is_known CHECK ((level = ANY (ARRAY['enough'::text, 'low'::text, 'exhausted'::text]))),
    CONSTRAINT what_is_short_has_become_so CHECK (((crossing >= 0) AND ((crossing > 0) OR (level = 'enough'::text))))
);

CREATE TABLE public.subscriptions (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    order_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    dialect text NOT NULL,
    trial boolean NOT NULL,
    started_at timestamp with time zone NOT NULL,
    active_until timestamp with time zone NOT NULL,
    next_period integer NOT NULL,
    user_note text,
    ended_at timestamp with time zone,
    exit_country text,
    exit_rotation text,
    renews_at timestamp with time zone,
    tried_on timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    auto_renewals integer DEFAULT 0 NOT NULL,
    parked_at timestamp with time zone,
    parked_reason text,
    anchored_at timestamp with time zone,
    anchored_months integer,
    CONSTRAINT customers_note_is_short CHECK (((char_length(user_note) >= 1) AND (char_length(user_note) <= 500))),
    CONSTRAINT renewals_of_a_day_must_not_be_negative CHECK (((tries >= 0) AND (auto_renewals >= 0))),
    CONSTRAINT subscription_anchor_has_paid_months CHECK ((anchored_months > 0)),
    CONSTRAINT subscription_anchor_is_whole CHECK (((anchored_at IS NULL) = (anchored_months IS NULL))),
    CONSTRAINT subscription_does_not_end_before_it_starts CHECK ((active_until >= started_at)),
    CONSTRAINT subscription_exit_is_whole CHECK ((((exit_country IS NULL) AND (exit_rotation IS NULL)) OR ((exit_country IS NOT NULL) AND (exit_rotation IS NOT NULL) AND (exit_country ~ '^[a-z0-9]{2,32}$'::text) AND (exit_rotation ~ '^(instant|[1-9][0-9]{0,4}m)$'::text)))),
    CONSTRAINT what_has_ended_does_not_renew_itself CHECK (((ended_at IS NULL) OR (renews_at IS NULL))),
    CONSTRAINT what_is_parked_does_not_renew_itself CHECK (((parked_at IS NULL) OR (renews_at IS NULL))),
    CONSTRAINT what_is_parked_says_why CHECK (((parked_at IS NULL) = (parked_reason IS NULL)))
)
WITH (fillfactor='80');

CREATE TABLE public.tenants (
    id bigint NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    currency text NOT NULL,
    timezone text NOT NULL,
    grace_ms bigint NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sandbox_of bigint,
    clock_ahead_ms bigint DEFAULT 0 NOT NULL,
    CONSTRAINT a_clock_is_at_most_a_century_ahead CHECK (((clock_ahead_ms >= 0) AND (clock_ahead_ms <= '3153600000000'::bigint))),
    CONSTRAINT a_sandbox_is_named_as_one CHECK (((sandbox_of IS NULL) OR (slug ~~ '%-sandbox'::text))),
    CONSTRAINT a_sandbox_is_not_its_own CHECK ((sandbox_of <> id)),
    CONSTRAINT a_tenants_number_is_positive CHECK ((id > 0)),
    CONSTRAINT only_the_clock_of_a_sandbox_moves CHECK (((clock_ahead_ms = 0) OR (sandbox_of IS NOT NULL))),
    CONSTRAINT tenant_grace_must_not_be_negative CHECK ((grace_ms >= 0)),
    CONSTRAINT tenant_slug_is_a_dns_label CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
);

CREATE TABLE public.terms (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    period_index integer NOT NULL,
    order_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    amount_minor bigint NOT NULL,
    cut_at timestamp with time zone,
    anchored_at timestamp with time zone,
    anchored_months integer,
    cut_recorded_at timestamp with time zone,
    CONSTRAINT a_cut_has_the_moment_it_was_made CHECK (((cut_at IS NULL) = (cut_recorded_at IS NULL))),
    CONSTRAINT a_term_is_cut_within_itself CHECK (((cut_at >= starts_at) AND (cut_at < ends_at))),
    CONSTRAINT term_amount_must_not_be_negative CHECK ((amount_minor >= 0)),
    CONSTRAINT term_anchor_has_paid_months CHECK ((anchored_months > 0)),
    CONSTRAINT term_anchor_is_whole CHECK (((anchored_at IS NULL) = (anchored_months IS NULL))),
    CONSTRAINT term_ends_after_it_starts CHECK ((ends_at > starts_at))
);

CREATE TABLE public.trial_grants (
    tenant_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    order_id uuid NOT NULL,
    granted_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.payment_events
    ADD CONSTRAINT a_message_of_a_provider_is_dealt_with_once PRIMARY KEY (tenant_id, provider, name);
ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT a_tenant_has_one_sandbox UNIQUE (sandbox_of);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT account_is_unique_per_owner_role_and_currency UNIQUE (tenant_id, owner_id, role, currency);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.admin_keys
    ADD CONSTRAINT admin_key_is_one_of_its_tenants UNIQUE (tenant_id, hash);
ALTER TABLE ONLY public.admin_keys
    ADD CONSTRAINT admin_keys_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.allocations
    ADD CONSTRAINT allocations_pkey PRIMARY KEY (tenant_id, subscription_id, sequence);
ALTER TABLE ONLY public.allowlist_entries
    ADD CONSTRAINT allowlist_entries_pkey PRIMARY KEY (tenant_id, subscription_id, "position");
ALTER TABLE ONLY public.allowlist_entries
    ADD CONSTRAINT an_address_is_listed_once UNIQUE (tenant_id, subscription_id, address);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_key_id_is_unique_per_tenant UNIQUE (tenant_id, id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.clock_moves
    ADD CONSTRAINT clock_moves_pkey PRIMARY KEY (tenant_id, ahead_before_ms);
ALTER TABLE ONLY public.coupons
    ADD CONSTRAINT coupon_code_is_unique_per_tenant UNIQUE (tenant_id, code);
ALTER TABLE ONLY public.coupon_promises
    ADD CONSTRAINT coupon_promises_pkey PRIMARY KEY (tenant_id, subscription_id);
ALTER TABLE ONLY public.coupon_redemptions
    ADD CONSTRAINT coupon_redemptions_pkey PRIMARY KEY (tenant_id, order_id);
ALTER TABLE ONLY public.coupons
    ADD CONSTRAINT coupons_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.credential_history
    ADD CONSTRAINT credential_history_pkey PRIMARY KEY (tenant_id, slot_id, version);
ALTER TABLE ONLY public.currencies
    ADD CONSTRAINT currencies_pkey PRIMARY KEY (code);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customer_email_is_unique_per_tenant UNIQUE (tenant_id, email);
ALTER TABLE ONLY public.customer_groups
    ADD CONSTRAINT customer_group_code_is_unique_per_tenant UNIQUE (tenant_id, code);
ALTER TABLE ONLY public.customer_groups
    ADD CONSTRAINT customer_groups_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.customer_recovery_codes
    ADD CONSTRAINT customer_recovery_codes_pkey PRIMARY KEY (tenant_id, user_id, digest);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customer_username_is_unique_per_tenant UNIQUE (tenant_id, username);
ALTER TABLE ONLY public.customer_users
    ADD CONSTRAINT customer_users_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.gateways
    ADD CONSTRAINT gateway_name_is_unique_per_tenant UNIQUE (tenant_id, name);
ALTER TABLE ONLY public.gateway_states
    ADD CONSTRAINT gateway_states_pkey PRIMARY KEY (tenant_id, gateway_id);
ALTER TABLE ONLY public.gateways
    ADD CONSTRAINT gateways_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.group_prices
    ADD CONSTRAINT group_prices_pkey PRIMARY KEY (tenant_id, group_id, plan_id, version);
ALTER TABLE ONLY public.hosts
    ADD CONSTRAINT hosts_pkey PRIMARY KEY (host);
ALTER TABLE ONLY public.job_runs
    ADD CONSTRAINT job_runs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT journal_entries_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.networks
    ADD CONSTRAINT network_code_is_unique_per_tenant UNIQUE (tenant_id, code);
ALTER TABLE ONLY public.networks
    ADD CONSTRAINT networks_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.payment_providers
    ADD CONSTRAINT one_account_per_tenant_and_provider PRIMARY KEY (tenant_id, provider);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT one_answer_per_idempotency_key PRIMARY KEY (tenant_id, principal_id, key);
ALTER TABLE ONLY public.auto_top_ups
    ADD CONSTRAINT one_auto_top_up_per_customer PRIMARY KEY (tenant_id, customer_id);
ALTER TABLE ONLY public.terms
    ADD CONSTRAINT one_charge_per_subscription_and_period PRIMARY KEY (tenant_id, subscription_id, period_index);
ALTER TABLE ONLY public.saved_payment_methods
    ADD CONSTRAINT one_saved_method_per_customer_and_provider PRIMARY KEY (tenant_id, customer_id, provider);
ALTER TABLE ONLY public.trial_grants
    ADD CONSTRAINT one_trial_per_customer_and_plan PRIMARY KEY (tenant_id, customer_id, plan_id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.outbox_events
    ADD CONSTRAINT outbox_events_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.payment_reversals
    ADD CONSTRAINT payment_reversals_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.pending_orders
    ADD CONSTRAINT pending_orders_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plan_code_is_unique_per_tenant UNIQUE (tenant_id, code);
ALTER TABLE ONLY public.plan_versions
    ADD CONSTRAINT plan_versions_pkey PRIMARY KEY (tenant_id, plan_id, version);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.rate_counts
    ADD CONSTRAINT rate_counts_pkey PRIMARY KEY (subject, process);
ALTER TABLE ONLY public.renewal_attempts
    ADD CONSTRAINT renewal_attempts_pkey PRIMARY KEY (tenant_id, subscription_id, period_index);
ALTER TABLE ONLY public.request_log
    ADD CONSTRAINT request_log_pkey PRIMARY KEY (tenant_id, customer_id, recorded_at, id);
ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.server_processes
    ADD CONSTRAINT server_processes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.slots
    ADD CONSTRAINT slot_port_is_unique_per_gateway UNIQUE (tenant_id, gateway_id, port);
ALTER TABLE ONLY public.slots
    ADD CONSTRAINT slots_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_email_is_unique_per_tenant UNIQUE (tenant_id, email);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.stock_levels
    ADD CONSTRAINT stock_levels_pkey PRIMARY KEY (tenant_id, network_id);
ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenant_slug_is_unique UNIQUE (slug);
ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.transfers
    ADD CONSTRAINT transfer_credit_has_one_place_in_its_statement UNIQUE (tenant_id, credit_account_id, credit_sequence);
ALTER TABLE ONLY public.transfers
    ADD CONSTRAINT transfer_debit_has_one_place_in_its_statement UNIQUE (tenant_id, debit_account_id, debit_sequence);
ALTER TABLE ONLY public.transfers
    ADD CONSTRAINT transfers_pkey PRIMARY KEY (tenant_id, entry_id, line);
ALTER TABLE ONLY public.customer_users
    ADD CONSTRAINT user_email_is_unique_per_tenant UNIQUE (tenant_id, email);
ALTER TABLE ONLY public.customer_users
    ADD CONSTRAINT user_username_is_unique_per_tenant UNIQUE (tenant_id, username);
CREATE UNIQUE INDEX a_customer_has_one_first_order ON public.coupon_redemptions USING btree (tenant_id, customer_id) WHERE (first_order AND (state <> 'released'::text));
CREATE UNIQUE INDEX a_payment_has_one_name_at_its_provider ON public.payments USING btree (tenant_id, provider, reference) WHERE (reference IS NOT NULL);
CREATE UNIQUE INDEX a_payment_page_has_one_name_at_its_provider ON public.payments USING btree (tenant_id, provider, session) WHERE (session IS NOT NULL);
CREATE UNIQUE INDEX a_promised_renewal_is_discounted_once ON public.coupon_redemptions USING btree (tenant_id, subscription_id, renewal_number) WHERE (renewal_number IS NOT NULL);
CREATE UNIQUE INDEX a_reversal_has_one_name_at_its_provider ON public.payment_reversals USING btree (tenant_id, reference) WHERE (reference IS NOT NULL);
CREATE UNIQUE INDEX a_slot_is_lent_once ON public.allocations USING btree (tenant_id, slot_id) WHERE (released_at IS NULL);
CREATE INDEX allocations_by_expiry ON public.allocations USING btree (tenant_id, expires_at, subscription_id) WHERE (released_at IS NULL);
CREATE INDEX allocations_by_rotation ON public.allocations USING btree (tenant_id, rotates_at) WHERE ((released_at IS NULL) AND (rotates_at IS NOT NULL));
CREATE UNIQUE INDEX an_event_happens_once ON public.outbox_events USING btree (tenant_id, once) WHERE (once IS NOT NULL);
CREATE INDEX api_keys_by_customer ON public.api_keys USING btree (tenant_id, customer_id, id) WHERE (customer_id IS NOT NULL);
CREATE INDEX audit_log_by_actor ON public.audit_log USING btree (tenant_id, actor_id, id) WHERE (actor_id IS NOT NULL);
CREATE INDEX audit_log_by_object ON public.audit_log USING btree (tenant_id, object_kind, object_id, id);
CREATE INDEX customers_of_a_group ON public.customers USING btree (tenant_id, group_id, id) WHERE (group_id IS NOT NULL);
CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (tenant_id, recorded_at);
CREATE INDEX job_runs_by_job ON public.job_runs USING btree (job, started_at);
CREATE INDEX job_runs_running ON public.job_runs USING btree (seen_at) WHERE (state = 'running'::text);
CREATE INDEX journal_entries_by_reversed ON public.journal_entries USING btree (tenant_id, reverses_id) WHERE (reverses_id IS NOT NULL);
CREATE UNIQUE INDEX journal_entry_reference_is_unique_per_tenant ON public.journal_entries USING btree (tenant_id, reference) WHERE (reference IS NOT NULL);
CREATE INDEX payment_reversals_by_payment ON public.payment_reversals USING btree (tenant_id, payment_id, id);
CREATE INDEX payment_reversals_to_ask_about ON public.payment_reversals USING btree (tenant_id, next_at, id) WHERE (next_at IS NOT NULL);
CREATE INDEX payments_by_customer ON public.payments USING btree (tenant_id, customer_id, id);
CREATE INDEX payments_to_ask_about ON public.payments USING btree (tenant_id, next_at, id) WHERE (next_at IS NOT NULL);
CREATE INDEX pending_orders_due ON public.pending_orders USING btree (tenant_id, expires_at, id) WHERE (state = 'pending'::text);
CREATE INDEX pending_orders_waiting ON public.pending_orders USING btree (tenant_id, customer_id) WHERE (state = 'pending'::text);
CREATE UNIQUE INDEX redemption_ordinal_is_used_once ON public.coupon_redemptions USING btree (tenant_id, coupon_id, customer_id, customer_ordinal) WHERE (state <> 'released'::text);
CREATE INDEX renewal_attempts_by_age ON public.renewal_attempts USING btree (tenant_id, last_at, subscription_id, period_index);
CREATE INDEX slots_by_revision ON public.slots USING btree (tenant_id, gateway_id, revision);
CREATE INDEX slots_ready ON public.slots USING btree (tenant_id, network_id, rank) WHERE (state = 'ready'::text);
CREATE INDEX slots_resting ON public.slots USING btree (tenant_id, state, state_since) WHERE (state = ANY (ARRAY['held'::text, 'draining'::text, 'quarantined'::text]));
CREATE INDEX slots_retired ON public.slots USING btree (tenant_id, gateway_id, port) WHERE (state = 'retired'::text);
CREATE INDEX subscriptions_by_customer ON public.subscriptions USING btree (tenant_id, customer_id, id);
CREATE INDEX subscriptions_parked ON public.subscriptions USING btree (tenant_id, parked_at, id) WHERE (parked_at IS NOT NULL);
CREATE INDEX subscriptions_to_renew ON public.subscriptions USING btree (tenant_id, renews_at, id) WHERE (renews_at IS NOT NULL);
ALTER TABLE public.accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.admin_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.allocations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.allowlist_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.auto_top_ups ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.clock_moves ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.coupon_promises ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.coupon_redemptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.coupons ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.credential_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.customer_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.customer_recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.customer_users ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY every_tenant ON public.accounts TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.allocations TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.allowlist_entries TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.coupon_promises TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.coupon_redemptions TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.coupons TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.credential_history TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.customer_groups TO tollgate_engine, tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.customer_users TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.customers TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.gateway_states TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.gateways TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.group_prices TO tollgate_engine, tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.idempotency_keys TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.journal_entries TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.networks TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.orders TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.outbox_events TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.payment_reversals TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.payments TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.pending_orders TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.plan_versions TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.plans TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.slots TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.stock_levels TO tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.subscriptions TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.terms TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.transfers TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant ON public.trial_grants TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.auto_top_ups TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.coupons TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.idempotency_keys TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.outbox_events TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.payment_providers TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.payment_reversals TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.payments TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.pending_orders TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.plans TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.renewal_attempts TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.subscriptions TO tollgate_job USING (true) WITH CHECK (true);
CREATE POLICY every_tenant_for_jobs ON public.terms TO tollgate_job USING (true) WITH CHECK (true);
ALTER TABLE public.gateway_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.gateways ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.group_prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY its_tenant_and_sandbox ON public.accounts TO tollgate_catalogue USING ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of))))) WITH CHECK ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of)))));
CREATE POLICY its_tenant_and_sandbox ON public.coupons TO tollgate_catalogue USING ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of))))) WITH CHECK ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of)))));
CREATE POLICY its_tenant_and_sandbox ON public.customer_groups TO tollgate_catalogue USING ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of))))) WITH CHECK ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of)))));
CREATE POLICY its_tenant_and_sandbox ON public.gateways TO tollgate_catalogue USING ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of))))) WITH CHECK ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of)))));
CREATE POLICY its_tenant_and_sandbox ON public.group_prices TO tollgate_catalogue USING ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of))))) WITH CHECK ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of)))));
CREATE POLICY its_tenant_and_sandbox ON public.networks TO tollgate_catalogue USING ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of))))) WITH CHECK ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of)))));
CREATE POLICY its_tenant_and_sandbox ON public.plan_versions TO tollgate_catalogue USING ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of))))) WITH CHECK ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of)))));
CREATE POLICY its_tenant_and_sandbox ON public.plans TO tollgate_catalogue USING ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of))))) WITH CHECK ((tenant_id IN ( SELECT tenants.id
   FROM public.tenants
  WHERE (((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.id) OR ((NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint = tenants.sandbox_of)))));
ALTER TABLE public.journal_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.networks ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_its_tenant ON public.accounts TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.allocations TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.allowlist_entries TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.auto_top_ups TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.clock_moves TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.coupon_promises TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.coupon_redemptions TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.coupons TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.credential_history TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.customer_groups TO tollgate_door, tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.customer_users TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.customers TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.gateway_states TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.gateways TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.group_prices TO tollgate_door, tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.idempotency_keys TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.journal_entries TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.networks TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.orders TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.outbox_events TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.payment_events TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.payment_providers TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.payment_reversals TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.payments TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.pending_orders TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.plan_versions TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.plans TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.renewal_attempts TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.request_log TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.saved_payment_methods TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.slots TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.stock_levels TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.subscriptions TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.terms TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.transfers TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant ON public.trial_grants TO tollgate_door USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_accounts ON public.api_keys TO tollgate_account USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_accounts ON public.customer_recovery_codes TO tollgate_account USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_accounts ON public.customer_users TO tollgate_account USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_accounts ON public.customers TO tollgate_account USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_accounts ON public.idempotency_keys TO tollgate_account USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_accounts ON public.outbox_events TO tollgate_account USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_accounts ON public.subscriptions TO tollgate_account USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_accounts ON public.terms TO tollgate_account USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.accounts TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.admin_keys TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.api_keys TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.audit_log TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.customer_recovery_codes TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.customer_users TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.customers TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.idempotency_keys TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.outbox_events TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.staff TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.subscriptions TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_staff ON public.terms TO tollgate_admin USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_the_catalogue ON public.audit_log TO tollgate_catalogue USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
CREATE POLICY only_its_tenant_for_the_catalogue ON public.idempotency_keys TO tollgate_catalogue USING ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint)) WITH CHECK ((tenant_id = (NULLIF(current_setting('tollgate.tenant'::text, true), ''::text))::bigint));
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.outbox_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_providers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_reversals ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.pending_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.plan_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.plans ENABLE ROW LEVEL SECURITY;
CREATE POLICY ports_are_bound_once ON public.gateways FOR SELECT TO tollgate_catalogue USING (true);
CREATE POLICY ports_are_bound_once ON public.slots FOR SELECT TO tollgate_catalogue USING (true);
ALTER TABLE public.renewal_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.request_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.saved_payment_methods ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.slots ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.stock_levels ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.subscriptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.transfers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.trial_grants ENABLE ROW LEVEL SECURITY;
CREATE POLICY whosever_it_is ON public.api_keys TO tollgate_door, tollgate_recorder USING (true) WITH CHECK (true);
REVOKE ALL ON FUNCTION public.drop_request_log_day(before date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.drop_request_log_day(before date) TO tollgate_worker;
REVOKE ALL ON FUNCTION public.make_request_log_day(day date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.make_request_log_day(day date) TO tollgate_recorder;
GRANT SELECT ON TABLE public.accounts TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.accounts TO tollgate_engine;
GRANT SELECT ON TABLE public.accounts TO tollgate_worker;
GRANT SELECT,INSERT ON TABLE public.accounts TO tollgate_admin;
GRANT SELECT(tenant_id) ON TABLE public.accounts TO tollgate_catalogue;
GRANT SELECT(role) ON TABLE public.accounts TO tollgate_catalogue;
GRANT SELECT(currency) ON TABLE public.accounts TO tollgate_catalogue;
GRANT UPDATE(balance_minor) ON TABLE public.accounts TO tollgate_engine;
GRANT UPDATE(floor_minor) ON TABLE public.accounts TO tollgate_admin;
GRANT SELECT(floor_minor) ON TABLE public.accounts TO tollgate_catalogue;
GRANT UPDATE(postings_count) ON TABLE public.accounts TO tollgate_engine;
GRANT SELECT,INSERT ON TABLE public.admin_keys TO tollgate_admin;
GRANT UPDATE(revoked_at) ON TABLE public.admin_keys TO tollgate_admin;
GRANT SELECT,INSERT ON TABLE public.allocations TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.allocations TO tollgate_engine;
GRANT SELECT ON TABLE public.allocations TO tollgate_worker;
GRANT UPDATE(sequence) ON TABLE public.allocations TO tollgate_door;
GRANT UPDATE(slot_id) ON TABLE public.allocations TO tollgate_door;
GRANT UPDATE(gateway_id) ON TABLE public.allocations TO tollgate_door;
GRANT UPDATE(rotation_minutes) ON TABLE public.allocations TO tollgate_door;
GRANT UPDATE(rotation_minutes) ON TABLE public.allocations TO tollgate_engine;
GRANT UPDATE(rotation_choices) ON TABLE public.allocations TO tollgate_engine;
GRANT UPDATE(rotated_at) ON TABLE public.allocations TO tollgate_door;
GRANT UPDATE(rotated_at) ON TABLE public.allocations TO tollgate_worker;
GRANT UPDATE(rotates_at) ON TABLE public.allocations TO tollgate_door;
GRANT UPDATE(rotates_at) ON TABLE public.allocations TO tollgate_worker;
GRANT UPDATE(rotates_at) ON TABLE public.allocations TO tollgate_engine;
GRANT UPDATE(expires_at) ON TABLE public.allocations TO tollgate_engine;
GRANT UPDATE(allocated_at) ON TABLE public.allocations TO tollgate_door;
GRANT UPDATE(released_at) ON TABLE public.allocations TO tollgate_engine;
GRANT UPDATE(released_at) ON TABLE public.allocations TO tollgate_worker;
GRANT SELECT,INSERT,DELETE ON TABLE public.allowlist_entries TO tollgate_door;
GRANT SELECT ON TABLE public.allowlist_entries TO tollgate_engine;
GRANT SELECT ON TABLE public.allowlist_entries TO tollgate_worker;
GRANT SELECT ON TABLE public.api_keys TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.api_keys TO tollgate_account;
GRANT SELECT,INSERT ON TABLE public.api_keys TO tollgate_admin;
GRANT SELECT(tenant_id) ON TABLE public.api_keys TO tollgate_recorder;
GRANT SELECT(id) ON TABLE public.api_keys TO tollgate_recorder;
GRANT UPDATE(revoked_at) ON TABLE public.api_keys TO tollgate_account;
GRANT UPDATE(revoked_at) ON TABLE public.api_keys TO tollgate_admin;
GRANT SELECT(last_used_at),UPDATE(last_used_at) ON TABLE public.api_keys TO tollgate_recorder;
GRANT SELECT,INSERT ON TABLE public.audit_log TO tollgate_admin;
GRANT SELECT,INSERT ON TABLE public.audit_log TO tollgate_catalogue;
GRANT SELECT,INSERT ON TABLE public.auto_top_ups TO tollgate_door;
GRANT SELECT(tenant_id) ON TABLE public.auto_top_ups TO tollgate_job;
GRANT SELECT(customer_id) ON TABLE public.auto_top_ups TO tollgate_job;
GRANT UPDATE(currency) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT UPDATE(threshold_minor) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT UPDATE(amount_minor) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT UPDATE(per_day) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT UPDATE(active) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT SELECT(active) ON TABLE public.auto_top_ups TO tollgate_job;
GRANT UPDATE(tries) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT UPDATE(next_at) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT SELECT(next_at) ON TABLE public.auto_top_ups TO tollgate_job;
GRANT UPDATE(parked_at) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT SELECT(parked_at) ON TABLE public.auto_top_ups TO tollgate_job;
GRANT UPDATE(parked_reason) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT UPDATE(changed_at) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT UPDATE(changed_by) ON TABLE public.auto_top_ups TO tollgate_door;
GRANT SELECT ON TABLE public.clock_moves TO tollgate_door;
GRANT SELECT ON TABLE public.coupon_promises TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.coupon_promises TO tollgate_engine;
GRANT SELECT ON TABLE public.coupon_promises TO tollgate_worker;
GRANT UPDATE(renewals_left) ON TABLE public.coupon_promises TO tollgate_engine;
GRANT UPDATE(ended_at) ON TABLE public.coupon_promises TO tollgate_engine;
GRANT UPDATE(ended_reason) ON TABLE public.coupon_promises TO tollgate_engine;
GRANT SELECT ON TABLE public.coupon_redemptions TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.coupon_redemptions TO tollgate_engine;
GRANT SELECT ON TABLE public.coupon_redemptions TO tollgate_worker;
GRANT UPDATE(state) ON TABLE public.coupon_redemptions TO tollgate_engine;
GRANT UPDATE(released_at) ON TABLE public.coupon_redemptions TO tollgate_engine;
GRANT UPDATE(released_reason) ON TABLE public.coupon_redemptions TO tollgate_engine;
GRANT SELECT ON TABLE public.coupons TO tollgate_door;
GRANT SELECT ON TABLE public.coupons TO tollgate_engine;
GRANT SELECT ON TABLE public.coupons TO tollgate_worker;
GRANT SELECT ON TABLE public.coupons TO tollgate_job;
GRANT SELECT,INSERT ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(percent_bps) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(amount_minor) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(min_amount_minor) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(max_redemptions) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(per_customer) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(plan_ids) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(applies_to) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(starts_at) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(ends_at) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(redeemed_count) ON TABLE public.coupons TO tollgate_engine;
GRANT UPDATE(active) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(max_discount_minor) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(budget_minor) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(discounted_minor) ON TABLE public.coupons TO tollgate_engine;
GRANT UPDATE(first_order) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(customers) ON TABLE public.coupons TO tollgate_catalogue;
GRANT UPDATE(renewals) ON TABLE public.coupons TO tollgate_catalogue;
GRANT SELECT,INSERT ON TABLE public.credential_history TO tollgate_door;
GRANT SELECT ON TABLE public.credential_history TO tollgate_engine;
GRANT SELECT,INSERT ON TABLE public.credential_history TO tollgate_worker;
GRANT SELECT ON TABLE public.currencies TO tollgate_door;
GRANT SELECT ON TABLE public.currencies TO tollgate_engine;
GRANT SELECT ON TABLE public.currencies TO tollgate_worker;
GRANT SELECT ON TABLE public.customer_groups TO tollgate_door;
GRANT SELECT ON TABLE public.customer_groups TO tollgate_engine;
GRANT SELECT ON TABLE public.customer_groups TO tollgate_job;
GRANT SELECT ON TABLE public.customer_groups TO tollgate_admin;
GRANT SELECT,INSERT ON TABLE public.customer_groups TO tollgate_catalogue;
GRANT UPDATE(name) ON TABLE public.customer_groups TO tollgate_catalogue;
GRANT UPDATE(active) ON TABLE public.customer_groups TO tollgate_catalogue;
GRANT SELECT,INSERT,DELETE ON TABLE public.customer_recovery_codes TO tollgate_account;
GRANT DELETE ON TABLE public.customer_recovery_codes TO tollgate_admin;
GRANT SELECT(tenant_id) ON TABLE public.customer_recovery_codes TO tollgate_admin;
GRANT SELECT(user_id) ON TABLE public.customer_recovery_codes TO tollgate_admin;
GRANT UPDATE(used_at) ON TABLE public.customer_recovery_codes TO tollgate_account;
GRANT SELECT ON TABLE public.customer_users TO tollgate_door;
GRANT SELECT ON TABLE public.customer_users TO tollgate_account;
GRANT INSERT ON TABLE public.customer_users TO tollgate_admin;
GRANT SELECT(tenant_id) ON TABLE public.customer_users TO tollgate_admin;
GRANT SELECT(id) ON TABLE public.customer_users TO tollgate_admin;
GRANT SELECT(customer_id) ON TABLE public.customer_users TO tollgate_admin;
GRANT SELECT(username) ON TABLE public.customer_users TO tollgate_admin;
GRANT SELECT(email),UPDATE(email) ON TABLE public.customer_users TO tollgate_admin;
GRANT UPDATE(password_hash) ON TABLE public.customer_users TO tollgate_account;
GRANT SELECT(password_hash),UPDATE(password_hash) ON TABLE public.customer_users TO tollgate_admin;
GRANT SELECT(role),UPDATE(role) ON TABLE public.customer_users TO tollgate_admin;
GRANT SELECT(active),UPDATE(active) ON TABLE public.customer_users TO tollgate_admin;
GRANT SELECT(created_at) ON TABLE public.customer_users TO tollgate_admin;
GRANT UPDATE(session_version) ON TABLE public.customer_users TO tollgate_account;
GRANT SELECT(session_version),UPDATE(session_version) ON TABLE public.customer_users TO tollgate_admin;
GRANT UPDATE(applied_password_hash) ON TABLE public.customer_users TO tollgate_account;
GRANT SELECT(applied_password_hash),UPDATE(applied_password_hash) ON TABLE public.customer_users TO tollgate_admin;
GRANT UPDATE(totp_secret) ON TABLE public.customer_users TO tollgate_account;
GRANT UPDATE(totp_secret) ON TABLE public.customer_users TO tollgate_admin;
GRANT UPDATE(totp_confirmed_at) ON TABLE public.customer_users TO tollgate_account;
GRANT SELECT(totp_confirmed_at),UPDATE(totp_confirmed_at) ON TABLE public.customer_users TO tollgate_admin;
GRANT UPDATE(totp_last_step) ON TABLE public.customer_users TO tollgate_account;
GRANT UPDATE(totp_last_step) ON TABLE public.customer_users TO tollgate_admin;
GRANT SELECT ON TABLE public.customers TO tollgate_door;
GRANT SELECT ON TABLE public.customers TO tollgate_engine;
GRANT SELECT ON TABLE public.customers TO tollgate_worker;
GRANT SELECT ON TABLE public.customers TO tollgate_account;
GRANT SELECT,INSERT ON TABLE public.customers TO tollgate_admin;
GRANT UPDATE(username) ON TABLE public.customers TO tollgate_admin;
GRANT UPDATE(active) ON TABLE public.customers TO tollgate_admin;
GRANT UPDATE(group_id) ON TABLE public.customers TO tollgate_admin;
GRANT SELECT ON TABLE public.gateway_states TO tollgate_door;
GRANT SELECT ON TABLE public.gateway_states TO tollgate_engine;
GRANT SELECT,INSERT,UPDATE ON TABLE public.gateway_states TO tollgate_worker;
GRANT SELECT ON TABLE public.gateways TO tollgate_door;
GRANT SELECT ON TABLE public.gateways TO tollgate_engine;
GRANT SELECT ON TABLE public.gateways TO tollgate_worker;
GRANT SELECT,INSERT ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(host) ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(first_port) ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(last_port) ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(shared_port) ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(protocols) ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(vless_port) ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(shadowsocks_port) ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(driver) ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(desired_version) ON TABLE public.gateways TO tollgate_engine;
GRANT UPDATE(desired_version) ON TABLE public.gateways TO tollgate_door;
GRANT UPDATE(desired_version) ON TABLE public.gateways TO tollgate_worker;
GRANT UPDATE(desired_version) ON TABLE public.gateways TO tollgate_catalogue;
GRANT UPDATE(active) ON TABLE public.gateways TO tollgate_catalogue;
GRANT SELECT ON TABLE public.group_prices TO tollgate_door;
GRANT SELECT ON TABLE public.group_prices TO tollgate_engine;
GRANT SELECT ON TABLE public.group_prices TO tollgate_job;
GRANT SELECT ON TABLE public.group_prices TO tollgate_admin;
GRANT SELECT,INSERT ON TABLE public.group_prices TO tollgate_catalogue;
GRANT SELECT ON TABLE public.hosts TO tollgate_door;
GRANT SELECT ON TABLE public.hosts TO tollgate_engine;
GRANT SELECT ON TABLE public.hosts TO tollgate_worker;
GRANT SELECT,INSERT,DELETE ON TABLE public.hosts TO tollgate_catalogue;
GRANT UPDATE(dialect) ON TABLE public.hosts TO tollgate_catalogue;
GRANT SELECT,INSERT ON TABLE public.idempotency_keys TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.idempotency_keys TO tollgate_engine;
GRANT SELECT ON TABLE public.idempotency_keys TO tollgate_worker;
GRANT SELECT,DELETE ON TABLE public.idempotency_keys TO tollgate_job;
GRANT SELECT,INSERT ON TABLE public.idempotency_keys TO tollgate_admin;
GRANT SELECT,INSERT ON TABLE public.idempotency_keys TO tollgate_account;
GRANT SELECT,INSERT ON TABLE public.idempotency_keys TO tollgate_catalogue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_runs TO tollgate_job;
GRANT INSERT ON TABLE public.job_runs TO tollgate_admin;
GRANT SELECT ON TABLE public.journal_entries TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.journal_entries TO tollgate_engine;
GRANT SELECT ON TABLE public.journal_entries TO tollgate_worker;
GRANT SELECT ON TABLE public.networks TO tollgate_door;
GRANT SELECT ON TABLE public.networks TO tollgate_engine;
GRANT SELECT ON TABLE public.networks TO tollgate_worker;
GRANT SELECT,INSERT ON TABLE public.networks TO tollgate_catalogue;
GRANT UPDATE(city) ON TABLE public.networks TO tollgate_catalogue;
GRANT UPDATE(country) ON TABLE public.networks TO tollgate_catalogue;
GRANT UPDATE(type) ON TABLE public.networks TO tollgate_catalogue;
GRANT UPDATE(exit_class) ON TABLE public.networks TO tollgate_catalogue;
GRANT UPDATE(asn) ON TABLE public.networks TO tollgate_catalogue;
GRANT UPDATE(asn_org) ON TABLE public.networks TO tollgate_catalogue;
GRANT UPDATE(active) ON TABLE public.networks TO tollgate_catalogue;
GRANT UPDATE(low_stock) ON TABLE public.networks TO tollgate_catalogue;
GRANT SELECT ON TABLE public.orders TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.orders TO tollgate_engine;
GRANT SELECT ON TABLE public.orders TO tollgate_worker;
GRANT UPDATE(refunded_minor) ON TABLE public.orders TO tollgate_engine;
GRANT UPDATE(wholesale_refunded_minor) ON TABLE public.orders TO tollgate_engine;
GRANT UPDATE(state) ON TABLE public.orders TO tollgate_engine;
GRANT SELECT,INSERT ON TABLE public.outbox_events TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.outbox_events TO tollgate_engine;
GRANT SELECT,INSERT ON TABLE public.outbox_events TO tollgate_worker;
GRANT SELECT,INSERT,DELETE ON TABLE public.outbox_events TO tollgate_job;
GRANT SELECT,INSERT ON TABLE public.outbox_events TO tollgate_account;
GRANT INSERT ON TABLE public.outbox_events TO tollgate_admin;
GRANT SELECT,INSERT ON TABLE public.payment_events TO tollgate_door;
GRANT SELECT ON TABLE public.payment_providers TO tollgate_door;
GRANT SELECT(tenant_id) ON TABLE public.payment_providers TO tollgate_job;
GRANT SELECT(provider) ON TABLE public.payment_providers TO tollgate_job;
GRANT SELECT(active) ON TABLE public.payment_providers TO tollgate_job;
GRANT SELECT ON TABLE public.payment_reversals TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.payment_reversals TO tollgate_engine;
GRANT SELECT ON TABLE public.payment_reversals TO tollgate_worker;
GRANT SELECT(tenant_id) ON TABLE public.payment_reversals TO tollgate_job;
GRANT SELECT(id) ON TABLE public.payment_reversals TO tollgate_job;
GRANT UPDATE(booked_minor) ON TABLE public.payment_reversals TO tollgate_engine;
GRANT UPDATE(state) ON TABLE public.payment_reversals TO tollgate_engine;
GRANT SELECT(state) ON TABLE public.payment_reversals TO tollgate_job;
GRANT UPDATE(reference) ON TABLE public.payment_reversals TO tollgate_engine;
GRANT UPDATE(entry_id) ON TABLE public.payment_reversals TO tollgate_engine;
GRANT UPDATE(problem) ON TABLE public.payment_reversals TO tollgate_door;
GRANT UPDATE(problem) ON TABLE public.payment_reversals TO tollgate_engine;
GRANT UPDATE(closed_at) ON TABLE public.payment_reversals TO tollgate_engine;
GRANT UPDATE(tries) ON TABLE public.payment_reversals TO tollgate_door;
GRANT UPDATE(next_at) ON TABLE public.payment_reversals TO tollgate_door;
GRANT UPDATE(next_at) ON TABLE public.payment_reversals TO tollgate_engine;
GRANT SELECT(next_at) ON TABLE public.payment_reversals TO tollgate_job;
GRANT SELECT,INSERT ON TABLE public.payments TO tollgate_door;
GRANT SELECT ON TABLE public.payments TO tollgate_engine;
GRANT SELECT ON TABLE public.payments TO tollgate_worker;
GRANT SELECT(tenant_id) ON TABLE public.payments TO tollgate_job;
GRANT SELECT(id) ON TABLE public.payments TO tollgate_job;
GRANT SELECT(customer_id) ON TABLE public.payments TO tollgate_job;
GRANT SELECT(way) ON TABLE public.payments TO tollgate_job;
GRANT UPDATE(state) ON TABLE public.payments TO tollgate_door;
GRANT UPDATE(state) ON TABLE public.payments TO tollgate_engine;
GRANT SELECT(state) ON TABLE public.payments TO tollgate_job;
GRANT UPDATE(session) ON TABLE public.payments TO tollgate_door;
GRANT UPDATE(url) ON TABLE public.payments TO tollgate_door;
GRANT UPDATE(reference) ON TABLE public.payments TO tollgate_door;
GRANT UPDATE(reference) ON TABLE public.payments TO tollgate_engine;
GRANT UPDATE(credited_minor) ON TABLE public.payments TO tollgate_engine;
GRANT UPDATE(held_minor) ON TABLE public.payments TO tollgate_engine;
GRANT UPDATE(returned_minor) ON TABLE public.payments TO tollgate_engine;
GRANT UPDATE(entry_id) ON TABLE public.payments TO tollgate_engine;
GRANT UPDATE(closed_at) ON TABLE public.payments TO tollgate_door;
GRANT UPDATE(closed_at) ON TABLE public.payments TO tollgate_engine;
GRANT UPDATE(tries) ON TABLE public.payments TO tollgate_door;
GRANT UPDATE(next_at) ON TABLE public.payments TO tollgate_door;
GRANT UPDATE(next_at) ON TABLE public.payments TO tollgate_engine;
GRANT SELECT(next_at) ON TABLE public.payments TO tollgate_job;
GRANT UPDATE(problem) ON TABLE public.payments TO tollgate_door;
GRANT SELECT ON TABLE public.pending_orders TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.pending_orders TO tollgate_engine;
GRANT SELECT ON TABLE public.pending_orders TO tollgate_worker;
GRANT SELECT ON TABLE public.pending_orders TO tollgate_job;
GRANT UPDATE(state) ON TABLE public.pending_orders TO tollgate_engine;
GRANT UPDATE(closed_at) ON TABLE public.pending_orders TO tollgate_engine;
GRANT UPDATE(entry_id) ON TABLE public.pending_orders TO tollgate_engine;
GRANT UPDATE(reason) ON TABLE public.pending_orders TO tollgate_engine;
GRANT SELECT ON TABLE public.plan_versions TO tollgate_door;
GRANT SELECT ON TABLE public.plan_versions TO tollgate_engine;
GRANT SELECT ON TABLE public.plan_versions TO tollgate_worker;
GRANT SELECT,INSERT ON TABLE public.plan_versions TO tollgate_catalogue;
GRANT SELECT ON TABLE public.plans TO tollgate_door;
GRANT SELECT ON TABLE public.plans TO tollgate_engine;
GRANT SELECT ON TABLE public.plans TO tollgate_worker;
GRANT SELECT ON TABLE public.plans TO tollgate_job;
GRANT SELECT,INSERT ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(name) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(product) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(connection) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(duration_ms) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(currency) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(price_minor) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(wholesale_minor) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(popular) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(rotation_minutes) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(trial_ms) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(sells_in) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(attributes) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(version) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(sort_order) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(active) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(threads) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(exits) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(exit_rotations) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(auto_renew) ON TABLE public.plans TO tollgate_catalogue;
GRANT UPDATE(duration_months) ON TABLE public.plans TO tollgate_catalogue;
GRANT SELECT ON TABLE public.transfers TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.transfers TO tollgate_engine;
GRANT SELECT ON TABLE public.transfers TO tollgate_worker;
GRANT SELECT ON TABLE public.postings TO tollgate_door;
GRANT SELECT ON TABLE public.postings TO tollgate_engine;
GRANT SELECT ON TABLE public.postings TO tollgate_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rate_counts TO tollgate_recorder;
GRANT SELECT ON TABLE public.renewal_attempts TO tollgate_door;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.renewal_attempts TO tollgate_job;
GRANT SELECT ON TABLE public.request_log TO tollgate_door;
GRANT SELECT,INSERT,DELETE ON TABLE public.saved_payment_methods TO tollgate_door;
GRANT UPDATE(payer) ON TABLE public.saved_payment_methods TO tollgate_door;
GRANT UPDATE(method) ON TABLE public.saved_payment_methods TO tollgate_door;
GRANT UPDATE(saved_at) ON TABLE public.saved_payment_methods TO tollgate_door;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.server_processes TO tollgate_recorder;
GRANT SELECT ON TABLE public.slots TO tollgate_door;
GRANT SELECT ON TABLE public.slots TO tollgate_engine;
GRANT SELECT,INSERT,UPDATE ON TABLE public.slots TO tollgate_worker;
GRANT SELECT(tenant_id) ON TABLE public.slots TO tollgate_catalogue;
GRANT SELECT(gateway_id) ON TABLE public.slots TO tollgate_catalogue;
GRANT UPDATE(state) ON TABLE public.slots TO tollgate_engine;
GRANT UPDATE(state) ON TABLE public.slots TO tollgate_door;
GRANT SELECT(state) ON TABLE public.slots TO tollgate_catalogue;
GRANT UPDATE(rank) ON TABLE public.slots TO tollgate_engine;
GRANT UPDATE(rank) ON TABLE public.slots TO tollgate_door;
GRANT UPDATE(username) ON TABLE public.slots TO tollgate_door;
GRANT UPDATE(username) ON TABLE public.slots TO tollgate_engine;
GRANT UPDATE(secret) ON TABLE public.slots TO tollgate_door;
GRANT UPDATE(secret) ON TABLE public.slots TO tollgate_engine;
GRANT UPDATE(secret_version) ON TABLE public.slots TO tollgate_door;
GRANT UPDATE(secret_version) ON TABLE public.slots TO tollgate_engine;
GRANT UPDATE(secret_since) ON TABLE public.slots TO tollgate_door;
GRANT UPDATE(secret_since) ON TABLE public.slots TO tollgate_engine;
GRANT UPDATE(revision) ON TABLE public.slots TO tollgate_engine;
GRANT UPDATE(revision) ON TABLE public.slots TO tollgate_door;
GRANT UPDATE(state_since) ON TABLE public.slots TO tollgate_engine;
GRANT UPDATE(state_since) ON TABLE public.slots TO tollgate_door;
GRANT UPDATE(lent_revision) ON TABLE public.slots TO tollgate_engine;
GRANT UPDATE(lent_revision) ON TABLE public.slots TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.staff TO tollgate_admin;
GRANT UPDATE(name) ON TABLE public.staff TO tollgate_admin;
GRANT UPDATE(role) ON TABLE public.staff TO tollgate_admin;
GRANT UPDATE(password_hash) ON TABLE public.staff TO tollgate_admin;
GRANT UPDATE(active) ON TABLE public.staff TO tollgate_admin;
GRANT UPDATE(session_version) ON TABLE public.staff TO tollgate_admin;
GRANT UPDATE(totp_secret) ON TABLE public.staff TO tollgate_admin;
GRANT UPDATE(totp_since) ON TABLE public.staff TO tollgate_admin;
GRANT UPDATE(totp_step) ON TABLE public.staff TO tollgate_admin;
GRANT UPDATE(recovery_digests) ON TABLE public.staff TO tollgate_admin;
GRANT SELECT ON TABLE public.stock_levels TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.stock_levels TO tollgate_worker;
GRANT UPDATE(level) ON TABLE public.stock_levels TO tollgate_worker;
GRANT UPDATE(crossing) ON TABLE public.stock_levels TO tollgate_worker;
GRANT UPDATE(changed_at) ON TABLE public.stock_levels TO tollgate_worker;
GRANT SELECT ON TABLE public.subscriptions TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.subscriptions TO tollgate_engine;
GRANT SELECT ON TABLE public.subscriptions TO tollgate_worker;
GRANT SELECT ON TABLE public.subscriptions TO tollgate_job;
GRANT SELECT ON TABLE public.subscriptions TO tollgate_account;
GRANT SELECT ON TABLE public.subscriptions TO tollgate_admin;
GRANT UPDATE(plan_id) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(active_until) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(next_period) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(user_note) ON TABLE public.subscriptions TO tollgate_account;
GRANT UPDATE(user_note) ON TABLE public.subscriptions TO tollgate_admin;
GRANT UPDATE(ended_at) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(ended_at) ON TABLE public.subscriptions TO tollgate_job;
GRANT UPDATE(ended_at) ON TABLE public.subscriptions TO tollgate_worker;
GRANT UPDATE(exit_country) ON TABLE public.subscriptions TO tollgate_door;
GRANT UPDATE(exit_country) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(exit_rotation) ON TABLE public.subscriptions TO tollgate_door;
GRANT UPDATE(exit_rotation) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(renews_at) ON TABLE public.subscriptions TO tollgate_job;
GRANT UPDATE(renews_at) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(renews_at) ON TABLE public.subscriptions TO tollgate_worker;
GRANT UPDATE(renews_at) ON TABLE public.subscriptions TO tollgate_account;
GRANT UPDATE(renews_at) ON TABLE public.subscriptions TO tollgate_admin;
GRANT UPDATE(tried_on) ON TABLE public.subscriptions TO tollgate_job;
GRANT UPDATE(tried_on) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(tried_on) ON TABLE public.subscriptions TO tollgate_account;
GRANT UPDATE(tried_on) ON TABLE public.subscriptions TO tollgate_admin;
GRANT UPDATE(tries) ON TABLE public.subscriptions TO tollgate_job;
GRANT UPDATE(tries) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(tries) ON TABLE public.subscriptions TO tollgate_account;
GRANT UPDATE(tries) ON TABLE public.subscriptions TO tollgate_admin;
GRANT UPDATE(auto_renewals) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(auto_renewals) ON TABLE public.subscriptions TO tollgate_account;
GRANT UPDATE(auto_renewals) ON TABLE public.subscriptions TO tollgate_admin;
GRANT UPDATE(parked_at) ON TABLE public.subscriptions TO tollgate_job;
GRANT UPDATE(parked_at) ON TABLE public.subscriptions TO tollgate_account;
GRANT UPDATE(parked_at) ON TABLE public.subscriptions TO tollgate_admin;
GRANT UPDATE(parked_reason) ON TABLE public.subscriptions TO tollgate_job;
GRANT UPDATE(parked_reason) ON TABLE public.subscriptions TO tollgate_account;
GRANT UPDATE(parked_reason) ON TABLE public.subscriptions TO tollgate_admin;
GRANT UPDATE(anchored_at) ON TABLE public.subscriptions TO tollgate_engine;
GRANT UPDATE(anchored_months) ON TABLE public.subscriptions TO tollgate_engine;
GRANT SELECT ON TABLE public.tenants TO tollgate_door;
GRANT SELECT ON TABLE public.tenants TO tollgate_engine;
GRANT SELECT ON TABLE public.tenants TO tollgate_worker;
GRANT SELECT ON TABLE public.tenants TO tollgate_job;
GRANT SELECT ON TABLE public.tenants TO tollgate_admin;
GRANT SELECT ON TABLE public.tenants TO tollgate_account;
GRANT SELECT,UPDATE ON TABLE public.tenants TO tollgate_catalogue;
GRANT INSERT(id) ON TABLE public.tenants TO tollgate_catalogue;
GRANT INSERT(slug) ON TABLE public.tenants TO tollgate_catalogue;
GRANT INSERT(name) ON TABLE public.tenants TO tollgate_catalogue;
GRANT INSERT(currency) ON TABLE public.tenants TO tollgate_catalogue;
GRANT INSERT(timezone) ON TABLE public.tenants TO tollgate_catalogue;
GRANT INSERT(grace_ms) ON TABLE public.tenants TO tollgate_catalogue;
GRANT INSERT(active) ON TABLE public.tenants TO tollgate_catalogue;
GRANT INSERT(created_at) ON TABLE public.tenants TO tollgate_catalogue;
GRANT INSERT(sandbox_of) ON TABLE public.tenants TO tollgate_catalogue;
GRANT SELECT ON TABLE public.terms TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.terms TO tollgate_engine;
GRANT SELECT ON TABLE public.terms TO tollgate_worker;
GRANT SELECT ON TABLE public.terms TO tollgate_job;
GRANT SELECT ON TABLE public.terms TO tollgate_account;
GRANT SELECT ON TABLE public.terms TO tollgate_admin;
GRANT UPDATE(cut_at) ON TABLE public.terms TO tollgate_engine;
GRANT UPDATE(cut_recorded_at) ON TABLE public.terms TO tollgate_engine;
GRANT SELECT ON TABLE public.trial_grants TO tollgate_door;
GRANT SELECT,INSERT ON TABLE public.trial_grants TO tollgate_engine;
GRANT SELECT ON TABLE public.trial_grants TO tollgate_worker;
