-- Who is anchored has the anchor of the last term that was paid, or the next month would be counted from elsewhere.
SELECT subscription.tenant_id, subscription.id
FROM subscriptions AS subscription
LEFT JOIN terms AS term
       ON term.tenant_id = subscription.tenant_id AND term.subscription_id = subscription.id
      AND term.period_index = subscription.next_period - 1
WHERE subscription.ended_at IS NULL
  AND (subscription.anchored_at, subscription.anchored_months)
      IS DISTINCT FROM (term.anchored_at, term.anchored_months)
