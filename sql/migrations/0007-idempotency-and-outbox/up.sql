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
