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
