-- Why: a customer is served for every moment they paid for and pays for no moment twice. Periods are numbered
-- 0, 1, 2 ..., each starts where the one before ended (later only when it was bought after that end), the first starts
-- with the subscription and the last ends with it. One that was ended early may stop short of its last period.
SELECT tenant_id,
       format('subscription %s: period %s [%s, %s) follows period %s, which ended at %s',
              subscription_id, period_index, starts_at, ends_at, previous_index, previous_end) AS problem
FROM (
    SELECT term.*, paid_by.placed_at, subscription.started_at,
           lag(term.period_index) OVER timeline AS previous_index,
           lag(term.ends_at) OVER timeline AS previous_end
    FROM terms AS term
    LEFT JOIN orders AS paid_by ON paid_by.tenant_id = term.tenant_id AND paid_by.id = term.order_id
    LEFT JOIN subscriptions AS subscription
           ON subscription.tenant_id = term.tenant_id AND subscription.id = term.subscription_id
    WINDOW timeline AS (PARTITION BY term.tenant_id, term.subscription_id ORDER BY term.period_index)
) AS period
WHERE CASE
          WHEN previous_index IS NULL THEN period_index <> 0 OR starts_at IS DISTINCT FROM started_at
          ELSE period_index <> previous_index + 1
               OR starts_at < previous_end
               OR (starts_at > previous_end AND (placed_at IS NULL OR placed_at < previous_end))
      END
UNION ALL
SELECT subscription.tenant_id,
       format('subscription %s is active until %s with next period %s, but its %s terms end at %s',
              subscription.id, subscription.active_until, subscription.next_period, COALESCE(told.terms, 0),
              told.ends_at)
FROM subscriptions AS subscription
LEFT JOIN (
    SELECT tenant_id, subscription_id, count(*) AS terms, max(ends_at) AS ends_at
    FROM terms
    GROUP BY tenant_id, subscription_id
) AS told ON told.tenant_id = subscription.tenant_id AND told.subscription_id = subscription.id
WHERE told.terms IS NULL
   OR told.terms <> subscription.next_period
   OR subscription.active_until > told.ends_at
   OR (subscription.active_until < told.ends_at AND subscription.ended_at IS NULL)
