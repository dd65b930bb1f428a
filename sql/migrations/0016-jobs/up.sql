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
