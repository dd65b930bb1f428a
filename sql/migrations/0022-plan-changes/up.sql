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
