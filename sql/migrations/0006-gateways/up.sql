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
