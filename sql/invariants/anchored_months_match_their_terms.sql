-- Why: a calendar subscription's next end is counted from its anchor. With one month too many or too few a customer
-- would be given a month or robbed of one; without the anchor 31 January would decay to the 28th for good. So the months
-- are those of the plan versions that paid for the terms since the anchor, one of which starts there, and who paid for
-- months last is anchored.
SELECT subscription.tenant_id,
       format('subscription %s is anchored at %s for %s months, but the terms since then are for %s',
              subscription.id, subscription.anchored_at, subscription.anchored_months,
              COALESCE(told.months::text, 'none')) AS problem
FROM subscriptions AS subscription
LEFT JOIN LATERAL (
    SELECT min(term.starts_at) AS starts_at,
           CASE WHEN bool_and(version.duration_months IS NOT NULL) THEN sum(version.duration_months) END AS months
    FROM terms AS term
    LEFT JOIN orders AS paid_by ON paid_by.tenant_id = term.tenant_id AND paid_by.id = term.order_id
    LEFT JOIN plan_versions AS version
           ON version.tenant_id = paid_by.tenant_id AND version.plan_id = paid_by.plan_id
          AND version.version = paid_by.plan_version
    WHERE term.tenant_id = subscription.tenant_id AND term.subscription_id = subscription.id
      AND term.starts_at >= subscription.anchored_at
) AS told ON true
WHERE subscription.anchored_at IS NOT NULL AND subscription.ended_at IS NULL
  AND (told.starts_at IS DISTINCT FROM subscription.anchored_at
       OR told.months IS DISTINCT FROM subscription.anchored_months)
UNION ALL
SELECT subscription.tenant_id,
       format('subscription %s has paid for %s months last and is not anchored', subscription.id,
              version.duration_months)
FROM subscriptions AS subscription
JOIN terms AS term
  ON term.tenant_id = subscription.tenant_id AND term.subscription_id = subscription.id
 AND term.period_index = subscription.next_period - 1 AND term.ends_at = subscription.active_until
JOIN orders AS paid_by
  ON paid_by.tenant_id = term.tenant_id AND paid_by.id = term.order_id AND paid_by.kind <> 'trial'
JOIN plan_versions AS version
  ON version.tenant_id = paid_by.tenant_id AND version.plan_id = paid_by.plan_id
 AND version.version = paid_by.plan_version
WHERE subscription.anchored_at IS NULL AND subscription.ended_at IS NULL AND version.duration_months IS NOT NULL
