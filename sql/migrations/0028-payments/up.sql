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
