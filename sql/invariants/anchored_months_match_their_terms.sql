-- Why: a calendar subscription's next end is counted from its anchor. With one month too many or too few a customer
-- would be given a month or robbed of one; without the anchor 31 January would decay to the 28th for good. So a
-- subscription has the anchor of the last term that serves it, whatever was taken back after that one; and a term that was
-- paid by months ends so many after its anchor as were paid since, by the plan versions that paid, from a term that starts
-- there. Cut at its start, a term has no month.
WITH served AS (
    SELECT term.*, CASE WHEN paid_by.kind <> 'trial' THEN version.duration_months END AS months
    FROM terms AS term
    LEFT JOIN orders AS paid_by ON paid_by.tenant_id = term.tenant_id AND paid_by.id = term.order_id
    LEFT JOIN plan_versions AS version
           ON version.tenant_id = paid_by.tenant_id AND version.plan_id = paid_by.plan_id
          AND version.version = paid_by.plan_version
    WHERE term.cut_at IS DISTINCT FROM term.starts_at
)
SELECT tenant_id,
       format('period %s of subscription %s is anchored at %s for %s months, but paid for are %s from %s on', period_index,
              subscription_id, COALESCE(anchored_at::text, 'nothing'), COALESCE(anchored_months::text, 'no'),
              COALESCE(paid::text, 'none'), COALESCE(since::text, 'no term')) AS problem
FROM (
    SELECT served.*, min(starts_at) OVER run AS since, sum(months) OVER (run ORDER BY period_index) AS paid
    FROM served
    WINDOW run AS (PARTITION BY tenant_id, subscription_id, anchored_at)
) AS period
WHERE (months IS NULL) <> (anchored_at IS NULL)
   OR (anchored_at IS NOT NULL AND (since <> anchored_at OR paid <> anchored_months))
UNION ALL
SELECT subscription.tenant_id,
       format('subscription %s is anchored at %s for %s months, and its last period at %s for %s', subscription.id,
              COALESCE(subscription.anchored_at::text, 'nothing'), COALESCE(subscription.anchored_months::text, 'none'),
              COALESCE(last.anchored_at::text, 'nothing'), COALESCE(last.anchored_months::text, 'none'))
FROM subscriptions AS subscription
LEFT JOIN (
    SELECT DISTINCT ON (tenant_id, subscription_id) tenant_id, subscription_id, anchored_at, anchored_months
    FROM served
    ORDER BY tenant_id, subscription_id, period_index DESC
) AS last ON last.tenant_id = subscription.tenant_id AND last.subscription_id = subscription.id
WHERE subscription.ended_at IS NULL
  AND (subscription.anchored_at, subscription.anchored_months)
      IS DISTINCT FROM (last.anchored_at, last.anchored_months)
