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
