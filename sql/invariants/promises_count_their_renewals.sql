-- Why: a coupon that repeats discounts the next so many renewals of a subscription, each once and no more. What is left
-- of a promise is what was promised less the renewals that it discounted, refunded ones included; it is of the coupon
-- that the subscription was bought with, and ends when that purchase is wholly refunded.
SELECT promise.tenant_id,
       format('the promise to subscription %s has %s of %s renewals left, but %s were discounted, the last as number %s',
              promise.subscription_id, promise.renewals_left, promise.renewals, count(redemption.order_id),
              max(redemption.renewal_number)) AS problem
FROM coupon_promises AS promise
LEFT JOIN coupon_redemptions AS redemption
       ON redemption.tenant_id = promise.tenant_id
      AND redemption.subscription_id = promise.subscription_id
      AND redemption.renewal_number IS NOT NULL
GROUP BY promise.tenant_id, promise.subscription_id
HAVING count(redemption.order_id) <> promise.renewals - promise.renewals_left
    OR coalesce(max(redemption.renewal_number), 0) <> promise.renewals - promise.renewals_left
    OR bool_or(redemption.coupon_id <> promise.coupon_id)
UNION ALL
SELECT promise.tenant_id,
       format('subscription %s was promised coupon %s, but was bought by order %s with coupon %s',
              promise.subscription_id, promise.coupon_id, placed.id, COALESCE(placed.coupon_id::text, '(none)'))
FROM coupon_promises AS promise
LEFT JOIN subscriptions AS subscription
       ON subscription.tenant_id = promise.tenant_id AND subscription.id = promise.subscription_id
LEFT JOIN orders AS placed ON placed.tenant_id = promise.tenant_id AND placed.id = subscription.order_id
WHERE promise.coupon_id IS DISTINCT FROM placed.coupon_id
UNION ALL
SELECT promise.tenant_id,
       format('order %s is refunded, but its promise to subscription %s stands', placed.id, promise.subscription_id)
FROM coupon_promises AS promise
JOIN subscriptions AS subscription
  ON subscription.tenant_id = promise.tenant_id AND subscription.id = promise.subscription_id
JOIN orders AS placed ON placed.tenant_id = promise.tenant_id AND placed.id = subscription.order_id
WHERE promise.ended_at IS NULL
  AND subscription.ended_at IS NULL
  AND placed.state = 'refunded'
UNION ALL
SELECT redemption.tenant_id,
       format('order %s was discounted as promised renewal %s of subscription %s, which was promised nothing',
              redemption.order_id, redemption.renewal_number, redemption.subscription_id)
FROM coupon_redemptions AS redemption
LEFT JOIN coupon_promises AS promise
       ON promise.tenant_id = redemption.tenant_id AND promise.subscription_id = redemption.subscription_id
WHERE redemption.renewal_number IS NOT NULL
  AND promise.subscription_id IS NULL
