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
