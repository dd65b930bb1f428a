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
