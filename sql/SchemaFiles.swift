// Written by scripts/embed-sql from sql/migrations and sql/invariants: change those and run `make schema`.

/// The schema that this build was made with.
public enum SchemaFiles {
    /// One folder of sql/migrations: what to run, and the checks around it where data moves.
    public typealias Migration = (name: String, up: String, checkBefore: String?, checkAfter: String?)
    /// One file of sql/invariants: a query that returns no rows when all is well.
    public typealias Invariant = (name: String, sql: String)

    public static let migrations: [Migration] = [
(
name: "0001-platform",
up: #"""
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

-- ISO 4217 list one, as fixtures/currencies.txt has it and as Primitives knows it.
INSERT INTO currencies (code, scale) VALUES
    ('AED', 2), ('AFN', 2), ('ALL', 2), ('AMD', 2), ('ANG', 2), ('AOA', 2), ('ARS', 2), ('AUD', 2),
    ('AWG', 2), ('AZN', 2), ('BAM', 2), ('BBD', 2), ('BDT', 2), ('BGN', 2), ('BHD', 3), ('BIF', 0),
    ('BMD', 2), ('BND', 2), ('BOB', 2), ('BOV', 2), ('BRL', 2), ('BSD', 2), ('BTN', 2), ('BWP', 2),
    ('BYN', 2), ('BZD', 2), ('CAD', 2), ('CDF', 2), ('CHE', 2), ('CHF', 2), ('CHW', 2), ('CLF', 4),
    ('CLP', 0), ('CNY', 2), ('COP', 2), ('COU', 2), ('CRC', 2), ('CUP', 2), ('CVE', 2), ('CZK', 2),
    ('DJF', 0), ('DKK', 2), ('DOP', 2), ('DZD', 2), ('EGP', 2), ('ERN', 2), ('ETB', 2), ('EUR', 2),
    ('FJD', 2), ('FKP', 2), ('GBP', 2), ('GEL', 2), ('GHS', 2), ('GIP', 2), ('GMD', 2), ('GNF', 0),
    ('GTQ', 2), ('GYD', 2), ('HKD', 2), ('HNL', 2), ('HTG', 2), ('HUF', 2), ('IDR', 2), ('ILS', 2),
    ('INR', 2), ('IQD', 3), ('IRR', 2), ('ISK', 0), ('JMD', 2), ('JOD', 3), ('JPY', 0), ('KES', 2),
    ('KGS', 2), ('KHR', 2), ('KMF', 0), ('KPW', 2), ('KRW', 0), ('KWD', 3), ('KYD', 2), ('KZT', 2),
    ('LAK', 2), ('LBP', 2), ('LKR', 2), ('LRD', 2), ('LSL', 2), ('LYD', 3), ('MAD', 2), ('MDL', 2),
    ('MGA', 2), ('MKD', 2), ('MMK', 2), ('MNT', 2), ('MOP', 2), ('MRU', 2), ('MUR', 2), ('MVR', 2),
    ('MWK', 2), ('MXN', 2), ('MXV', 2), ('MYR', 2), ('MZN', 2), ('NAD', 2), ('NGN', 2), ('NIO', 2),
    ('NOK', 2), ('NPR', 2), ('NZD', 2), ('OMR', 3), ('PAB', 2), ('PEN', 2), ('PGK', 2), ('PHP', 2),
    ('PKR', 2), ('PLN', 2), ('PYG', 0), ('QAR', 2), ('RON', 2), ('RSD', 2), ('RUB', 2), ('RWF', 0),
    ('SAR', 2), ('SBD', 2), ('SCR', 2), ('SDG', 2), ('SEK', 2), ('SGD', 2), ('SHP', 2), ('SLE', 2),
    ('SOS', 2), ('SRD', 2), ('SSP', 2), ('STN', 2), ('SVC', 2), ('SYP', 2), ('SZL', 2), ('THB', 2),
    ('TJS', 2), ('TMT', 2), ('TND', 3), ('TOP', 2), ('TRY', 2), ('TTD', 2), ('TWD', 2), ('TZS', 2),
    ('UAH', 2), ('UGX', 0), ('USD', 2), ('USN', 2), ('UYI', 0), ('UYU', 2), ('UYW', 4), ('UZS', 2),
    ('VED', 2), ('VES', 2), ('VND', 0), ('VUV', 0), ('WST', 2), ('XAD', 2), ('XAF', 0), ('XCD', 2),
    ('XCG', 2), ('XOF', 0), ('XPF', 0), ('YER', 2), ('ZAR', 2), ('ZMW', 2), ('ZWG', 2);

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0002-tenants",
up: #"""
CREATE TABLE tenants (
    id bigint NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    currency text NOT NULL,
    timezone text NOT NULL,
    grace_ms bigint NOT NULL,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT tenants_pkey PRIMARY KEY (id),
    CONSTRAINT tenant_slug_is_unique UNIQUE (slug),
    CONSTRAINT tenant_slug_is_a_dns_label CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT tenant_grace_must_not_be_negative CHECK (grace_ms >= 0)
);

-- Values that are unique across tenants live in small reference tables: hosts and API-key hashes.
CREATE TABLE hosts (
    host text NOT NULL,
    tenant_id bigint NOT NULL,
    dialect text NOT NULL,
    CONSTRAINT hosts_pkey PRIMARY KEY (host),
    CONSTRAINT host_is_lower_case CHECK (host = lower(host)),
    CONSTRAINT host_dialect_is_known CHECK (dialect IN ('gate', 'opproxy', 'proxaro', 'octoprox', 'marchproxy'))
);

CREATE TABLE customers (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    username text NOT NULL,
    currency text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT customer_email_is_unique_per_tenant UNIQUE (tenant_id, email),
    CONSTRAINT customer_username_is_unique_per_tenant UNIQUE (tenant_id, username)
);

-- People who sign in for a customer.
CREATE TABLE customer_users (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    username text NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT customer_users_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT user_email_is_unique_per_tenant UNIQUE (tenant_id, email),
    CONSTRAINT user_username_is_unique_per_tenant UNIQUE (tenant_id, username),
    CONSTRAINT user_role_is_known CHECK (role IN ('admin', 'editor', 'viewer'))
);

CREATE TABLE api_keys (
    hash bytea NOT NULL,
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    dialect text NOT NULL,
    hint text NOT NULL,
    trials boolean NOT NULL DEFAULT false,
    scopes text[] NOT NULL DEFAULT '{}',
    rate_limit text,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT api_keys_pkey PRIMARY KEY (hash),
    CONSTRAINT api_key_id_is_unique_per_tenant UNIQUE (tenant_id, id),
    CONSTRAINT api_key_hash_is_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT api_key_dialect_is_known CHECK (dialect IN ('gate', 'opproxy', 'proxaro', 'octoprox', 'marchproxy'))
);

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0003-catalogue",
up: #"""
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

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0004-ledger",
up: #"""
-- One account per (owner, role, currency); the tenant's and the platform's own accounts have the nil owner.
-- `balance_minor` is on the account's normal side: what a wallet is worth, what revenue has earned.
-- `postings_count` numbers the account's postings, so that a statement has one order and no gaps.
CREATE TABLE accounts (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    role text NOT NULL,
    currency text NOT NULL,
    normal_side text NOT NULL,
    balance_minor bigint NOT NULL DEFAULT 0,
    floor_minor bigint,              -- NULL: no bound; a wallet's floor is minus its credit limit
    postings_count bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT account_is_unique_per_owner_role_and_currency UNIQUE (tenant_id, owner_id, role, currency),
    CONSTRAINT account_role_is_in_the_chart CHECK (role IN (
        'wallet', 'revenue', 'outside', 'adjustments', 'float', 'platform_revenue', 'platform_outside')),
    CONSTRAINT account_normal_side_is_debit_or_credit CHECK (normal_side IN ('debit', 'credit')),
    CONSTRAINT account_balance_must_not_fall_below_its_floor CHECK (floor_minor IS NULL OR balance_minor >= floor_minor)
) WITH (fillfactor = 50);

-- One business event. Its id is the id of the command that caused it, so "did it happen?" is one look-up.
CREATE TABLE journal_entries (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    reason text NOT NULL,
    order_id uuid,                   -- the order this entry belongs to
    reverses_id uuid,                -- the entry that this one answers
    reference text,                  -- an outside name for the event: a settlement, a file's opening balance
    memo text,
    actor text,                      -- who asked, where it was a person
    effective_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT journal_entries_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT journal_entry_reason_is_known CHECK (reason IN (
        'purchase', 'renewal', 'trial', 'top_up', 'refund', 'adjustment', 'float_top_up'))
);
CREATE UNIQUE INDEX journal_entry_reference_is_unique_per_tenant
    ON journal_entries (tenant_id, reference) WHERE reference IS NOT NULL;
CREATE INDEX journal_entries_by_reversed ON journal_entries (tenant_id, reverses_id) WHERE reverses_id IS NOT NULL;

-- One debit, one credit, one positive amount: balanced by construction. Both postings of a transfer are in its row,
-- each with its number on the account and the balance after it; the view `postings` shows them one by one.
CREATE TABLE transfers (
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
    CONSTRAINT transfers_pkey PRIMARY KEY (tenant_id, entry_id, line),
    CONSTRAINT transfer_amount_is_positive CHECK (amount_minor > 0),
    CONSTRAINT transfer_sides_are_two_accounts CHECK (debit_account_id <> credit_account_id),
    CONSTRAINT transfer_debit_has_one_place_in_its_statement UNIQUE (tenant_id, debit_account_id, debit_sequence),
    CONSTRAINT transfer_credit_has_one_place_in_its_statement UNIQUE (tenant_id, credit_account_id, credit_sequence)
);

CREATE VIEW postings WITH (security_invoker = true) AS
    SELECT tenant_id, debit_account_id AS account_id, debit_sequence AS sequence, entry_id, line,
           'debit' AS side, amount_minor, currency, debit_balance_after AS balance_after
    FROM transfers
    UNION ALL
    SELECT tenant_id, credit_account_id, credit_sequence, entry_id, line,
           'credit', amount_minor, currency, credit_balance_after
    FROM transfers;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0005-orders",
up: #"""
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

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0006-gateways",
up: #"""
CREATE TABLE gateways (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    network_id uuid NOT NULL,
    host text NOT NULL,
    first_port integer,              -- inclusive range of ports that are lent one by one ...
    last_port integer,
    shared_port integer,             -- ... or one port that many customers share
    protocols text[] NOT NULL,
    vless_port integer,
    shadowsocks_port integer,
    driver text NOT NULL,
    desired_version bigint NOT NULL DEFAULT 0,   -- grows with every change of desired state; slots.revision says which
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT gateways_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT gateway_name_is_unique_per_tenant UNIQUE (tenant_id, name),
    CONSTRAINT gateway_driver_is_known CHECK (driver IN ('simulated', 'sing-box', 'envoy')),
    CONSTRAINT gateway_has_a_range_or_a_shared_port CHECK (
        (first_port IS NOT NULL AND last_port IS NOT NULL AND shared_port IS NULL)
        OR (first_port IS NULL AND last_port IS NULL AND shared_port IS NOT NULL)),
    CONSTRAINT gateway_ports_are_ports CHECK (first_port >= 1 AND last_port >= first_port AND last_port <= 65535),
    CONSTRAINT gateway_shared_port_is_a_port CHECK (shared_port BETWEEN 1 AND 65535)
) WITH (fillfactor = 50);

-- What the gateway's driver or agent last made true; written by the worker, apart from the row that purchases touch.
CREATE TABLE gateway_states (
    tenant_id bigint NOT NULL,
    gateway_id uuid NOT NULL,
    applied_version bigint NOT NULL,
    observed_at timestamptz NOT NULL,
    healthy boolean NOT NULL,
    problem text,
    CONSTRAINT gateway_states_pkey PRIMARY KEY (tenant_id, gateway_id)
);

-- One port on one gateway with the credentials made for it in advance. `secret` is AES-GCM sealed.
-- held -> ready -> assigned -> draining -> quarantined -> (new credentials) held; a slot is held until its gateway knows it.
CREATE TABLE slots (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    gateway_id uuid NOT NULL,
    network_id uuid NOT NULL,
    port integer NOT NULL,
    state text NOT NULL,
    rank bigint NOT NULL,            -- the order of lending: ports first to last, then least recently released first
    username text NOT NULL,
    secret bytea NOT NULL,
    secret_version integer NOT NULL,
    secret_since timestamptz NOT NULL,
    revision bigint NOT NULL,        -- the gateway's desired_version of this slot's last change
    state_since timestamptz NOT NULL,
    CONSTRAINT slots_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT slot_port_is_unique_per_gateway UNIQUE (tenant_id, gateway_id, port),
    CONSTRAINT slot_port_is_a_port CHECK (port BETWEEN 1 AND 65535),
    CONSTRAINT slot_state_is_known CHECK (state IN ('ready', 'held', 'assigned', 'draining', 'quarantined', 'retired'))
) WITH (fillfactor = 80);
CREATE INDEX slots_ready ON slots (tenant_id, network_id, rank) WHERE state = 'ready';
CREATE INDEX slots_by_revision ON slots (tenant_id, gateway_id, revision);
CREATE INDEX slots_resting ON slots (tenant_id, state, state_since) WHERE state IN ('held', 'draining', 'quarantined');

-- Credentials that were valid once: half-open [valid_from, valid_until).
CREATE TABLE credential_history (
    tenant_id bigint NOT NULL,
    slot_id uuid NOT NULL,
    version integer NOT NULL,
    username text NOT NULL,
    secret bytea NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    CONSTRAINT credential_history_pkey PRIMARY KEY (tenant_id, slot_id, version)
);

-- A slot lent to a subscription. `sequence` counts a subscription's slots, in the order it was lent them. The live row
-- moves on to the next slot in place, and the past is written beside it: whoever waits for its lock finds the new slot.
CREATE TABLE allocations (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    sequence integer NOT NULL,
    slot_id uuid NOT NULL,
    gateway_id uuid NOT NULL,
    rotation_minutes integer NOT NULL,
    rotation_choices integer[] NOT NULL,     -- what the plan allowed when it was sold; empty: no rotation
    rotated_at timestamptz,
    rotates_at timestamptz,          -- when the worker next asks for another exit; NULL: only when asked
    expires_at timestamptz NOT NULL,
    allocated_at timestamptz NOT NULL,
    released_at timestamptz,
    CONSTRAINT allocations_pkey PRIMARY KEY (tenant_id, subscription_id, sequence),
    CONSTRAINT rotation_minutes_must_not_be_negative CHECK (rotation_minutes >= 0)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX a_slot_is_lent_once ON allocations (tenant_id, slot_id) WHERE released_at IS NULL;
CREATE INDEX allocations_by_expiry ON allocations (tenant_id, expires_at) WHERE released_at IS NULL;
CREATE INDEX allocations_by_rotation ON allocations (tenant_id, rotates_at)
    WHERE released_at IS NULL AND rotates_at IS NOT NULL;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0007-idempotency-and-outbox",
up: #"""
-- One answer per (tenant, principal, Idempotency-Key); `answer` is sealed, because answers carry credentials.
CREATE TABLE idempotency_keys (
    tenant_id bigint NOT NULL,
    principal_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    command_id uuid NOT NULL,
    status smallint NOT NULL,
    answer bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT one_answer_per_idempotency_key PRIMARY KEY (tenant_id, principal_id, key),
    CONSTRAINT idempotency_fingerprint_is_sha256 CHECK (octet_length(fingerprint) = 32)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (tenant_id, recorded_at);

-- What happened, in the past tense, written with the change itself. Its id is the id of the command.
CREATE TABLE outbox_events (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    customer_id uuid,
    payload jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT outbox_events_pkey PRIMARY KEY (tenant_id, id)
);

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0008-row-level-security",
up: #"""
-- Row-level security on every tenant table. The doors' role sees one tenant, named by `SET LOCAL tollgate.tenant`;
-- with no tenant set the expression is NULL and there are no rows. The engine and the worker serve all tenants in one
-- transaction and get a policy of their own; the owner (migrations, apply, verify) is not bound by policies.
DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'customers', 'customer_users', 'networks', 'plans', 'plan_versions', 'coupons', 'accounts', 'journal_entries',
        'transfers', 'orders', 'subscriptions', 'terms', 'coupon_redemptions', 'trial_grants', 'gateways',
        'gateway_states', 'slots', 'credential_history', 'allocations', 'idempotency_keys', 'outbox_events'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format(
            'CREATE POLICY only_its_tenant ON %I TO tollgate_door
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format('CREATE POLICY every_tenant ON %I TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true)', tenant_table);
        EXECUTE format('GRANT SELECT ON %I TO tollgate_door', tenant_table);
        -- Who may sign in, and with what, is the doors' matter alone.
        IF tenant_table <> 'customer_users' THEN
            EXECUTE format('GRANT SELECT ON %I TO tollgate_engine, tollgate_worker', tenant_table);
        END IF;
    END LOOP;
END
$$;

GRANT SELECT ON currencies, tenants, hosts, postings TO tollgate_door, tollgate_engine, tollgate_worker;
GRANT SELECT ON api_keys TO tollgate_door;

-- UPDATE is granted by column. A row lock (FOR UPDATE) takes the right to one column, whichever it is.

-- The engine: the only writer of the ledger. No DELETE anywhere; posted rows cannot even be updated.
GRANT INSERT ON journal_entries, transfers, terms, trial_grants, outbox_events, idempotency_keys TO tollgate_engine;
GRANT INSERT ON orders, subscriptions, coupon_redemptions, allocations TO tollgate_engine;
GRANT UPDATE (balance_minor, postings_count) ON accounts TO tollgate_engine;
GRANT UPDATE (redeemed_count) ON coupons TO tollgate_engine;
GRANT UPDATE (refunded_minor, wholesale_refunded_minor, state) ON orders TO tollgate_engine;
GRANT UPDATE (state, released_at) ON coupon_redemptions TO tollgate_engine;
GRANT UPDATE (plan_id, active_until, next_period, ended_at) ON subscriptions TO tollgate_engine;
GRANT UPDATE (expires_at, released_at) ON allocations TO tollgate_engine;
GRANT UPDATE (state, state_since, revision, rank) ON slots TO tollgate_engine;
GRANT UPDATE (desired_version) ON gateways TO tollgate_engine;

-- The doors: what a customer changes without money moving. How long an allocation lives is not among it.
GRANT INSERT ON allocations, credential_history, idempotency_keys, outbox_events TO tollgate_door;
GRANT UPDATE (slot_id, gateway_id, sequence, allocated_at, rotation_minutes, rotates_at, rotated_at) ON allocations
    TO tollgate_door;
GRANT UPDATE (username, secret, secret_version, secret_since, state, state_since, revision, rank) ON slots
    TO tollgate_door;
GRANT UPDATE (desired_version) ON gateways TO tollgate_door;

-- The worker: slots and their life.
GRANT INSERT, UPDATE ON slots, gateway_states TO tollgate_worker;
GRANT INSERT ON credential_history, outbox_events TO tollgate_worker;
GRANT UPDATE (released_at, rotated_at, rotates_at) ON allocations TO tollgate_worker;
GRANT UPDATE (desired_version) ON gateways TO tollgate_worker;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0009-retired-slots",
up: #"""
-- The worker looks every minute for retired slots whose ports are offered again; there are few, among many slots.
CREATE INDEX slots_retired ON slots (tenant_id, gateway_id, port) WHERE state = 'retired';

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0010-plans-on-several-networks",
up: #"""
-- A plan takes a slot on each of its networks, and a buyer may choose among its exits: what was one column, and what
-- waited among the attributes, are columns of their own.
ALTER TABLE plans
    ADD COLUMN network_ids uuid[] NOT NULL DEFAULT '{}',       -- a subscription has one slot on each, in this order
    ADD COLUMN threads integer,                                -- connections at once; NULL: without limit
    ADD COLUMN exits text[] NOT NULL DEFAULT '{}',             -- the countries to choose from; the first is the default
    ADD COLUMN exit_rotations text[] NOT NULL DEFAULT '{}';    -- instant, or minutes: 5m

UPDATE plans SET network_ids = ARRAY[network_id] WHERE network_id IS NOT NULL;

-- Codes that no network has stay where they are, and the next apply of the file says so.
UPDATE plans p SET network_ids = named.ids
FROM (
    SELECT plan.tenant_id, plan.id, array_agg(network.id ORDER BY code.place) AS ids
    FROM plans plan
    CROSS JOIN LATERAL jsonb_array_elements_text(plan.attributes -> 'networks') WITH ORDINALITY AS code (text, place)
    LEFT JOIN networks network ON network.tenant_id = plan.tenant_id AND network.code = code.text
    WHERE jsonb_typeof(plan.attributes -> 'networks') = 'array' AND plan.network_id IS NULL
    GROUP BY plan.tenant_id, plan.id
    HAVING count(network.id) = count(*)
) named
WHERE p.tenant_id = named.tenant_id AND p.id = named.id;

UPDATE plans SET attributes = attributes - 'networks' WHERE cardinality(network_ids) > 0 AND attributes ? 'networks';

UPDATE plans SET threads = (attributes ->> 'threads')::integer, attributes = attributes - 'threads'
WHERE attributes ? 'threads';

-- Both or neither, and only words of today's form; others stay, as above.
UPDATE plans SET
    exits = ARRAY(SELECT jsonb_array_elements_text(attributes -> 'countries')),
    exit_rotations = ARRAY(SELECT jsonb_array_elements_text(attributes -> 'rotations')),
    attributes = attributes - 'countries' - 'rotations'
WHERE jsonb_typeof(attributes -> 'countries') = 'array' AND jsonb_typeof(attributes -> 'rotations') = 'array'
  AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(attributes -> 'countries') AS country (word)
                  WHERE word !~ '^[a-z0-9]{2,32}$')
  AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(attributes -> 'rotations') AS rotation (word)
                  WHERE word !~ '^(instant|[1-9][0-9]{0,4}m)$')
  AND (SELECT count(*) = count(DISTINCT word) FROM jsonb_array_elements_text(attributes -> 'countries') AS c (word))
  AND (SELECT count(*) = count(DISTINCT word) FROM jsonb_array_elements_text(attributes -> 'rotations') AS r (word))
  AND (jsonb_array_length(attributes -> 'countries') = 0) = (jsonb_array_length(attributes -> 'rotations') = 0);

ALTER TABLE plans
    DROP COLUMN network_id,
    ADD CONSTRAINT plan_takes_one_slot_on_each_network CHECK (
        array_position(network_ids, NULL) IS NULL
        AND array_to_string(network_ids, ',') !~ '([0-9a-f-]{36}).*\1'),
    ADD CONSTRAINT plan_of_private_ports_has_a_network CHECK (
        connection IS DISTINCT FROM 'private' OR cardinality(network_ids) > 0),
    ADD CONSTRAINT plan_threads_are_positive CHECK (threads > 0),
    ADD CONSTRAINT plan_exits_are_words CHECK (
        array_position(exits, NULL) IS NULL
        AND array_to_string(exits, ',') ~ '^([a-z0-9]{2,32}(,[a-z0-9]{2,32})*)?$'
        AND ',' || array_to_string(exits, ',') || ',' !~ ',([a-z0-9]+),(.*,)?\1,'),
    ADD CONSTRAINT plan_exit_rotations_are_intervals CHECK (
        array_position(exit_rotations, NULL) IS NULL
        AND array_to_string(exit_rotations, ',') ~ '^((instant|[1-9][0-9]{0,4}m)(,(instant|[1-9][0-9]{0,4}m))*)?$'
        AND ',' || array_to_string(exit_rotations, ',') || ',' !~ ',([a-z0-9]+),(.*,)?\1,'),
    ADD CONSTRAINT plan_offers_exits_with_rotations CHECK (
        (cardinality(exits) = 0) = (cardinality(exit_rotations) = 0));

-- What the buyer chose of the plan's exits, or changed it to since; both NULL where the plan offers none.
ALTER TABLE subscriptions
    ADD COLUMN exit_country text,
    ADD COLUMN exit_rotation text,
    ADD CONSTRAINT subscription_exit_is_whole CHECK (
        (exit_country IS NULL AND exit_rotation IS NULL)
        OR (exit_country IS NOT NULL AND exit_rotation IS NOT NULL
            AND exit_country ~ '^[a-z0-9]{2,32}$' AND exit_rotation ~ '^(instant|[1-9][0-9]{0,4}m)$'));

-- The slots of one subscription share one login: those after the first take it over as they are lent.
GRANT UPDATE (username, secret, secret_version, secret_since) ON slots TO tollgate_engine;

"""#,
checkBefore: nil,
checkAfter: #"""
-- A subscription of a plan that has several networks now would miss slots that it was never lent.
SELECT s.tenant_id, s.id AS subscription, s.plan_id AS plan
FROM subscriptions s JOIN plans p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id
WHERE cardinality(p.network_ids) > 1 AND s.ended_at IS NULL

"""#
),
(
name: "0011-request-log",
up: #"""
-- What every account has asked, whatever the answer: docs/decisions/0014. Written by processes that serve, a moment
-- after they have answered, and read by the account. One partition a day, so that forgetting is dropping a table.

-- The role that writes it. Roles belong to the server: another database may have made it at this very moment.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_recorder') THEN
            CREATE ROLE tollgate_recorder NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- a neighbour made it between the look and the leap
    END;
    IF NOT pg_has_role(current_user, 'tollgate_recorder',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT tollgate_recorder TO CURRENT_USER;
    END IF;
END
$$;

-- recorded_at is the time within the id, so both have one order, and a page is read newest partition first.
CREATE TABLE request_log (
    tenant_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
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
    CONSTRAINT request_log_pkey PRIMARY KEY (tenant_id, customer_id, recorded_at, id),
    CONSTRAINT logged_texts_are_short CHECK (
        octet_length(path) <= 256 AND octet_length(route) <= 64 AND octet_length(dialect) <= 32
        AND octet_length(method) <= 16 AND octet_length(address) <= 64 AND octet_length(request_id) <= 64),
    CONSTRAINT logged_status_is_of_http CHECK (status BETWEEN 100 AND 599)
) PARTITION BY RANGE (recorded_at);

-- Doors read the whole under their policy; on the days themselves they have no rights at all.
ALTER TABLE request_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_its_tenant ON request_log TO tollgate_door
    USING (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint);
GRANT SELECT ON request_log TO tollgate_door;

-- COPY FROM is refused on tables with row-level security, and an INSERT through the parent looks for its partition row
-- by row; so the recorder may insert into the days, and only there.
CREATE FUNCTION make_request_log_day(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
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

-- Drops the oldest day that lies before another; returns what it was called, NULL once there is none. Each in a
-- transaction of its own, because it locks out the readers.
CREATE FUNCTION drop_request_log_day(before date) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
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

-- Whoever calls them must not choose where names lead, and nobody waits long for a lock that others wait behind.
DO $$
DECLARE
    made text;
BEGIN
    FOREACH made IN ARRAY ARRAY['make_request_log_day(date)', 'drop_request_log_day(date)'] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', made, current_schema());
        EXECUTE format('ALTER FUNCTION %s SET lock_timeout = ''1s''', made);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION make_request_log_day(date) TO tollgate_recorder;
GRANT EXECUTE ON FUNCTION drop_request_log_day(date) TO tollgate_worker;

-- When a key was last good for something: to the minute, and behind by a moment.
ALTER TABLE api_keys ADD COLUMN last_used_at timestamptz;
GRANT SELECT (tenant_id, id, last_used_at), UPDATE (last_used_at) ON api_keys TO tollgate_recorder;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0012-allowed-sources",
up: #"""
-- Where a key may be used from; NULL is anywhere. A list that lost its last entry must not open the key to all.
ALTER TABLE api_keys
    ADD COLUMN allowed_sources cidr[],
    ADD CONSTRAINT api_key_allow_list_is_not_empty CHECK (cardinality(allowed_sources) BETWEEN 1 AND 100),
    ADD CONSTRAINT api_key_allow_list_has_no_gaps CHECK (array_position(allowed_sources, NULL) IS NULL);

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0013-allowlists",
up: #"""
-- Addresses that may connect to a subscription's ports without its login; a list is replaced as a whole.
CREATE TABLE allowlist_entries (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    position integer NOT NULL,       -- from 1, as the customer listed them
    address text NOT NULL,           -- IPv4, canonical and dotted
    label text,                      -- what the customer calls it
    CONSTRAINT allowlist_entries_pkey PRIMARY KEY (tenant_id, subscription_id, position),
    CONSTRAINT an_address_is_listed_once UNIQUE (tenant_id, subscription_id, address),
    CONSTRAINT allowlist_positions_count_from_one CHECK (position > 0),
    CONSTRAINT allowlist_address_is_ipv4 CHECK (address ~
        '^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$'),
    CONSTRAINT allowlist_label_is_short_text CHECK (
        char_length(label) BETWEEN 1 AND 80 AND label !~ '[\x01-\x1f\x7f]')
);

ALTER TABLE allowlist_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_its_tenant ON allowlist_entries TO tollgate_door
    USING (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint);
CREATE POLICY every_tenant ON allowlist_entries TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, DELETE ON allowlist_entries TO tollgate_door;
GRANT SELECT ON allowlist_entries TO tollgate_engine, tollgate_worker;

-- A customer chooses another exit among their plan's without money moving.
GRANT UPDATE (exit_country, exit_rotation) ON subscriptions TO tollgate_door;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0014-shared-rate-counts",
up: #"""
-- How several processes keep one count: docs/decisions/0015. Neither table is worth a log: after a crash of the server
-- they are empty, and every process goes on with what it has counted itself.

-- The processes that serve. `beat` grows while one lives; the others watch it with clocks of their own.
CREATE UNLOGGED TABLE server_processes (
    id uuid NOT NULL,
    beat bigint NOT NULL,
    CONSTRAINT server_processes_pkey PRIMARY KEY (id)
) WITH (fillfactor = 50);

-- What one process has counted of one subject: in `cells`, 20 bytes for each step of each limit. The subject is a digest
-- that its tenant is a part of, so the table names nobody, and only processes that serve read it.
CREATE UNLOGGED TABLE rate_counts (
    subject uuid NOT NULL,
    process uuid NOT NULL,
    cells bytea NOT NULL,
    forgotten_at timestamptz NOT NULL,
    CONSTRAINT rate_counts_pkey PRIMARY KEY (subject, process)
) WITH (fillfactor = 50);

GRANT SELECT, INSERT, UPDATE, DELETE ON server_processes, rate_counts TO tollgate_recorder;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0015-sandbox",
up: #"""
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

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0016-jobs",
up: #"""
-- Work that nobody asks for: docs/decisions/0019. Subscriptions that renew themselves, and a record of every run of a job.

-- The role of the jobs. Roles belong to the server: another database may have made it at this very moment.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_job') THEN
            CREATE ROLE tollgate_job NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- a neighbour made it between the look and the leap
    END;
    IF NOT pg_has_role(current_user, 'tollgate_job',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT tollgate_job TO CURRENT_USER;
    END IF;
END
$$;

-- Whether what is bought of a plan renews itself from the balance.
ALTER TABLE plans ADD COLUMN auto_renew boolean NOT NULL DEFAULT false;

ALTER TABLE subscriptions
    ADD COLUMN renews_at timestamptz,                        -- when the job next tries; NULL: nobody renews it
    ADD COLUMN tried_on timestamptz,                         -- midnight UTC of the day that the next two count
    ADD COLUMN tries integer NOT NULL DEFAULT 0,             -- automatic renewals that failed on that day
    ADD COLUMN auto_renewals integer NOT NULL DEFAULT 0,     -- automatic renewals that were carried out on that day
    ADD COLUMN parked_at timestamptz,                        -- given up until an operator has looked at it
    ADD COLUMN parked_reason text,
    ADD CONSTRAINT what_has_ended_does_not_renew_itself CHECK (ended_at IS NULL OR renews_at IS NULL),
    ADD CONSTRAINT what_is_parked_does_not_renew_itself CHECK (parked_at IS NULL OR renews_at IS NULL),
    ADD CONSTRAINT what_is_parked_says_why CHECK ((parked_at IS NULL) = (parked_reason IS NULL)),
    ADD CONSTRAINT renewals_of_a_day_must_not_be_negative CHECK (tries >= 0 AND auto_renewals >= 0);
CREATE INDEX subscriptions_to_renew ON subscriptions (tenant_id, renews_at, id) WHERE renews_at IS NOT NULL;
CREATE INDEX subscriptions_parked ON subscriptions (tenant_id, parked_at, id) WHERE parked_at IS NOT NULL;

-- What an event is about, for events that happen once however often a job finds their cause.
ALTER TABLE outbox_events ADD COLUMN once text;
CREATE UNIQUE INDEX an_event_happens_once ON outbox_events (tenant_id, once) WHERE once IS NOT NULL;

-- Periods whose automatic renewal failed, however it ended: how often, and why the last time.
CREATE TABLE renewal_attempts (
    tenant_id bigint NOT NULL,
    subscription_id uuid NOT NULL,
    period_index integer NOT NULL,
    attempts integer NOT NULL,
    reason text NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT renewal_attempts_pkey PRIMARY KEY (tenant_id, subscription_id, period_index),
    CONSTRAINT renewal_attempts_are_positive CHECK (attempts > 0),
    CONSTRAINT renewal_attempts_go_forward CHECK (last_at >= first_at)
);

ALTER TABLE renewal_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_its_tenant ON renewal_attempts TO tollgate_door
    USING (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint);
GRANT SELECT ON renewal_attempts TO tollgate_door;

-- One row for every run of a job, of one tenant or of all; the platform's own, so no door reads it.
CREATE TABLE job_runs (
    id uuid NOT NULL,
    job text NOT NULL,
    tenant_slug text,                -- NULL: all tenants
    as_of timestamptz,               -- the moment the run took for now; NULL: the clock's
    state text NOT NULL,
    counts jsonb NOT NULL,
    problems text[] NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,    -- when the run last said that it lives
    ended_at timestamptz,
    CONSTRAINT job_runs_pkey PRIMARY KEY (id),
    CONSTRAINT job_run_state_is_known CHECK (state IN ('running', 'done', 'failed', 'interrupted')),
    CONSTRAINT a_job_run_that_is_over_has_an_end CHECK ((state = 'running') = (ended_at IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX job_runs_by_job ON job_runs (job, started_at);
CREATE INDEX job_runs_running ON job_runs (seen_at) WHERE state = 'running';

-- Jobs serve all tenants, as the engine and the worker do.
DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'subscriptions', 'terms', 'plans', 'coupons', 'outbox_events', 'idempotency_keys', 'renewal_attempts'
    ] LOOP
        EXECUTE format('CREATE POLICY every_tenant_for_jobs ON %I TO tollgate_job USING (true) WITH CHECK (true)', tenant_table);
        EXECUTE format('GRANT SELECT ON %I TO tollgate_job', tenant_table);
    END LOOP;
END
$$;

-- No money: what a job charges goes through the engine. It says when to try again, and that something is over.
GRANT SELECT ON tenants TO tollgate_job;
GRANT UPDATE (renews_at, tried_on, tries, parked_at, parked_reason, ended_at) ON subscriptions TO tollgate_job;
GRANT INSERT, UPDATE ON renewal_attempts TO tollgate_job;
GRANT INSERT, DELETE ON outbox_events TO tollgate_job;
GRANT DELETE ON idempotency_keys TO tollgate_job;
GRANT SELECT, INSERT, UPDATE, DELETE ON job_runs TO tollgate_job;

-- A renewal of any kind moves the next one along, and an end stops them; the worker ends what it takes back.
GRANT UPDATE (renews_at, tried_on, tries, auto_renewals) ON subscriptions TO tollgate_engine;
GRANT UPDATE (ended_at, renews_at) ON subscriptions TO tollgate_worker;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0017-calendar-plans",
up: #"""
-- Plans that last calendar months: docs/decisions/0016.
ALTER TABLE plans
    ADD COLUMN duration_months integer,      -- calendar months in the tenant's time zone; or `duration_ms`, never both
    ADD CONSTRAINT plan_lasts_a_fixed_time_or_months CHECK (duration_ms IS NULL OR duration_months IS NULL),
    ADD CONSTRAINT plan_months_are_within_a_century CHECK (duration_months BETWEEN 1 AND 1200);

ALTER TABLE plan_versions
    ADD COLUMN duration_months integer,
    ADD CONSTRAINT plan_version_lasts_a_fixed_time_or_months CHECK (duration_ms IS NULL OR duration_months IS NULL),
    ADD CONSTRAINT plan_version_months_are_within_a_century CHECK (duration_months BETWEEN 1 AND 1200);

-- Where a subscription's months are counted from, and how many of them are paid: that many after the anchor is
-- `active_until`. Both NULL unless its last period was one of calendar months.
ALTER TABLE subscriptions
    ADD COLUMN anchored_at timestamptz,
    ADD COLUMN anchored_months integer,
    ADD CONSTRAINT subscription_anchor_is_whole CHECK ((anchored_at IS NULL) = (anchored_months IS NULL)),
    ADD CONSTRAINT subscription_anchor_has_paid_months CHECK (anchored_months > 0);

GRANT UPDATE (anchored_at, anchored_months) ON subscriptions TO tollgate_engine;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0018-ends",
up: #"""
-- What runs out ends by itself: docs/jobs.md, `expiry`.

-- Those whose ports were taken back before there was an end to write. Nothing is told of them any more.
UPDATE subscriptions s SET ended_at = held.released_at
FROM (
    SELECT tenant_id, subscription_id, max(released_at) AS released_at
    FROM allocations
    GROUP BY tenant_id, subscription_id
    HAVING count(*) = count(released_at)
) held
WHERE s.tenant_id = held.tenant_id AND s.id = held.subscription_id AND s.ended_at IS NULL AND s.renews_at IS NULL;

-- What is over is found in this order, batch by batch, however many end at the same moment.
DROP INDEX allocations_by_expiry;
CREATE INDEX allocations_by_expiry ON allocations (tenant_id, expires_at, subscription_id) WHERE released_at IS NULL;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0019-coupon-rules",
up: #"""
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

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0020-stock-levels",
up: #"""
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

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0021-old-attempts",
up: #"""
-- The job `retention` forgets renewal attempts that nobody has added to for long: docs/jobs.md.
CREATE INDEX renewal_attempts_by_age ON renewal_attempts (tenant_id, last_at, subscription_id, period_index);
GRANT DELETE ON renewal_attempts TO tollgate_job;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0022-plan-changes",
up: #"""
-- Paid time can be taken back, by a refund, a cancellation or a change of plan: docs/decisions/0021.

-- A term that was cut serves [starts_at, cut_at); cut at its start it serves nothing. Its index and its amount stay: what
-- was charged was charged, and what was given back is in the ledger.
ALTER TABLE terms
    ADD COLUMN cut_at timestamptz,           -- NULL: it serves, or served, all of its time
    ADD COLUMN anchored_at timestamptz,      -- of a calendar period: where its months are counted from ...
    ADD COLUMN anchored_months integer,      -- ... and how many after that it ends
    ADD CONSTRAINT a_term_is_cut_within_itself CHECK (cut_at >= starts_at AND cut_at < ends_at),
    ADD CONSTRAINT term_anchor_is_whole CHECK ((anchored_at IS NULL) = (anchored_months IS NULL)),
    ADD CONSTRAINT term_anchor_has_paid_months CHECK (anchored_months > 0);

-- Terms of before: months are counted anew after a fixed length, after a gap, and where the subscription says so.
UPDATE terms SET anchored_at = counted.anchored_at, anchored_months = counted.months
FROM (
    SELECT tenant_id, subscription_id, period_index,
           min(starts_at) OVER run AS anchored_at,
           sum(months) OVER (run ORDER BY period_index) AS months
    FROM (
        SELECT paid.*, count(*) FILTER (WHERE begins) OVER (
                   PARTITION BY tenant_id, subscription_id ORDER BY period_index) AS number
        FROM (
            SELECT told.*, lag(ends_at) OVER timeline IS DISTINCT FROM starts_at
                       OR lag(months) OVER timeline IS NULL OR starts_at = subscription_anchor AS begins
            FROM (
                SELECT term.tenant_id, term.subscription_id, term.period_index, term.starts_at, term.ends_at,
                       subscription.anchored_at AS subscription_anchor,
                       CASE WHEN placed.kind <> 'trial' THEN version.duration_months END AS months
                FROM terms AS term
                JOIN subscriptions AS subscription
                  ON subscription.tenant_id = term.tenant_id AND subscription.id = term.subscription_id
                JOIN orders AS placed ON placed.tenant_id = term.tenant_id AND placed.id = term.order_id
                JOIN plan_versions AS version
                  ON version.tenant_id = placed.tenant_id AND version.plan_id = placed.plan_id
                 AND version.version = placed.plan_version
            ) AS told
            WINDOW timeline AS (PARTITION BY tenant_id, subscription_id ORDER BY period_index)
        ) AS paid
    ) AS numbered
    WHERE months IS NOT NULL
    WINDOW run AS (PARTITION BY tenant_id, subscription_id, number)
) AS counted
WHERE terms.tenant_id = counted.tenant_id AND terms.subscription_id = counted.subscription_id
  AND terms.period_index = counted.period_index;

-- What was taken back at the moment it began has served nothing.
ALTER TABLE subscriptions
    DROP CONSTRAINT subscription_ends_after_it_starts,
    ADD CONSTRAINT subscription_does_not_end_before_it_starts CHECK (active_until >= started_at);

ALTER TABLE orders
    DROP CONSTRAINT order_kind_is_known,
    ADD CONSTRAINT order_kind_is_known CHECK (kind IN (
        'purchase', 'renewal', 'trial', 'extension', 'plan_change', 'usage', 'adjustment'));

ALTER TABLE journal_entries
    DROP CONSTRAINT journal_entry_reason_is_known,
    ADD CONSTRAINT journal_entry_reason_is_known CHECK (reason IN (
        'purchase', 'renewal', 'trial', 'plan_change', 'cancellation', 'top_up', 'refund', 'adjustment',
        'float_top_up'));

ALTER TABLE coupon_promises
    DROP CONSTRAINT promise_end_is_known,
    ADD CONSTRAINT promise_end_is_known CHECK (ended_reason IN (
        'kept', 'budget_exhausted', 'order_refunded', 'subscription_ended'));

-- The engine cuts what was paid; with a change of plan it agrees anew on what a connection may choose.
GRANT UPDATE (cut_at) ON terms TO tollgate_engine;
GRANT UPDATE (exit_country, exit_rotation) ON subscriptions TO tollgate_engine;
GRANT UPDATE (rotation_choices, rotation_minutes, rotates_at) ON allocations TO tollgate_engine;

"""#,
checkBefore: nil,
checkAfter: #"""
-- Who is anchored has the anchor of the last term that was paid, or the next month would be counted from elsewhere.
SELECT subscription.tenant_id, subscription.id
FROM subscriptions AS subscription
LEFT JOIN terms AS term
       ON term.tenant_id = subscription.tenant_id AND term.subscription_id = subscription.id
      AND term.period_index = subscription.next_period - 1
WHERE subscription.ended_at IS NULL
  AND (subscription.anchored_at, subscription.anchored_months)
      IS DISTINCT FROM (term.anchored_at, term.anchored_months)

"""#
),
(
name: "0023-undelivered",
up: #"""
-- What a gateway has to have applied for a lent slot to have been delivered: the gateway's desired_version with which the
-- slot was lent. Later changes of the slot move `revision` and leave this; NULL: never lent, or before this was kept.
ALTER TABLE slots ADD COLUMN lent_revision bigint;
GRANT UPDATE (lent_revision) ON slots TO tollgate_engine, tollgate_door;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0024-pending-orders",
up: #"""
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

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0025-staff",
up: #"""
-- Who works with the books: docs/decisions/0023. People and keys of the platform and of its tenants, and a record of what
-- they changed that nobody can change. What is the platform's own is filed under number 0, which is no tenant's.
ALTER TABLE tenants ADD CONSTRAINT a_tenants_number_is_positive CHECK (id > 0);

-- The role of the admin API. Roles belong to the server: another database may have made it at this very moment.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_admin') THEN
            CREATE ROLE tollgate_admin NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- a neighbour made it between the look and the leap
    END;
    IF NOT pg_has_role(current_user, 'tollgate_admin',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT tollgate_admin TO CURRENT_USER;
    END IF;
END
$$;

CREATE TABLE staff (
    tenant_id bigint NOT NULL,                       -- 0: the platform's
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    session_version bigint NOT NULL DEFAULT 1,       -- sessions that were begun under another are over
    totp_secret bytea,                               -- sealed; NULL: no second factor
    totp_since timestamptz,                          -- NULL beside a secret: not confirmed yet, and not asked for
    totp_step bigint,                                -- of the last code that was accepted; no earlier one is good again
    recovery_digests text[] NOT NULL DEFAULT '{}',   -- of the codes that were not used yet
    created_at timestamptz NOT NULL,
    CONSTRAINT staff_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT staff_email_is_unique_per_tenant UNIQUE (tenant_id, email),
    CONSTRAINT staff_email_is_lower_case CHECK (email = lower(email)),
    CONSTRAINT staff_role_is_known CHECK (role IN ('owner', 'catalogue', 'support', 'finance', 'read_only')),
    CONSTRAINT a_second_factor_has_a_secret CHECK (totp_secret IS NOT NULL OR (totp_since IS NULL AND totp_step IS NULL)),
    CONSTRAINT recovery_codes_are_of_a_second_factor CHECK (totp_since IS NOT NULL OR recovery_digests = '{}')
);

CREATE TABLE admin_keys (
    tenant_id bigint NOT NULL,                       -- 0: the platform's
    id uuid NOT NULL,
    hash bytea NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    hint text NOT NULL,
    allowed_sources cidr[],                          -- NULL: anywhere
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT admin_keys_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT admin_key_is_one_of_its_tenants UNIQUE (tenant_id, hash),
    CONSTRAINT admin_key_hash_is_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT admin_key_role_is_known CHECK (role IN ('owner', 'catalogue', 'support', 'finance', 'read_only'))
);

-- The id is the command's that made the change, and has its time.
CREATE TABLE audit_log (
    tenant_id bigint NOT NULL,                       -- whose thing was changed; 0: the platform's
    id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,                -- by the real clock
    actor_kind text NOT NULL,
    actor_tenant_id bigint,                          -- where a person's or a key's row is; NULL: an operator at a shell
    actor_id uuid,
    actor_name text NOT NULL,
    address text NOT NULL,
    request_id text NOT NULL,
    action text NOT NULL,
    object_kind text NOT NULL,
    object_id text NOT NULL,
    before jsonb,                                    -- what changed, as it was; NULL: it was not there
    after jsonb,                                     -- the same, as it is; NULL: it is there no more
    CONSTRAINT audit_log_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT audit_actor_is_known CHECK (actor_kind IN ('person', 'key', 'operator')),
    CONSTRAINT audit_actor_is_whole CHECK (
        (actor_id IS NULL) = (actor_kind = 'operator') AND (actor_tenant_id IS NULL) = (actor_id IS NULL)),
    CONSTRAINT a_change_is_from_something_or_to_something CHECK (before IS NOT NULL OR after IS NOT NULL)
);
CREATE INDEX audit_log_by_object ON audit_log (tenant_id, object_kind, object_id, id);
CREATE INDEX audit_log_by_actor ON audit_log (tenant_id, actor_id, id) WHERE actor_id IS NOT NULL;

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['staff', 'admin_keys', 'audit_log'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    END LOOP;
    FOREACH tenant_table IN ARRAY ARRAY['staff', 'admin_keys', 'audit_log', 'idempotency_keys'] LOOP
        EXECUTE format(
            'CREATE POLICY only_its_tenant_for_staff ON %I TO tollgate_admin
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO tollgate_admin', tenant_table);
    END LOOP;
END
$$;

-- Nobody is deleted, so that the log can always say who it was; and the log itself is written once.
GRANT UPDATE (name, role, password_hash, active, session_version, totp_secret, totp_since, totp_step, recovery_digests)
    ON staff TO tollgate_admin;
GRANT UPDATE (revoked_at) ON admin_keys TO tollgate_admin;
GRANT SELECT ON tenants TO tollgate_admin;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0026-cut-moments",
up: #"""
-- When a period was cut, so that what was known of it on a day can be told later: docs/exports.md.
ALTER TABLE terms ADD COLUMN cut_recorded_at timestamptz;

-- Cuts of before: with the last money that went back of their order, with the end of their subscription, or when they say.
UPDATE terms SET cut_recorded_at = COALESCE(
    (SELECT max(reversal.recorded_at) FROM journal_entries AS reversal
     WHERE reversal.tenant_id = terms.tenant_id AND reversal.reverses_id = terms.order_id),
    (SELECT subscription.ended_at FROM subscriptions AS subscription
     WHERE subscription.tenant_id = terms.tenant_id AND subscription.id = terms.subscription_id),
    cut_at)
WHERE cut_at IS NOT NULL;

ALTER TABLE terms
    ADD CONSTRAINT a_cut_has_the_moment_it_was_made CHECK ((cut_at IS NULL) = (cut_recorded_at IS NULL));

GRANT UPDATE (cut_recorded_at) ON terms TO tollgate_engine;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0027-account",
up: #"""
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

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0028-payments",
up: #"""
-- Money that payment providers collect for wallets, and what goes back of it: docs/decisions/0022.

ALTER TABLE accounts
    DROP CONSTRAINT account_role_is_in_the_chart,
    ADD CONSTRAINT account_role_is_in_the_chart CHECK (role IN (
        'wallet', 'revenue', 'outside', 'adjustments', 'receivable', 'refunds_due', 'float', 'platform_revenue',
        'platform_outside'));

ALTER TABLE journal_entries
    DROP CONSTRAINT journal_entry_reason_is_known,
    ADD CONSTRAINT journal_entry_reason_is_known CHECK (reason IN (
        'purchase', 'renewal', 'trial', 'plan_change', 'cancellation', 'top_up', 'refund', 'adjustment',
        'float_top_up', 'refund_hold', 'refund_release', 'top_up_refund', 'chargeback', 'regained', 'debt',
        'debt_payment'));

-- How a tenant reaches its provider. The secrets are sealed with the installation's key, each for its own place.
CREATE TABLE payment_providers (
    tenant_id bigint NOT NULL,
    provider text NOT NULL,          -- stripe
    base_url text NOT NULL,
    secret bytea NOT NULL,           -- sealed: what our requests are signed with
    webhook_secrets bytea NOT NULL,  -- sealed: what the provider's messages are signed with, one a line
    success_url text NOT NULL,
    cancel_url text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT one_account_per_tenant_and_provider PRIMARY KEY (tenant_id, provider),
    CONSTRAINT payment_provider_is_known CHECK (provider IN ('stripe'))
);

-- The row is there before the provider is asked, and its id is what the provider is told: whoever dies in between can ask
-- again and be charged once. Money columns are the engine's, in the transaction of the journal's entry.
CREATE TABLE payments (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    provider text NOT NULL,
    way text NOT NULL,               -- checkout | automatic | found
    currency text NOT NULL,
    amount_minor bigint NOT NULL,    -- asked for
    state text NOT NULL,             -- open | paid | failed | expired
    session text,                    -- the provider's name of the page where it is paid
    url text,                        -- where that page is
    reference text,                  -- the provider's name of the payment
    credited_minor bigint NOT NULL DEFAULT 0,
    held_minor bigint NOT NULL DEFAULT 0,      -- of it, set aside by refunds that have not gone
    returned_minor bigint NOT NULL DEFAULT 0,  -- of it, gone back
    entry_id uuid,                   -- the top-up
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    closed_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    next_at timestamptz,             -- when the provider is asked about it again; NULL: not by itself
    problem text,
    actor text,
    CONSTRAINT payments_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT payment_amount_is_positive CHECK (amount_minor > 0),
    CONSTRAINT payment_way_is_known CHECK (way IN ('checkout', 'automatic', 'found')),
    CONSTRAINT payment_state_is_known CHECK (state IN ('open', 'paid', 'failed', 'expired')),
    CONSTRAINT a_payment_is_paid_by_its_top_up CHECK ((state = 'paid') = (entry_id IS NOT NULL)),
    CONSTRAINT what_is_paid_was_credited CHECK ((state = 'paid') = (credited_minor > 0)),
    CONSTRAINT a_payment_that_is_not_open_was_closed CHECK ((state = 'open') = (closed_at IS NULL)),
    CONSTRAINT what_goes_back_of_a_payment_must_not_exceed_it
        CHECK (held_minor >= 0 AND returned_minor >= 0 AND held_minor + returned_minor <= credited_minor)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX a_payment_has_one_name_at_its_provider
    ON payments (tenant_id, provider, reference) WHERE reference IS NOT NULL;
CREATE UNIQUE INDEX a_payment_page_has_one_name_at_its_provider
    ON payments (tenant_id, provider, session) WHERE session IS NOT NULL;
CREATE INDEX payments_by_customer ON payments (tenant_id, customer_id, id);
CREATE INDEX payments_to_ask_about ON payments (tenant_id, next_at, id) WHERE next_at IS NOT NULL;

CREATE TABLE payment_reversals (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    kind text NOT NULL,              -- refund | chargeback
    amount_minor bigint NOT NULL,    -- asked for, or taken
    booked_minor bigint NOT NULL,    -- of it, what the payment bears now
    state text NOT NULL,             -- held | returned | released | regained
    reference text,                  -- the provider's name of it
    hold_id uuid,                    -- the entry that set it aside
    entry_id uuid,                   -- the entry that reverses the top-up
    memo text,
    actor text,
    problem text,
    recorded_at timestamptz NOT NULL,
    closed_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    next_at timestamptz,             -- when the provider is asked again
    CONSTRAINT payment_reversals_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT reversal_kind_is_known CHECK (kind IN ('refund', 'chargeback')),
    CONSTRAINT reversal_state_is_known CHECK (state IN ('held', 'returned', 'released', 'regained')),
    CONSTRAINT a_reversal_books_no_more_than_it_is CHECK (booked_minor BETWEEN 0 AND amount_minor AND amount_minor > 0),
    CONSTRAINT what_did_not_go_or_came_again_books_nothing
        CHECK (state IN ('held', 'returned') OR booked_minor = 0),
    CONSTRAINT what_is_set_aside_names_its_entry CHECK (state <> 'held' OR hold_id IS NOT NULL),
    CONSTRAINT what_has_gone_names_its_reversal CHECK (state <> 'returned' OR booked_minor = 0 OR entry_id IS NOT NULL)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX a_reversal_has_one_name_at_its_provider
    ON payment_reversals (tenant_id, reference) WHERE reference IS NOT NULL;
CREATE INDEX payment_reversals_by_payment ON payment_reversals (tenant_id, payment_id, id);
CREATE INDEX payment_reversals_to_ask_about ON payment_reversals (tenant_id, next_at, id) WHERE next_at IS NOT NULL;

-- Messages of a provider that were dealt with: one that comes again does nothing.
CREATE TABLE payment_events (
    tenant_id bigint NOT NULL,
    provider text NOT NULL,
    name text NOT NULL,              -- the provider's name of the message
    kind text NOT NULL,
    outcome text NOT NULL,
    payment_id uuid,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT a_message_of_a_provider_is_dealt_with_once PRIMARY KEY (tenant_id, provider, name)
);

-- What a customer has left with the provider to be charged when nobody is there.
CREATE TABLE saved_payment_methods (
    tenant_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    provider text NOT NULL,
    payer text NOT NULL,             -- the provider's name of the customer
    method text NOT NULL,            -- and of their card
    saved_at timestamptz NOT NULL,
    CONSTRAINT one_saved_method_per_customer_and_provider PRIMARY KEY (tenant_id, customer_id, provider)
);

-- Wallets that fill themselves.
CREATE TABLE auto_top_ups (
    tenant_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    currency text NOT NULL,
    threshold_minor bigint NOT NULL, -- below it ...
    amount_minor bigint NOT NULL,    -- ... so much is collected ...
    per_day integer NOT NULL,        -- ... at most so often a day, in the tenant's zone
    active boolean NOT NULL DEFAULT true,
    tries integer NOT NULL DEFAULT 0,          -- payments that failed, one after the other
    next_at timestamptz,                       -- not before then; NULL: at once
    parked_at timestamptz,                     -- given up until somebody has looked at it
    parked_reason text,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT one_auto_top_up_per_customer PRIMARY KEY (tenant_id, customer_id),
    CONSTRAINT auto_top_up_amount_is_positive CHECK (amount_minor > 0),
    CONSTRAINT auto_top_up_threshold_must_not_be_negative CHECK (threshold_minor >= 0),
    CONSTRAINT auto_top_ups_a_day_are_bounded CHECK (per_day BETWEEN 1 AND 24),
    CONSTRAINT a_parked_auto_top_up_says_why CHECK ((parked_at IS NULL) = (parked_reason IS NULL))
) WITH (fillfactor = 80);

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'payment_providers', 'payments', 'payment_reversals', 'payment_events', 'saved_payment_methods', 'auto_top_ups'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format(
            'CREATE POLICY only_its_tenant ON %I TO tollgate_door
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format('GRANT SELECT ON %I TO tollgate_door', tenant_table);
    END LOOP;
    FOREACH tenant_table IN ARRAY ARRAY['payments', 'payment_reversals'] LOOP
        EXECUTE format(
            'CREATE POLICY every_tenant ON %I TO tollgate_engine, tollgate_worker USING (true) WITH CHECK (true)', tenant_table);
        EXECUTE format('GRANT SELECT ON %I TO tollgate_engine, tollgate_worker', tenant_table);
    END LOOP;
    FOREACH tenant_table IN ARRAY ARRAY['payments', 'payment_reversals', 'payment_providers', 'auto_top_ups'] LOOP
        EXECUTE format('CREATE POLICY every_tenant_for_jobs ON %I TO tollgate_job USING (true) WITH CHECK (true)', tenant_table);
    END LOOP;
END
$$;

-- The doors ask the provider and write down what it is called there; what money has moved, and so whether a payment is paid,
-- only the engine says.
GRANT INSERT ON payments, payment_events, saved_payment_methods, auto_top_ups TO tollgate_door;
GRANT UPDATE (state, session, url, reference, closed_at, tries, next_at, problem) ON payments TO tollgate_door;
GRANT UPDATE (tries, next_at, problem) ON payment_reversals TO tollgate_door;
GRANT UPDATE (payer, method, saved_at) ON saved_payment_methods TO tollgate_door;
GRANT DELETE ON saved_payment_methods TO tollgate_door;
GRANT UPDATE (currency, threshold_minor, amount_minor, per_day, active, tries, next_at, parked_at, parked_reason, changed_at,
              changed_by) ON auto_top_ups TO tollgate_door;
GRANT UPDATE (state, reference, credited_minor, held_minor, returned_minor, entry_id, closed_at, next_at) ON payments
    TO tollgate_engine;
GRANT INSERT ON payment_reversals TO tollgate_engine;
GRANT UPDATE (booked_minor, state, reference, entry_id, problem, closed_at, next_at) ON payment_reversals TO tollgate_engine;
-- Accounts that few need are opened where they are first needed.
GRANT INSERT ON accounts TO tollgate_engine;
-- The jobs find what is to be asked about.
GRANT SELECT (tenant_id, id, way, customer_id, state, next_at) ON payments TO tollgate_job;
GRANT SELECT (tenant_id, id, next_at, state) ON payment_reversals TO tollgate_job;
GRANT SELECT (tenant_id, provider, active) ON payment_providers TO tollgate_job;
GRANT SELECT (tenant_id, customer_id, active, next_at, parked_at) ON auto_top_ups TO tollgate_job;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0029-books-desk",
up: #"""
-- What staff change of those who buy (docs/decisions/0023): no money, which goes through the engine's rights, but how far a
-- wallet may go below zero, and how what was bought renews itself. What they only look at they look at with the doors'.
DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'customers', 'api_keys', 'accounts', 'subscriptions', 'terms', 'outbox_events'
    ] LOOP
        EXECUTE format(
            'CREATE POLICY only_its_tenant_for_staff ON %I TO tollgate_admin
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
    END LOOP;
END
$$;

GRANT SELECT ON customers, api_keys, accounts, subscriptions, terms TO tollgate_admin;
GRANT INSERT ON customers, api_keys, accounts, outbox_events TO tollgate_admin;
GRANT UPDATE (username, active) ON customers TO tollgate_admin;
GRANT UPDATE (revoked_at) ON api_keys TO tollgate_admin;
GRANT UPDATE (floor_minor) ON accounts TO tollgate_admin;
GRANT UPDATE (renews_at, tried_on, tries, auto_renewals, parked_at, parked_reason, user_note) ON subscriptions
    TO tollgate_admin;
GRANT INSERT ON job_runs TO tollgate_admin;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0030-catalogue-desk",
up: #"""
-- The catalogue through the admin API: docs/decisions/0023. What `tollgate apply` does as the owner, staff do as a role that
-- may do no more than that, to one tenant and the sandbox that follows it.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_catalogue') THEN
            CREATE ROLE tollgate_catalogue NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- a neighbour made it between the look and the leap
    END;
    IF NOT pg_has_role(current_user, 'tollgate_catalogue',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT tollgate_catalogue TO CURRENT_USER;
    END IF;
END
$$;

DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['networks', 'gateways', 'plans', 'plan_versions', 'coupons', 'accounts'] LOOP
        EXECUTE format(
            'CREATE POLICY its_tenant_and_sandbox ON %I TO tollgate_catalogue
                 USING (tenant_id IN (
                     SELECT id FROM tenants
                     WHERE NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint IN (id, sandbox_of)))
                 WITH CHECK (tenant_id IN (
                     SELECT id FROM tenants
                     WHERE NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint IN (id, sandbox_of)))',
            tenant_table);
    END LOOP;
    FOREACH tenant_table IN ARRAY ARRAY['audit_log', 'idempotency_keys'] LOOP
        EXECUTE format(
            'CREATE POLICY only_its_tenant_for_the_catalogue ON %I TO tollgate_catalogue
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO tollgate_catalogue', tenant_table);
    END LOOP;
    -- One port of one host is bound once, whoever asks: that somebody has it must be seen, and until when.
    FOREACH tenant_table IN ARRAY ARRAY['gateways', 'slots'] LOOP
        EXECUTE format(
            'CREATE POLICY ports_are_bound_once ON %I FOR SELECT TO tollgate_catalogue USING (true)', tenant_table);
    END LOOP;
END
$$;

GRANT SELECT (tenant_id, gateway_id, state) ON slots TO tollgate_catalogue;
GRANT SELECT (tenant_id, role, currency, floor_minor) ON accounts TO tollgate_catalogue;
GRANT SELECT, INSERT ON networks, gateways, plans, plan_versions, coupons, hosts TO tollgate_catalogue;
-- Whole, and not by column: whoever writes a catalogue makes the others wait by a lock on this table, which takes that.
GRANT SELECT, UPDATE ON tenants TO tollgate_catalogue;
GRANT INSERT (id, slug, name, currency, timezone, grace_ms, active, sandbox_of, created_at) ON tenants
    TO tollgate_catalogue;
GRANT DELETE, UPDATE (dialect) ON hosts TO tollgate_catalogue;
GRANT UPDATE (city, country, type, exit_class, asn, asn_org, low_stock, active) ON networks TO tollgate_catalogue;
GRANT UPDATE (host, first_port, last_port, shared_port, protocols, vless_port, shadowsocks_port, driver, active,
              desired_version) ON gateways TO tollgate_catalogue;
GRANT UPDATE (name, product, connection, duration_ms, duration_months, currency, price_minor, wholesale_minor, popular,
              rotation_minutes, threads, exits, exit_rotations, trial_ms, sells_in, attributes, version, sort_order, active,
              auto_renew) ON plans TO tollgate_catalogue;
-- What redemptions count and come to is the engine's.
GRANT UPDATE (percent_bps, amount_minor, min_amount_minor, max_redemptions, per_customer, plan_ids, applies_to, starts_at,
              ends_at, active, max_discount_minor, budget_minor, first_order, customers, renewals)
    ON coupons TO tollgate_catalogue;

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0031-price-lists",
up: #"""
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

"""#,
checkBefore: nil,
checkAfter: nil
),
(
name: "0032-customers-people",
up: #"""
-- Staff let people sign in for a customer, change what they may do, and help who is locked out (docs/admin.md): no more than
-- their tenant's.
DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['customer_users', 'customer_recovery_codes'] LOOP
        EXECUTE format(
            'CREATE POLICY only_its_tenant_for_staff ON %I TO tollgate_admin
                 USING (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)
                 WITH CHECK (tenant_id = NULLIF(current_setting(''tollgate.tenant'', true), '''')::bigint)',
            tenant_table);
    END LOOP;
END
$$;

-- The secrets of their apps are nobody's to see, nor are the codes; turned off, they open nothing any more.
GRANT SELECT (tenant_id, id, customer_id, username, email, password_hash, role, active, created_at, session_version,
              applied_password_hash, totp_confirmed_at) ON customer_users TO tollgate_admin;
GRANT INSERT, UPDATE (email, role, active, password_hash, applied_password_hash, session_version, totp_secret,
                      totp_confirmed_at, totp_last_step) ON customer_users TO tollgate_admin;
GRANT SELECT (tenant_id, user_id), DELETE ON customer_recovery_codes TO tollgate_admin;

"""#,
checkBefore: nil,
checkAfter: nil
),
    ]

    public static let invariants: [Invariant] = [
(
name: "allocation_expires_with_its_subscription",
sql: #"""
-- Why: a gateway blocks a port at its expires_at by itself, even when nobody can tell it. That instant is the
-- subscription's end, or a customer loses paid time or keeps a port for nothing.
SELECT allocation.tenant_id,
       format('allocation %s of subscription %s expires at %s, the subscription at %s',
              allocation.sequence, allocation.subscription_id, allocation.expires_at, subscription.active_until)
           AS problem
FROM allocations AS allocation
LEFT JOIN subscriptions AS subscription
       ON subscription.tenant_id = allocation.tenant_id AND subscription.id = allocation.subscription_id
WHERE allocation.released_at IS NULL
  AND allocation.expires_at IS DISTINCT FROM subscription.active_until

"""#
),
(
name: "anchored_months_match_their_terms",
sql: #"""
-- Why: a calendar subscription's next end is counted from its anchor. With one month too many or too few a customer
-- would be given a month or robbed of one; without the anchor 31 January would decay to the 28th for good. So a
-- subscription has the anchor of the last term that serves it, whatever was taken back after that one; and a term that was
-- paid by months ends so many after its anchor as were paid since, by the plan versions that paid, from a term that starts
-- there. Cut at its start, a term has no month.
WITH served AS (
    SELECT term.*, CASE WHEN paid_by.kind <> 'trial' THEN version.duration_months END AS months
    FROM terms AS term
    LEFT JOIN orders AS paid_by ON paid_by.tenant_id = term.tenant_id AND paid_by.id = term.order_id
    LEFT JOIN plan_versions AS version
           ON version.tenant_id = paid_by.tenant_id AND version.plan_id = paid_by.plan_id
          AND version.version = paid_by.plan_version
    WHERE term.cut_at IS DISTINCT FROM term.starts_at
)
SELECT tenant_id,
       format('period %s of subscription %s is anchored at %s for %s months, but paid for are %s from %s on', period_index,
              subscription_id, COALESCE(anchored_at::text, 'nothing'), COALESCE(anchored_months::text, 'no'),
              COALESCE(paid::text, 'none'), COALESCE(since::text, 'no term')) AS problem
FROM (
    SELECT served.*, min(starts_at) OVER run AS since, sum(months) OVER (run ORDER BY period_index) AS paid
    FROM served
    WINDOW run AS (PARTITION BY tenant_id, subscription_id, anchored_at)
) AS period
WHERE (months IS NULL) <> (anchored_at IS NULL)
   OR (anchored_at IS NOT NULL AND (since <> anchored_at OR paid <> anchored_months))
UNION ALL
SELECT subscription.tenant_id,
       format('subscription %s is anchored at %s for %s months, and its last period at %s for %s', subscription.id,
              COALESCE(subscription.anchored_at::text, 'nothing'), COALESCE(subscription.anchored_months::text, 'none'),
              COALESCE(last.anchored_at::text, 'nothing'), COALESCE(last.anchored_months::text, 'none'))
FROM subscriptions AS subscription
LEFT JOIN (
    SELECT DISTINCT ON (tenant_id, subscription_id) tenant_id, subscription_id, anchored_at, anchored_months
    FROM served
    ORDER BY tenant_id, subscription_id, period_index DESC
) AS last ON last.tenant_id = subscription.tenant_id AND last.subscription_id = subscription.id
WHERE subscription.ended_at IS NULL
  AND (subscription.anchored_at, subscription.anchored_months)
      IS DISTINCT FROM (last.anchored_at, last.anchored_months)

"""#
),
(
name: "assigned_slots_have_an_allocation",
sql: #"""
-- Why: an assigned slot that nobody holds is stock that is never sold again; a slot at rest that somebody holds will
-- be given new credentials, or to another customer. Assigned means held by exactly one live allocation, and only so.
SELECT slot.tenant_id,
       format('slot %s (gateway %s port %s) is %s with %s live allocations', slot.id, slot.gateway_id, slot.port,
              slot.state, count(allocation.slot_id)) AS problem
FROM slots AS slot
LEFT JOIN allocations AS allocation
       ON allocation.tenant_id = slot.tenant_id AND allocation.slot_id = slot.id AND allocation.released_at IS NULL
GROUP BY slot.tenant_id, slot.id
HAVING count(allocation.slot_id) <> CASE WHEN slot.state = 'assigned' THEN 1 ELSE 0 END

"""#
),
(
name: "audited_changes_have_an_actor",
sql: #"""
-- Why: the log of who changed what is worth nothing where "who" is nobody. Whoever is named is kept for ever, and works for
-- the tenant whose thing was changed, for the one that it is the sandbox of, or for the platform.
SELECT record.tenant_id,
       format('record %s (%s) names %s %s of %s, who does not exist or has nothing to do there', record.id, record.action,
              record.actor_kind, record.actor_id, record.actor_tenant_id) AS problem
FROM audit_log AS record
LEFT JOIN tenants AS tenant ON tenant.id = record.tenant_id
LEFT JOIN staff AS person
       ON record.actor_kind = 'person' AND person.tenant_id = record.actor_tenant_id AND person.id = record.actor_id
LEFT JOIN admin_keys AS key
       ON record.actor_kind = 'key' AND key.tenant_id = record.actor_tenant_id AND key.id = record.actor_id
WHERE record.actor_kind <> 'operator'
  AND ((person.id IS NULL AND key.id IS NULL)
       OR (record.actor_tenant_id <> 0 AND record.actor_tenant_id <> record.tenant_id
           AND record.actor_tenant_id IS DISTINCT FROM tenant.sandbox_of))

"""#
),
(
name: "clocks_stand_where_they_were_moved_to",
sql: #"""
-- Why: a clock that went back would let a period be sold twice, and one that nobody moved would end what was paid for.
-- A tenant's clock stands where the last of its moves left it, and every move began where another ended.
WITH moved AS (
    SELECT tenant_id, max(ahead_after_ms) AS ahead_ms, sum(ahead_after_ms - ahead_before_ms) AS moved_ms
    FROM clock_moves
    GROUP BY tenant_id
)
SELECT COALESCE(tenant.id, moved.tenant_id) AS tenant_id,
       format('the clock is %s ms ahead, and was moved to %s in moves of %s', tenant.clock_ahead_ms, moved.ahead_ms,
              moved.moved_ms) AS problem
FROM tenants AS tenant
FULL JOIN moved ON moved.tenant_id = tenant.id
WHERE tenant.clock_ahead_ms IS DISTINCT FROM COALESCE(moved.ahead_ms, 0)
   OR COALESCE(moved.moved_ms, 0) <> COALESCE(moved.ahead_ms, 0)

"""#
),
(
name: "coupon_counts_match_redemptions",
sql: #"""
-- Why: the count and the sum on the coupon are what its limit and its budget are checked against. The count is of uses
-- that stand, reserved or committed, not those given back; the sum is of all discounts that stand, those of renewals
-- that a use promised too.
SELECT coupon.tenant_id,
       format('coupon %s counts %s redemptions over %s, but %s stand over %s', coupon.code, coupon.redeemed_count,
              coupon.discounted_minor, count(redemption.customer_ordinal), coalesce(sum(redemption.amount_minor), 0))
           AS problem
FROM coupons AS coupon
LEFT JOIN coupon_redemptions AS redemption
       ON redemption.tenant_id = coupon.tenant_id
      AND redemption.coupon_id = coupon.id
      AND redemption.state IN ('reserved', 'committed')
GROUP BY coupon.tenant_id, coupon.id
HAVING coupon.redeemed_count <> count(redemption.customer_ordinal)
    OR coupon.discounted_minor <> coalesce(sum(redemption.amount_minor), 0)

"""#
),
(
name: "coupon_within_limits",
sql: #"""
-- Why: a coupon promised a hundred times costs a hundred discounts. Counted from the redemptions themselves, against
-- the coupon's own limit and budget and against the limit per customer that held when each was taken.
SELECT coupon.tenant_id,
       format('coupon %s may be redeemed %s times, but %s redemptions stand', coupon.code, coupon.max_redemptions,
              count(redemption.customer_ordinal)) AS problem
FROM coupons AS coupon
JOIN coupon_redemptions AS redemption
  ON redemption.tenant_id = coupon.tenant_id
 AND redemption.coupon_id = coupon.id
 AND redemption.state <> 'released'
GROUP BY coupon.tenant_id, coupon.id
HAVING count(redemption.customer_ordinal) > coupon.max_redemptions
UNION ALL
SELECT coupon.tenant_id,
       format('coupon %s has a budget of %s, but discounts of %s stand', coupon.code, coupon.budget_minor,
              sum(redemption.amount_minor))
FROM coupons AS coupon
JOIN coupon_redemptions AS redemption
  ON redemption.tenant_id = coupon.tenant_id
 AND redemption.coupon_id = coupon.id
 AND redemption.state <> 'released'
GROUP BY coupon.tenant_id, coupon.id
HAVING sum(redemption.amount_minor) > coupon.budget_minor
UNION ALL
SELECT tenant_id,
       format('customer %s was allowed coupon %s %s times at most, but %s redemptions stand', customer_id, coupon_id,
              max(customer_limit), count(*))
FROM coupon_redemptions
WHERE state <> 'released'
  AND customer_ordinal IS NOT NULL
GROUP BY tenant_id, coupon_id, customer_id
HAVING count(*) > max(customer_limit) AND count(*) = count(customer_limit)
    OR bool_or(customer_ordinal > customer_limit)

"""#
),
(
name: "every_balance_equals_its_postings",
sql: #"""
-- Why: an account's balance is kept beside its postings so that a purchase need not add them up. The day the two
-- differ, one of them is a lie about somebody's money.
SELECT account.tenant_id,
       format('account %s (%s) keeps %s %s after %s postings, but its postings make %s after %s',
              account.id, account.role, account.balance_minor, account.currency, account.postings_count,
              COALESCE(told.balance, 0), COALESCE(told.postings, 0)) AS problem
FROM accounts AS account
LEFT JOIN (
    SELECT posting.tenant_id, posting.account_id, count(*) AS postings,
           sum(CASE WHEN posting.side = owner.normal_side THEN posting.amount_minor ELSE -posting.amount_minor END)
               AS balance
    FROM postings AS posting
    JOIN accounts AS owner ON owner.tenant_id = posting.tenant_id AND owner.id = posting.account_id
    GROUP BY posting.tenant_id, posting.account_id
) AS told ON told.tenant_id = account.tenant_id AND told.account_id = account.id
WHERE account.balance_minor <> COALESCE(told.balance, 0)
   OR account.postings_count <> COALESCE(told.postings, 0)

"""#
),
(
name: "every_order_total_is_list_less_discount",
sql: #"""
-- Why: the total is what the customer was quoted: the list price less what the coupon took off, never less than nothing.
SELECT tenant_id,
       format('order %s lists %s less %s, but totals %s %s', id, list_minor, discount_minor, total_minor, currency)
           AS problem
FROM orders
WHERE total_minor <> list_minor::numeric - discount_minor
   OR discount_minor < 0
   OR total_minor < 0

"""#
),
(
name: "every_paid_order_has_exactly_one_charge",
sql: #"""
-- Why: the customer pays the order's total, once, from their own wallet, in the entry that carries the order's id.
-- An order of nothing (a trial, a whole discount) takes nothing.
SELECT placed.tenant_id,
       format('order %s (%s) of customer %s totals %s %s, but its entry takes %s from their wallet in %s charges and %s from others',
              placed.id, placed.kind, placed.customer_id, placed.total_minor, placed.currency,
              COALESCE(charge.own_minor, 0), COALESCE(charge.own_charges, 0), COALESCE(charge.others, 0)) AS problem
FROM orders AS placed
LEFT JOIN (
    SELECT transfer.tenant_id, transfer.entry_id,
           sum(transfer.amount_minor) FILTER (WHERE wallet.owner_id = buyer.customer_id) AS own_minor,
           count(*) FILTER (WHERE wallet.owner_id = buyer.customer_id) AS own_charges,
           count(*) FILTER (WHERE wallet.owner_id <> buyer.customer_id) AS others
    FROM transfers AS transfer
    JOIN orders AS buyer ON buyer.tenant_id = transfer.tenant_id AND buyer.id = transfer.entry_id
    JOIN accounts AS wallet
      ON wallet.tenant_id = transfer.tenant_id AND wallet.id = transfer.debit_account_id AND wallet.role = 'wallet'
    GROUP BY transfer.tenant_id, transfer.entry_id
) AS charge ON charge.tenant_id = placed.tenant_id AND charge.entry_id = placed.id
WHERE COALESCE(charge.others, 0) > 0
   OR COALESCE(charge.own_charges, 0) <> CASE WHEN placed.total_minor > 0 THEN 1 ELSE 0 END
   OR COALESCE(charge.own_minor, 0) <> placed.total_minor

"""#
),
(
name: "every_reference_exists",
sql: #"""
-- Why: the hot tables carry no foreign keys, because those cost half of a purchase. This proves what they would have
-- held: whatever a row names is there, in the same tenant. (Orders, charges and slots have files of their own.)
SELECT child.tenant_id, format('customer %s is of a tenant that does not exist', child.id) AS problem
FROM customers AS child LEFT JOIN tenants AS parent ON parent.id = child.tenant_id
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('%s %s belongs to customer %s, who does not exist', child.role, child.id, child.owner_id)
FROM accounts AS child LEFT JOIN customers AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.owner_id)
WHERE child.role IN ('wallet', 'receivable') AND parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('order %s names customer %s, who does not exist', child.id, child.customer_id)
FROM orders AS child LEFT JOIN customers AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.customer_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('order %s was priced with version %s of plan %s, which does not exist', child.id, child.plan_version, child.plan_id)
FROM orders AS child
LEFT JOIN plan_versions AS parent
       ON (parent.tenant_id, parent.plan_id, parent.version) = (child.tenant_id, child.plan_id, child.plan_version)
WHERE parent.plan_id IS NULL
UNION ALL
SELECT child.tenant_id, format('order %s names coupon %s, which does not exist', child.id, child.coupon_id)
FROM orders AS child LEFT JOIN coupons AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.coupon_id)
WHERE child.coupon_id IS NOT NULL AND parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('entry %s belongs to order %s, which does not exist', child.id, child.order_id)
FROM journal_entries AS child LEFT JOIN orders AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.order_id)
WHERE child.order_id IS NOT NULL AND parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('plan %s takes slots from network %s, which does not exist', child.id, child.network_id)
FROM (SELECT tenant_id, id, unnest(network_ids) AS network_id FROM plans) AS child
LEFT JOIN networks AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.network_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('subscription %s is of plan %s, which does not exist', child.id, child.plan_id)
FROM subscriptions AS child LEFT JOIN plans AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.plan_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('period %s of subscription %s: the subscription does not exist', child.period_index, child.subscription_id)
FROM terms AS child
LEFT JOIN subscriptions AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.subscription_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('period %s of subscription %s was paid by order %s, which does not exist',
              child.period_index, child.subscription_id, child.order_id)
FROM terms AS child LEFT JOIN orders AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.order_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('redemption by order %s is of coupon %s, which does not exist', child.order_id, child.coupon_id)
FROM coupon_redemptions AS child
LEFT JOIN coupons AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.coupon_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('a promise to subscription %s is of coupon %s, which does not exist', child.subscription_id, child.coupon_id)
FROM coupon_promises AS child
LEFT JOIN coupons AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.coupon_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('subscription %s, to which renewals were promised, does not exist', child.subscription_id)
FROM coupon_promises AS child
LEFT JOIN subscriptions AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.subscription_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('slot %s is on gateway %s, which does not exist', child.id, child.gateway_id)
FROM slots AS child LEFT JOIN gateways AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.gateway_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('allocation %s of subscription %s names slot %s on gateway %s, which does not exist',
              child.sequence, child.subscription_id, child.slot_id, child.gateway_id)
FROM allocations AS child
LEFT JOIN slots AS parent
       ON (parent.tenant_id, parent.id, parent.gateway_id) = (child.tenant_id, child.slot_id, child.gateway_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('allocation %s names subscription %s, which does not exist', child.sequence, child.subscription_id)
FROM allocations AS child
LEFT JOIN subscriptions AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.subscription_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('address %s is listed for subscription %s, which does not exist', child.address, child.subscription_id)
FROM allowlist_entries AS child
LEFT JOIN subscriptions AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.subscription_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('version %s of the credentials of slot %s: the slot does not exist', child.version, child.slot_id)
FROM credential_history AS child LEFT JOIN slots AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.slot_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('stock was told of for network %s, which does not exist', child.network_id)
FROM stock_levels AS child LEFT JOIN networks AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.network_id)
WHERE parent.id IS NULL

"""#
),
(
name: "every_statement_runs_without_gap",
sql: #"""
-- Why: a statement is an account's postings in the order of their sequence, each with the balance after it. Numbers
-- run 1, 2, 3 ... and every balance follows from the one before, or the customer was shown something that never was.
SELECT tenant_id,
       format('account %s: posting %s (entry %s line %s, %s %s) follows posting %s at balance %s, yet says %s',
              account_id, sequence, entry_id, line, side, amount_minor, previous_sequence, previous_balance,
              balance_after) AS problem
FROM (
    SELECT posting.*, account.normal_side,
           lag(posting.sequence, 1, 0::bigint) OVER statement AS previous_sequence,
           lag(posting.balance_after, 1, 0::bigint) OVER statement AS previous_balance
    FROM postings AS posting
    JOIN accounts AS account ON account.tenant_id = posting.tenant_id AND account.id = posting.account_id
    WINDOW statement AS (PARTITION BY posting.tenant_id, posting.account_id ORDER BY posting.sequence, posting.side)
) AS line_of_statement
WHERE sequence <> previous_sequence + 1
   OR balance_after <> previous_balance::numeric + CASE WHEN side = normal_side THEN amount_minor ELSE -amount_minor END

"""#
),
(
name: "every_subscription_has_its_order",
sql: #"""
-- Why: every right was bought. A subscription names the purchase (or trial) of its own customer, such an order made
-- as many subscriptions as its quantity says, and a renewal or a change of plan is of a subscription of the customer who
-- paid for it.
SELECT subscription.tenant_id,
       format('subscription %s of customer %s names order %s, which is %s', subscription.id, subscription.customer_id,
              subscription.order_id,
              COALESCE(format('a %s of customer %s', bought.kind, bought.customer_id), 'not there')) AS problem
FROM subscriptions AS subscription
LEFT JOIN orders AS bought ON bought.tenant_id = subscription.tenant_id AND bought.id = subscription.order_id
WHERE bought.id IS NULL
   OR bought.customer_id <> subscription.customer_id
   OR bought.kind <> CASE WHEN subscription.trial THEN 'trial' ELSE 'purchase' END
UNION ALL
SELECT bought.tenant_id,
       format('order %s (%s) is for %s subscriptions, but %s name it',
              bought.id, bought.kind, bought.quantity, COALESCE(made.subscriptions, 0))
FROM orders AS bought
LEFT JOIN (
    SELECT tenant_id, order_id, count(*) AS subscriptions
    FROM subscriptions
    GROUP BY tenant_id, order_id
) AS made ON made.tenant_id = bought.tenant_id AND made.order_id = bought.id
WHERE bought.kind IN ('purchase', 'trial')
  AND COALESCE(made.subscriptions, 0) <> bought.quantity
UNION ALL
SELECT renewal.tenant_id,
       format('order %s (%s) of customer %s extends subscription %s, which is not theirs',
              renewal.id, renewal.kind, renewal.customer_id, COALESCE(renewal.subscription_id::text, '(none)'))
FROM orders AS renewal
LEFT JOIN subscriptions AS extended
       ON extended.tenant_id = renewal.tenant_id
      AND extended.id = renewal.subscription_id
      AND extended.customer_id = renewal.customer_id
WHERE renewal.kind IN ('renewal', 'extension', 'plan_change')
  AND extended.id IS NULL

"""#
),
(
name: "every_transfer_has_an_entry",
sql: #"""
-- Why: money moves for a reason, and the entry is the reason. A transfer without one cannot be explained to anybody.
SELECT transfer.tenant_id,
       format('transfer of %s %s belongs to entry %s, which does not exist',
              transfer.amount_minor, transfer.currency, transfer.entry_id) AS problem
FROM transfers AS transfer
LEFT JOIN journal_entries AS entry ON entry.tenant_id = transfer.tenant_id AND entry.id = transfer.entry_id
WHERE entry.id IS NULL

"""#
),
(
name: "every_wholesale_leg_matches_its_order",
sql: #"""
-- Why: what the tenant owes the platform moves in the same entry as the customer's money: both or neither. The float
-- is debited once, by the wholesale price that the order keeps, and by nothing where the order has none.
SELECT placed.tenant_id,
       format('order %s keeps a wholesale price of %s, but its entry takes %s from the float in %s charges',
              placed.id, COALESCE(placed.wholesale_minor, 0), COALESCE(leg.amount_minor, 0), COALESCE(leg.charges, 0))
           AS problem
FROM orders AS placed
LEFT JOIN (
    SELECT transfer.tenant_id, transfer.entry_id, count(*) AS charges, sum(transfer.amount_minor) AS amount_minor
    FROM transfers AS transfer
    JOIN accounts AS float_account
      ON float_account.tenant_id = transfer.tenant_id
     AND float_account.id = transfer.debit_account_id
     AND float_account.role = 'float'
    GROUP BY transfer.tenant_id, transfer.entry_id
) AS leg ON leg.tenant_id = placed.tenant_id AND leg.entry_id = placed.id
WHERE COALESCE(leg.amount_minor, 0) <> COALESCE(placed.wholesale_minor, 0)
   OR COALESCE(leg.charges, 0) <> CASE WHEN COALESCE(placed.wholesale_minor, 0) > 0 THEN 1 ELSE 0 END

"""#
),
(
name: "first_orders_come_first",
sql: #"""
-- Why: a coupon for a first order brings new customers, and costs a discount each time it is given to an old one. When
-- it was used, no earlier order of the customer's stood; trials do not count, nor does what was wholly refunded.
SELECT redemption.tenant_id,
       format('customer %s used coupon %s for a first order, %s, after order %s', redemption.customer_id,
              redemption.coupon_id, redemption.order_id, earlier.id) AS problem
FROM coupon_redemptions AS redemption
JOIN orders AS earlier
  ON earlier.tenant_id = redemption.tenant_id
 AND earlier.customer_id = redemption.customer_id
 AND earlier.placed_at < redemption.redeemed_at
WHERE redemption.first_order
  AND redemption.state <> 'released'
  AND earlier.kind <> 'trial'
  AND earlier.state = 'paid'

"""#
),
(
name: "idempotency_command_exists",
sql: #"""
-- Why: a remembered answer of success is a promise that the command happened. If neither the ledger nor the outbox nor
-- the audit log knows the command, a customer who repeats the request is told of something that never was.
SELECT remembered.tenant_id,
       format('key %s of principal %s remembers status %s for command %s, which left no entry, no event and no record',
              remembered.key, remembered.principal_id, remembered.status, remembered.command_id) AS problem
FROM idempotency_keys AS remembered
LEFT JOIN journal_entries AS entry
       ON entry.tenant_id = remembered.tenant_id AND entry.id = remembered.command_id
LEFT JOIN outbox_events AS event
       ON event.tenant_id = remembered.tenant_id AND event.id = remembered.command_id
LEFT JOIN audit_log AS record
       ON record.tenant_id = remembered.tenant_id AND record.id = remembered.command_id
WHERE remembered.status BETWEEN 200 AND 299
  AND entry.id IS NULL
  AND event.id IS NULL
  AND record.id IS NULL

"""#
),
(
name: "live_subscription_has_its_slot",
sql: #"""
-- Why: who has paid is served, with all of it. A subscription that is neither ended nor past its end and grace, on a
-- plan that lends ports, has one live allocation for each of the plan's networks, on distinct networks, and those slots
-- are open for it. A single slot may have been moved to another network; several are on the plan's own. Time is the
-- latest that the tenant's own rows know: clocks differ between tenants, and the server's clock is none of theirs.
WITH clock AS (
    SELECT tenant_id, max(at) AS now
    FROM (
        SELECT tenant_id, recorded_at AS at FROM journal_entries
        UNION ALL
        SELECT tenant_id, recorded_at FROM outbox_events
        UNION ALL
        SELECT tenant_id, released_at FROM allocations
        UNION ALL
        SELECT tenant_id, state_since FROM slots
    ) AS told
    GROUP BY tenant_id
)
SELECT subscription.tenant_id,
       format('subscription %s is live until %s with %s live allocations, %s of them on an assigned slot, on %s networks '
                  'of %s, for a plan of %s',
              subscription.id, subscription.active_until, count(allocation.slot_id), count(slot.id),
              count(DISTINCT slot.network_id), count(slot.id) FILTER (WHERE slot.network_id = ANY (plan.network_ids)),
              cardinality(plan.network_ids)) AS problem
FROM subscriptions AS subscription
JOIN tenants AS tenant ON tenant.id = subscription.tenant_id
JOIN plans AS plan
  ON plan.tenant_id = subscription.tenant_id AND plan.id = subscription.plan_id AND cardinality(plan.network_ids) > 0
LEFT JOIN clock ON clock.tenant_id = subscription.tenant_id
LEFT JOIN allocations AS allocation
       ON allocation.tenant_id = subscription.tenant_id
      AND allocation.subscription_id = subscription.id
      AND allocation.released_at IS NULL
LEFT JOIN slots AS slot
       ON slot.tenant_id = allocation.tenant_id AND slot.id = allocation.slot_id AND slot.state = 'assigned'
WHERE subscription.ended_at IS NULL
  AND subscription.active_until + tenant.grace_ms * interval '1 millisecond'
      > COALESCE(clock.now, subscription.started_at)
GROUP BY subscription.tenant_id, subscription.id, subscription.active_until, plan.network_ids
HAVING count(allocation.slot_id) <> cardinality(plan.network_ids)
    OR count(slot.id) <> cardinality(plan.network_ids)
    OR count(DISTINCT slot.network_id) <> cardinality(plan.network_ids)
    OR (cardinality(plan.network_ids) > 1
        AND count(slot.id) FILTER (WHERE slot.network_id = ANY (plan.network_ids)) <> cardinality(plan.network_ids))

"""#
),
(
name: "no_account_below_its_floor",
sql: #"""
-- Why: nobody spends what they do not have. A floor is nothing, or minus the credit that was granted.
SELECT tenant_id,
       format('account %s (%s) is at %s %s, below its floor of %s', id, role, balance_minor, currency, floor_minor)
           AS problem
FROM accounts
WHERE balance_minor < floor_minor

"""#
),
(
name: "no_port_is_served_by_two_gateways",
sql: #"""
-- Why: one port of one host can be bound once. Two gateways that both claim it, even of two tenants, would answer for
-- each other's customers. A sandbox's gateways are simulated and bind nothing: theirs are only compared with each other.
WITH claim AS (
    SELECT tenant_id, id, name, host, 'ports' AS what, first_port AS low, last_port AS high
    FROM gateways WHERE active AND first_port IS NOT NULL
    UNION ALL
    SELECT tenant_id, id, name, host, 'shared port', shared_port, shared_port
    FROM gateways WHERE active AND shared_port IS NOT NULL
    UNION ALL
    SELECT tenant_id, id, name, host, 'vless port', vless_port, vless_port
    FROM gateways WHERE active AND vless_port IS NOT NULL
    UNION ALL
    SELECT tenant_id, id, name, host, 'shadowsocks port', shadowsocks_port, shadowsocks_port
    FROM gateways WHERE active AND shadowsocks_port IS NOT NULL
)
SELECT one.tenant_id,
       format('host %s: gateway %s serves %s %s-%s, and gateway %s of tenant %s %s %s-%s', one.host, one.name,
              one.what, one.low, one.high, other.name, other.tenant_id, other.what, other.low, other.high) AS problem
FROM claim AS one
JOIN claim AS other
  ON other.host = one.host
 AND other.low <= one.high
 AND one.low <= other.high
 AND (one.tenant_id = other.tenant_id
      OR NOT EXISTS (SELECT FROM tenants AS sandbox
                     WHERE sandbox.sandbox_of IS NOT NULL AND sandbox.id IN (one.tenant_id, other.tenant_id)))
 AND (one.tenant_id, one.id, one.what) < (other.tenant_id, other.id, other.what)

"""#
),
(
name: "no_slot_is_lent_twice",
sql: #"""
-- Why: two customers on one port would share a name, a password and an exit address.
SELECT tenant_id,
       format('slot %s is lent to %s subscriptions at once: %s', slot_id, count(*),
              string_agg(subscription_id::text, ', ' ORDER BY subscription_id)) AS problem
FROM allocations
WHERE released_at IS NULL
GROUP BY tenant_id, slot_id
HAVING count(*) > 1

"""#
),
(
name: "order_terms_sum_to_the_total",
sql: #"""
-- Why: an order's total is divided among the periods it paid for, to the last minor unit. What a refund gives back is
-- computed from the periods, so a cent lost here is a cent lost there.
SELECT placed.tenant_id,
       format('order %s (%s) totals %s %s, but the terms it paid for sum to %s',
              placed.id, placed.kind, placed.total_minor, placed.currency, COALESCE(paid.amount_minor, 0)) AS problem
FROM orders AS placed
LEFT JOIN (
    SELECT tenant_id, order_id, sum(amount_minor) AS amount_minor
    FROM terms
    GROUP BY tenant_id, order_id
) AS paid ON paid.tenant_id = placed.tenant_id AND paid.order_id = placed.id
WHERE placed.kind IN ('purchase', 'renewal', 'trial', 'extension', 'plan_change')
  AND COALESCE(paid.amount_minor, 0) <> placed.total_minor

"""#
),
(
name: "orders_cost_what_their_price_list_says",
sql: #"""
-- Why: an auditor recomputes what an order cost from what was published. The list price of a sale is the price it was
-- made with, of its customer's group or else of the plan, times what was bought; a trial costs nothing.
SELECT placed.tenant_id,
       format('order %s has a list price of %s, and its price list says %s', placed.id, placed.list_minor,
              coalesce((coalesce(priced.price_minor, version.price_minor)
                        * placed.quantity * placed.repeat_count)::text, 'none')) AS problem
FROM orders AS placed
JOIN plan_versions AS version
  ON (version.tenant_id, version.plan_id, version.version) = (placed.tenant_id, placed.plan_id, placed.plan_version)
LEFT JOIN group_prices AS priced
       ON (priced.tenant_id, priced.group_id, priced.plan_id, priced.version)
        = (placed.tenant_id, placed.group_id, placed.plan_id, placed.group_price_version)
WHERE placed.list_minor IS DISTINCT FROM
      CASE WHEN placed.kind = 'trial' THEN 0
           WHEN placed.group_id IS NULL THEN version.price_minor * placed.quantity * placed.repeat_count
           ELSE priced.price_minor * placed.quantity * placed.repeat_count END
  AND placed.kind IN ('purchase', 'renewal', 'plan_change', 'trial')
UNION ALL
SELECT child.tenant_id, format('customer %s is in group %s, which does not exist', child.id, child.group_id)
FROM customers AS child
LEFT JOIN customer_groups AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.group_id)
WHERE child.group_id IS NOT NULL AND parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('group %s has a price in %s of plan %s, which is in another currency, or one of which does not exist',
              child.group_id, child.currency, child.plan_id)
FROM group_prices AS child
LEFT JOIN customer_groups AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.group_id)
LEFT JOIN plans AS plan ON (plan.tenant_id, plan.id) = (child.tenant_id, child.plan_id)
WHERE parent.id IS NULL OR plan.id IS NULL OR plan.currency <> child.currency

"""#
),
(
name: "payments_match_their_top_ups",
sql: #"""
-- Why: a payment keeps what it brought, what is set aside and what went back, so that nothing goes back twice without a look at
-- the ledger. The ledger and the parts that went back have to say the same.
SELECT payment.tenant_id,
       format('payment %s of customer %s was credited %s %s, but its entry moves %s from outside to their wallet', payment.id,
              payment.customer_id, payment.credited_minor, payment.currency, COALESCE(moved.amount_minor, 0)) AS problem
FROM payments AS payment
LEFT JOIN (
    SELECT transfer.tenant_id, transfer.entry_id, wallet.owner_id, transfer.currency, sum(transfer.amount_minor) AS amount_minor
    FROM transfers AS transfer
    JOIN accounts AS wallet
      ON wallet.tenant_id = transfer.tenant_id AND wallet.id = transfer.credit_account_id AND wallet.role = 'wallet'
    JOIN accounts AS outside
      ON outside.tenant_id = transfer.tenant_id AND outside.id = transfer.debit_account_id AND outside.role = 'outside'
    GROUP BY transfer.tenant_id, transfer.entry_id, wallet.owner_id, transfer.currency
) AS moved
  ON moved.tenant_id = payment.tenant_id AND moved.entry_id = payment.entry_id
 AND moved.owner_id = payment.customer_id AND moved.currency = payment.currency
WHERE payment.credited_minor <> COALESCE(moved.amount_minor, 0)
UNION ALL
SELECT payment.tenant_id,
       format('payment %s has %s set aside and %s gone back, its parts say %s and %s', payment.id, payment.held_minor,
              payment.returned_minor, COALESCE(parts.held_minor, 0), COALESCE(parts.returned_minor, 0))
FROM payments AS payment
LEFT JOIN (
    SELECT tenant_id, payment_id, sum(booked_minor) FILTER (WHERE state = 'held') AS held_minor,
           sum(booked_minor) FILTER (WHERE state = 'returned') AS returned_minor
    FROM payment_reversals
    GROUP BY tenant_id, payment_id
) AS parts ON parts.tenant_id = payment.tenant_id AND parts.payment_id = payment.id
WHERE payment.held_minor <> COALESCE(parts.held_minor, 0) OR payment.returned_minor <> COALESCE(parts.returned_minor, 0)
UNION ALL
SELECT part.tenant_id, format('part %s goes back of payment %s, which does not exist', part.id, part.payment_id)
FROM payment_reversals AS part
LEFT JOIN payments AS payment ON payment.tenant_id = part.tenant_id AND payment.id = part.payment_id
WHERE payment.id IS NULL
UNION ALL
SELECT payment.tenant_id, format('payment %s is of customer %s, who does not exist', payment.id, payment.customer_id)
FROM payments AS payment
LEFT JOIN customers AS payer ON payer.tenant_id = payment.tenant_id AND payer.id = payment.customer_id
WHERE payer.id IS NULL

"""#
),
(
name: "pending_orders_become_what_they_say",
sql: #"""
-- Why: a customer who pays in time is given what was quoted, once; who does not has bought nothing, and the coupon's use
-- that was kept for them is free again. So a settled order is an order of the same id, for the same total, behind a top-up
-- of the same wallet; any other is none, and its reserved use stands only while it waits.
SELECT pending.tenant_id,
       format('order %s is %s, and there is %s of its id', pending.id, pending.state,
              COALESCE(format('an order of customer %s for %s of plan %s over %s', placed.customer_id, placed.quantity,
                              placed.plan_id, placed.total_minor), 'no order')) AS problem
FROM pending_orders AS pending
LEFT JOIN orders AS placed ON placed.tenant_id = pending.tenant_id AND placed.id = pending.id
WHERE CASE pending.state
          WHEN 'settled' THEN
              placed.id IS NULL
              OR (placed.customer_id, placed.plan_id, placed.quantity, placed.repeat_count, placed.total_minor,
                  placed.discount_minor, placed.currency, placed.kind)
                  IS DISTINCT FROM (pending.customer_id, pending.plan_id, pending.quantity, pending.repeat_count,
                                    pending.total_minor, pending.discount_minor, pending.currency, 'purchase')
              OR placed.coupon_id IS DISTINCT FROM pending.coupon_id
          ELSE placed.id IS NOT NULL
      END
UNION ALL
SELECT pending.tenant_id,
       format('order %s of customer %s names settlement %s, which is %s', pending.id, pending.customer_id, pending.entry_id,
              COALESCE(format('a %s of %s', entry.reason, wallet.owner_id), 'not there'))
FROM pending_orders AS pending
LEFT JOIN journal_entries AS entry ON entry.tenant_id = pending.tenant_id AND entry.id = pending.entry_id
LEFT JOIN transfers AS transfer ON transfer.tenant_id = entry.tenant_id AND transfer.entry_id = entry.id
LEFT JOIN accounts AS wallet ON wallet.tenant_id = transfer.tenant_id AND wallet.id = transfer.credit_account_id
WHERE pending.entry_id IS NOT NULL
  AND (entry.reason IS DISTINCT FROM 'top_up' OR wallet.owner_id IS DISTINCT FROM pending.customer_id)
UNION ALL
SELECT pending.tenant_id,
       format('order %s is %s, and the use of coupon %s that it reserved is %s', pending.id, pending.state, pending.coupon_id,
              COALESCE(redemption.state, 'not there'))
FROM pending_orders AS pending
LEFT JOIN coupon_redemptions AS redemption
       ON redemption.tenant_id = pending.tenant_id AND redemption.order_id = pending.id
      AND redemption.coupon_id = pending.coupon_id AND redemption.customer_id = pending.customer_id
      AND redemption.amount_minor = pending.discount_minor
WHERE pending.coupon_id IS NOT NULL
  AND CASE pending.state
          WHEN 'pending' THEN redemption.state IS DISTINCT FROM 'reserved'
          -- One that was refunded since has given its use back.
          WHEN 'settled' THEN redemption.state IS NULL OR redemption.state = 'reserved'
          ELSE redemption.state IS DISTINCT FROM 'released'
      END
UNION ALL
SELECT redemption.tenant_id,
       format('a use of coupon %s is reserved for order %s, which does not wait', redemption.coupon_id, redemption.order_id)
FROM coupon_redemptions AS redemption
LEFT JOIN pending_orders AS pending
       ON pending.tenant_id = redemption.tenant_id AND pending.id = redemption.order_id AND pending.state = 'pending'
WHERE redemption.state = 'reserved'
  AND pending.id IS NULL
UNION ALL
SELECT pending.tenant_id,
       format('order %s of customer %s for version %s of plan %s names what is not there', pending.id, pending.customer_id,
              pending.plan_version, pending.plan_id)
FROM pending_orders AS pending
LEFT JOIN customers AS customer ON customer.tenant_id = pending.tenant_id AND customer.id = pending.customer_id
LEFT JOIN plan_versions AS version
       ON version.tenant_id = pending.tenant_id AND version.plan_id = pending.plan_id AND version.version = pending.plan_version
WHERE customer.id IS NULL OR version.plan_id IS NULL

"""#
),
(
name: "promises_count_their_renewals",
sql: #"""
-- Why: a coupon that repeats discounts the next so many renewals of a subscription, each once and no more. What is left
-- of a promise is what was promised less the renewals that it discounted, refunded ones included; it is of the coupon
-- that the subscription was bought with, and ends when that purchase is wholly refunded.
SELECT promise.tenant_id,
       format('the promise to subscription %s has %s of %s renewals left, but %s were discounted, the last as number %s',
              promise.subscription_id, promise.renewals_left, promise.renewals, count(redemption.order_id),
              max(redemption.renewal_number)) AS problem
FROM coupon_promises AS promise
LEFT JOIN coupon_redemptions AS redemption
       ON redemption.tenant_id = promise.tenant_id
      AND redemption.subscription_id = promise.subscription_id
      AND redemption.renewal_number IS NOT NULL
GROUP BY promise.tenant_id, promise.subscription_id
HAVING count(redemption.order_id) <> promise.renewals - promise.renewals_left
    OR coalesce(max(redemption.renewal_number), 0) <> promise.renewals - promise.renewals_left
    OR bool_or(redemption.coupon_id <> promise.coupon_id)
UNION ALL
SELECT promise.tenant_id,
       format('subscription %s was promised coupon %s, but was bought by order %s with coupon %s',
              promise.subscription_id, promise.coupon_id, placed.id, COALESCE(placed.coupon_id::text, '(none)'))
FROM coupon_promises AS promise
LEFT JOIN subscriptions AS subscription
       ON subscription.tenant_id = promise.tenant_id AND subscription.id = promise.subscription_id
LEFT JOIN orders AS placed ON placed.tenant_id = promise.tenant_id AND placed.id = subscription.order_id
WHERE promise.coupon_id IS DISTINCT FROM placed.coupon_id
UNION ALL
SELECT promise.tenant_id,
       format('order %s is refunded, but its promise to subscription %s stands', placed.id, promise.subscription_id)
FROM coupon_promises AS promise
JOIN subscriptions AS subscription
  ON subscription.tenant_id = promise.tenant_id AND subscription.id = promise.subscription_id
JOIN orders AS placed ON placed.tenant_id = promise.tenant_id AND placed.id = subscription.order_id
WHERE promise.ended_at IS NULL
  AND subscription.ended_at IS NULL
  AND placed.state = 'refunded'
UNION ALL
SELECT redemption.tenant_id,
       format('order %s was discounted as promised renewal %s of subscription %s, which was promised nothing',
              redemption.order_id, redemption.renewal_number, redemption.subscription_id)
FROM coupon_redemptions AS redemption
LEFT JOIN coupon_promises AS promise
       ON promise.tenant_id = redemption.tenant_id AND promise.subscription_id = redemption.subscription_id
WHERE redemption.renewal_number IS NOT NULL
  AND promise.subscription_id IS NULL

"""#
),
(
name: "redemption_matches_its_order",
sql: #"""
-- Why: what the redemption says the coupon took off is what the order was discounted by, for the same coupon and
-- customer; an order with a coupon has its redemption, and an order without one was not discounted.
SELECT redemption.tenant_id,
       format('redemption of coupon %s by customer %s over %s stands beside order %s with coupon %s, customer %s, discount %s',
              redemption.coupon_id, redemption.customer_id, redemption.amount_minor, redemption.order_id,
              COALESCE(placed.coupon_id::text, '(none)'), COALESCE(placed.customer_id::text, '(none)'),
              COALESCE(placed.discount_minor::text, '(none)')) AS problem
FROM coupon_redemptions AS redemption
LEFT JOIN orders AS placed ON placed.tenant_id = redemption.tenant_id AND placed.id = redemption.order_id
WHERE CASE
          WHEN placed.id IS NULL THEN redemption.state = 'committed'
          ELSE redemption.amount_minor <> placed.discount_minor
               OR redemption.coupon_id IS DISTINCT FROM placed.coupon_id
               OR redemption.customer_id <> placed.customer_id
               OR (redemption.state <> 'committed' AND placed.state = 'paid')
      END
UNION ALL
SELECT placed.tenant_id,
       format('order %s was discounted by %s with coupon %s, and has no redemption', placed.id, placed.discount_minor,
              COALESCE(placed.coupon_id::text, '(none)'))
FROM orders AS placed
LEFT JOIN coupon_redemptions AS redemption
       ON redemption.tenant_id = placed.tenant_id AND redemption.order_id = placed.id
WHERE (placed.coupon_id IS NOT NULL OR placed.discount_minor > 0)
  AND redemption.order_id IS NULL

"""#
),
(
name: "refunded_orders_match_their_reversals",
sql: #"""
-- Why: the order keeps how much was given back so that a second refund can be refused without reading the ledger.
-- It is what reversals of the order's entry put into the customer's wallet.
SELECT placed.tenant_id,
       format('order %s says %s of %s was refunded, but %s went back to the wallet', placed.id, placed.refunded_minor,
              placed.total_minor, COALESCE(given.amount_minor, 0)) AS problem
FROM orders AS placed
LEFT JOIN (
    SELECT reversal.tenant_id, reversal.reverses_id, sum(transfer.amount_minor) AS amount_minor
    FROM journal_entries AS reversal
    JOIN transfers AS transfer ON transfer.tenant_id = reversal.tenant_id AND transfer.entry_id = reversal.id
    JOIN accounts AS wallet
      ON wallet.tenant_id = transfer.tenant_id AND wallet.id = transfer.credit_account_id AND wallet.role = 'wallet'
    WHERE reversal.reverses_id IS NOT NULL
    GROUP BY reversal.tenant_id, reversal.reverses_id
) AS given ON given.tenant_id = placed.tenant_id AND given.reverses_id = placed.id
WHERE placed.refunded_minor <> COALESCE(given.amount_minor, 0)

"""#
),
(
name: "reversals_do_not_exceed_what_they_reverse",
sql: #"""
-- Why: an entry can be answered in parts, but never by more than it moved, and only back along the way it moved: a
-- refund that goes to another account, or twice, is money made from nothing. What answers a reversal (a dispute that was won)
-- has brought back what that one took, so that it may be taken once more.
WITH moved AS (
    SELECT tenant_id, entry_id, debit_account_id, credit_account_id, sum(amount_minor) AS amount_minor
    FROM transfers
    GROUP BY tenant_id, entry_id, debit_account_id, credit_account_id
),
answered AS (
    SELECT reversal.tenant_id, reversal.reverses_id, back.debit_account_id, back.credit_account_id,
           sum(back.amount_minor - COALESCE(again.amount_minor, 0)) AS amount_minor
    FROM journal_entries AS reversal
    JOIN moved AS back ON back.tenant_id = reversal.tenant_id AND back.entry_id = reversal.id
    LEFT JOIN (
        SELECT entry.tenant_id, entry.reverses_id, moved.debit_account_id, moved.credit_account_id,
               sum(moved.amount_minor) AS amount_minor
        FROM journal_entries AS entry
        JOIN moved ON moved.tenant_id = entry.tenant_id AND moved.entry_id = entry.id
        WHERE entry.reverses_id IS NOT NULL
        GROUP BY entry.tenant_id, entry.reverses_id, moved.debit_account_id, moved.credit_account_id
    ) AS again
      ON again.tenant_id = reversal.tenant_id AND again.reverses_id = reversal.id
     AND again.debit_account_id = back.credit_account_id AND again.credit_account_id = back.debit_account_id
    WHERE reversal.reverses_id IS NOT NULL
    GROUP BY reversal.tenant_id, reversal.reverses_id, back.debit_account_id, back.credit_account_id
)
SELECT answered.tenant_id,
       format('entry %s moved %s from account %s to account %s, and its reversals moved %s back', answered.reverses_id,
              COALESCE(original.amount_minor, 0), answered.credit_account_id, answered.debit_account_id,
              answered.amount_minor) AS problem
FROM answered
LEFT JOIN moved AS original
       ON original.tenant_id = answered.tenant_id
      AND original.entry_id = answered.reverses_id
      AND original.debit_account_id = answered.credit_account_id
      AND original.credit_account_id = answered.debit_account_id
WHERE answered.amount_minor > COALESCE(original.amount_minor, 0)
UNION ALL
SELECT reversal.tenant_id, format('entry %s reverses entry %s, which does not exist', reversal.id, reversal.reverses_id)
FROM journal_entries AS reversal
LEFT JOIN journal_entries AS original
       ON original.tenant_id = reversal.tenant_id AND original.id = reversal.reverses_id
WHERE reversal.reverses_id IS NOT NULL
  AND original.id IS NULL

"""#
),
(
name: "sandboxes_mirror_live_tenants",
sql: #"""
-- Why: what is tried out must never be a live tenant's own. A sandbox belongs to a tenant that is there, that is live,
-- whose currency it has and whose name it bears; and none of its gateways is a real one, which would serve what nobody
-- paid for.
SELECT sandbox.id AS tenant_id,
       format('%s is the sandbox of %s', sandbox.slug, COALESCE(live.slug, sandbox.sandbox_of::text)) AS problem
FROM tenants AS sandbox
LEFT JOIN tenants AS live ON live.id = sandbox.sandbox_of
WHERE sandbox.sandbox_of IS NOT NULL
  AND (live.id IS NULL OR live.sandbox_of IS NOT NULL OR live.currency <> sandbox.currency
       OR sandbox.slug <> live.slug || '-sandbox')
UNION ALL
SELECT gateway.tenant_id, format('gateway %s of a sandbox is driven by %s', gateway.name, gateway.driver)
FROM gateways AS gateway
JOIN tenants AS tenant ON tenant.id = gateway.tenant_id
WHERE tenant.sandbox_of IS NOT NULL AND gateway.driver <> 'simulated'

"""#
),
(
name: "slots_of_a_subscription_share_one_login",
sql: #"""
-- Why: a customer is told one login for all the ports of a subscription. A port with another one is paid for and shut.
-- (Secrets are sealed for their own slots: only that the names are equal can be seen from here.)
SELECT allocation.tenant_id,
       format('subscription %s has slots under %s names: %s', allocation.subscription_id,
              count(DISTINCT slot.username), string_agg(DISTINCT slot.username, ', ')) AS problem
FROM allocations AS allocation
JOIN slots AS slot ON slot.tenant_id = allocation.tenant_id AND slot.id = allocation.slot_id
WHERE allocation.released_at IS NULL
GROUP BY allocation.tenant_id, allocation.subscription_id
HAVING count(DISTINCT slot.username) > 1

"""#
),
(
name: "terms_tile_without_gap",
sql: #"""
-- Why: a customer is served for every moment they paid for and pays for no moment twice. Periods are numbered
-- 0, 1, 2 ..., and the first starts with the subscription. What was cut serves no longer than its cut, and nothing where it
-- was cut at its start; of the periods that serve, each starts where the one before stopped (later only when it was bought
-- after that), and the subscription ends with the last. One that was ended early may stop short of its last period.
WITH served AS (
    SELECT *, COALESCE(cut_at, ends_at) AS served_until
    FROM terms
    WHERE cut_at IS DISTINCT FROM starts_at
)
SELECT tenant_id,
       format('subscription %s: period %s follows period %s and starts at %s', subscription_id, period_index,
              previous_index, starts_at) AS problem
FROM (
    SELECT term.*, subscription.started_at, lag(term.period_index) OVER timeline AS previous_index
    FROM terms AS term
    LEFT JOIN subscriptions AS subscription
           ON subscription.tenant_id = term.tenant_id AND subscription.id = term.subscription_id
    WINDOW timeline AS (PARTITION BY term.tenant_id, term.subscription_id ORDER BY term.period_index)
) AS period
WHERE CASE
          WHEN previous_index IS NULL THEN period_index <> 0 OR starts_at IS DISTINCT FROM started_at
          ELSE period_index <> previous_index + 1
      END
UNION ALL
SELECT tenant_id,
       format('subscription %s: period %s [%s, %s) follows what was served until %s',
              subscription_id, period_index, starts_at, served_until, previous_end)
FROM (
    SELECT period.*, paid_by.placed_at,
           lag(period.served_until, 1, subscription.started_at) OVER timeline AS previous_end
    FROM served AS period
    LEFT JOIN orders AS paid_by ON paid_by.tenant_id = period.tenant_id AND paid_by.id = period.order_id
    LEFT JOIN subscriptions AS subscription
           ON subscription.tenant_id = period.tenant_id AND subscription.id = period.subscription_id
    WINDOW timeline AS (PARTITION BY period.tenant_id, period.subscription_id ORDER BY period.period_index)
) AS period
WHERE starts_at < previous_end
   OR (starts_at > previous_end AND (placed_at IS NULL OR placed_at < previous_end))
UNION ALL
SELECT subscription.tenant_id,
       format('subscription %s is active until %s with next period %s, but its %s terms serve until %s',
              subscription.id, subscription.active_until, subscription.next_period, COALESCE(told.terms, 0),
              told.served_until)
FROM subscriptions AS subscription
LEFT JOIN (
    SELECT tenant_id, subscription_id, count(*) AS terms,
           max(COALESCE(cut_at, ends_at)) FILTER (WHERE cut_at IS DISTINCT FROM starts_at) AS served_until
    FROM terms
    GROUP BY tenant_id, subscription_id
) AS told ON told.tenant_id = subscription.tenant_id AND told.subscription_id = subscription.id
WHERE told.terms IS NULL
   OR told.terms <> subscription.next_period
   OR subscription.active_until > COALESCE(told.served_until, subscription.started_at)
   OR (subscription.active_until < told.served_until AND subscription.ended_at IS NULL)
   OR (told.served_until IS NULL AND subscription.ended_at IS NULL)

"""#
),
(
name: "test_keys_open_sandboxes_only",
sql: #"""
-- Why: a test key must never spend money, and a live one never only seem to. What a key's hint begins with tells which
-- of them it is: a sandbox's keys are test keys, and no other tenant's are.
SELECT key.tenant_id,
       format('key %s (%s) of %s, %s', key.id, key.hint, tenant.slug,
              CASE WHEN tenant.sandbox_of IS NULL THEN 'which is live' ELSE 'which is a sandbox' END) AS problem
FROM api_keys AS key
JOIN tenants AS tenant ON tenant.id = key.tenant_id
WHERE (tenant.sandbox_of IS NOT NULL) <> (key.hint ~ '^[a-z_]*_test_…')

"""#
),
(
name: "transfers_stay_in_one_currency_and_tenant",
sql: #"""
-- Why: there is no exchange and no lending between tenants. Transfers carry no foreign keys (they are the hottest
-- table), so this proves that both accounts exist, in the transfer's tenant and in its currency.
SELECT transfer.tenant_id,
       format('entry %s line %s moves %s %s from account %s (%s) to account %s (%s)',
              transfer.entry_id, transfer.line, transfer.amount_minor, transfer.currency,
              transfer.debit_account_id, COALESCE(debit.currency, 'not of this tenant'),
              transfer.credit_account_id, COALESCE(credit.currency, 'not of this tenant')) AS problem
FROM transfers AS transfer
LEFT JOIN accounts AS debit
       ON debit.tenant_id = transfer.tenant_id AND debit.id = transfer.debit_account_id
LEFT JOIN accounts AS credit
       ON credit.tenant_id = transfer.tenant_id AND credit.id = transfer.credit_account_id
WHERE debit.currency IS DISTINCT FROM transfer.currency
   OR credit.currency IS DISTINCT FROM transfer.currency

"""#
),
(
name: "trials_once",
sql: #"""
-- Why: a plan is tried once by each customer. The grant is what refuses the second, so each trial order has its grant
-- and each grant its trial order.
SELECT COALESCE(trial_order.tenant_id, trial_grant.tenant_id) AS tenant_id,
       format('customer %s, plan %s: %s trial orders and %s grants that name one of them',
              COALESCE(trial_order.customer_id, trial_grant.customer_id),
              COALESCE(trial_order.plan_id, trial_grant.plan_id),
              count(DISTINCT trial_order.id), count(DISTINCT trial_grant.order_id)) AS problem
FROM (SELECT * FROM orders WHERE kind = 'trial') AS trial_order
FULL JOIN trial_grants AS trial_grant
       ON trial_grant.tenant_id = trial_order.tenant_id
      AND trial_grant.customer_id = trial_order.customer_id
      AND trial_grant.plan_id = trial_order.plan_id
GROUP BY 1, COALESCE(trial_order.customer_id, trial_grant.customer_id),
         COALESCE(trial_order.plan_id, trial_grant.plan_id)
HAVING count(DISTINCT trial_order.id) <> 1
    OR count(DISTINCT trial_grant.order_id) <> 1
    OR bool_or(trial_order.id IS DISTINCT FROM trial_grant.order_id)

"""#
),
(
name: "what_goes_back_of_a_payment_is_in_the_journal",
sql: #"""
-- Why: what went back of a payment left the books by an entry that reverses its top-up, less what came again; what is set aside
-- is on the account for it, to the last unit.
SELECT part.tenant_id,
       format('part %s of payment %s says that %s have gone, its entry reverses the top-up by %s', part.id, part.payment_id,
              part.booked_minor, COALESCE(moved.amount_minor, 0)) AS problem
FROM payment_reversals AS part
JOIN payments AS payment ON payment.tenant_id = part.tenant_id AND payment.id = part.payment_id
LEFT JOIN (
    SELECT entry.tenant_id, entry.id, entry.reverses_id, sum(transfer.amount_minor) AS amount_minor
    FROM journal_entries AS entry
    JOIN transfers AS transfer ON transfer.tenant_id = entry.tenant_id AND transfer.entry_id = entry.id
    WHERE entry.reason IN ('top_up_refund', 'chargeback')
    GROUP BY entry.tenant_id, entry.id, entry.reverses_id
) AS moved
  ON moved.tenant_id = part.tenant_id AND moved.id = part.entry_id AND moved.reverses_id = payment.entry_id
WHERE part.state = 'returned' AND part.booked_minor <> COALESCE(moved.amount_minor, 0)
UNION ALL
SELECT COALESCE(due.tenant_id, held.tenant_id),
       format('%s of %s are set aside for refunds, payments say %s', COALESCE(due.balance_minor, 0),
              COALESCE(due.currency, held.currency), COALESCE(held.amount_minor, 0))
FROM (SELECT * FROM accounts WHERE role = 'refunds_due') AS due
FULL JOIN (
    SELECT tenant_id, currency, sum(held_minor) AS amount_minor FROM payments GROUP BY tenant_id, currency
) AS held ON held.tenant_id = due.tenant_id AND held.currency = due.currency
WHERE COALESCE(due.balance_minor, 0) <> COALESCE(held.amount_minor, 0)

"""#
),
    ]
}
