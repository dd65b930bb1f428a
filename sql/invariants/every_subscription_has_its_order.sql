-- Why: every right was bought. A subscription names the purchase (or trial) of its own customer, such an order made
-- as many subscriptions as its quantity says, and a renewal or a change of plan is of a subscription of the customer who
-- paid for it.
SELECT subscription.tenant_id,
       format('subscription %s of customer %s names order %s, which is %s', subscription.id, subscription.customer_id,
              subscription.order_id,
              COALESCE(format('a %s of customer %s', bought.kind, bought.customer_id), 'not there')) AS problem
FROM subscriptions AS subscription
LEFT JOIN orders AS bought ON bought.tenant_id = subscription.tenant_id AND bought.id = subscription.order_id
WHERE bought.id IS NULL
   OR bought.customer_id <> subscription.customer_id
   OR bought.kind <> CASE WHEN subscription.trial THEN 'trial' ELSE 'purchase' END
UNION ALL
SELECT bought.tenant_id,
       format('order %s (%s) is for %s subscriptions, but %s name it',
              bought.id, bought.kind, bought.quantity, COALESCE(made.subscriptions, 0))
FROM orders AS bought
LEFT JOIN (
    SELECT tenant_id, order_id, count(*) AS subscriptions
    FROM subscriptions
    GROUP BY tenant_id, order_id
) AS made ON made.tenant_id = bought.tenant_id AND made.order_id = bought.id
WHERE bought.kind IN ('purchase', 'trial')
  AND COALESCE(made.subscriptions, 0) <> bought.quantity
UNION ALL
SELECT renewal.tenant_id,
       format('order %s (%s) of customer %s extends subscription %s, which is not theirs',
              renewal.id, renewal.kind, renewal.customer_id, COALESCE(renewal.subscription_id::text, '(none)'))
FROM orders AS renewal
LEFT JOIN subscriptions AS extended
       ON extended.tenant_id = renewal.tenant_id
      AND extended.id = renewal.subscription_id
      AND extended.customer_id = renewal.customer_id
WHERE renewal.kind IN ('renewal', 'extension', 'plan_change')
  AND extended.id IS NULL
