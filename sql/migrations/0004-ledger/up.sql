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
