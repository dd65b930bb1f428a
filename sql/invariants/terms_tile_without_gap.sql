-- Why: a customer is served for every moment they paid for and pays for no moment twice. Periods are numbered
-- 0, 1, 2 ..., and the first starts with the subscription. What was cut serves no longer than its cut, and nothing where it
-- was cut at its start; of the periods that serve, each starts where the one before stopped (later only when it was bought
-- after that), and the subscription ends with the last. One that was ended early may stop short of its last period.
WITH served AS (
    SELECT *, COALESCE(cut_at, ends_at) AS served_until
    FROM terms
    WHERE cut_at IS DISTINCT FROM starts_at
)
SELECT tenant_id,
       format('subscription %s: period %s follows period %s and starts at %s', subscription_id, period_index,
              previous_index, starts_at) AS problem
FROM (
    SELECT term.*, subscription.started_at, lag(term.period_index) OVER timeline AS previous_index
    FROM terms AS term
    LEFT JOIN subscriptions AS subscription
           ON subscription.tenant_id = term.tenant_id AND subscription.id = term.subscription_id
    WINDOW timeline AS (PARTITION BY term.tenant_id, term.subscription_id ORDER BY term.period_index)
) AS period
WHERE CASE
          WHEN previous_index IS NULL THEN period_index <> 0 OR starts_at IS DISTINCT FROM started_at
          ELSE period_index <> previous_index + 1
      END
UNION ALL
SELECT tenant_id,
       format('subscription %s: period %s [%s, %s) follows what was served until %s',
              subscription_id, period_index, starts_at, served_until, previous_end)
FROM (
    SELECT period.*, paid_by.placed_at,
           lag(period.served_until, 1, subscription.started_at) OVER timeline AS previous_end
    FROM served AS period
    LEFT JOIN orders AS paid_by ON paid_by.tenant_id = period.tenant_id AND paid_by.id = period.order_id
    LEFT JOIN subscriptions AS subscription
           ON subscription.tenant_id = period.tenant_id AND subscription.id = period.subscription_id
    WINDOW timeline AS (PARTITION BY period.tenant_id, period.subscription_id ORDER BY period.period_index)
) AS period
WHERE starts_at < previous_end
   OR (starts_at > previous_end AND (placed_at IS NULL OR placed_at < previous_end))
UNION ALL
SELECT subscription.tenant_id,
       format('subscription %s is active until %s with next period %s, but its %s terms serve until %s',
              subscription.id, subscription.active_until, subscription.next_period, COALESCE(told.terms, 0),
              told.served_until)
FROM subscriptions AS subscription
LEFT JOIN (
    SELECT tenant_id, subscription_id, count(*) AS terms,
           max(COALESCE(cut_at, ends_at)) FILTER (WHERE cut_at IS DISTINCT FROM starts_at) AS served_until
    FROM terms
    GROUP BY tenant_id, subscription_id
) AS told ON told.tenant_id = subscription.tenant_id AND told.subscription_id = subscription.id
WHERE told.terms IS NULL
   OR told.terms <> subscription.next_period
   OR subscription.active_until > COALESCE(told.served_until, subscription.started_at)
   OR (subscription.active_until < told.served_until AND subscription.ended_at IS NULL)
   OR (told.served_until IS NULL AND subscription.ended_at IS NULL)
