-- Why: what the redemption says the coupon took off is what the order was discounted by, for the same coupon and
-- customer; an order with a coupon has its redemption, and an order without one was not discounted.
SELECT redemption.tenant_id,
       format('redemption of coupon %s by customer %s over %s stands beside order %s with coupon %s, customer %s, discount %s',
              redemption.coupon_id, redemption.customer_id, redemption.amount_minor, redemption.order_id,
              COALESCE(placed.coupon_id::text, '(none)'), COALESCE(placed.customer_id::text, '(none)'),
              COALESCE(placed.discount_minor::text, '(none)')) AS problem
FROM coupon_redemptions AS redemption
LEFT JOIN orders AS placed ON placed.tenant_id = redemption.tenant_id AND placed.id = redemption.order_id
WHERE CASE
          WHEN placed.id IS NULL THEN redemption.state = 'committed'
          ELSE redemption.amount_minor <> placed.discount_minor
               OR redemption.coupon_id IS DISTINCT FROM placed.coupon_id
               OR redemption.customer_id <> placed.customer_id
               OR (redemption.state <> 'committed' AND placed.state = 'paid')
      END
UNION ALL
SELECT placed.tenant_id,
       format('order %s was discounted by %s with coupon %s, and has no redemption', placed.id, placed.discount_minor,
              COALESCE(placed.coupon_id::text, '(none)'))
FROM orders AS placed
LEFT JOIN coupon_redemptions AS redemption
       ON redemption.tenant_id = placed.tenant_id AND redemption.order_id = placed.id
WHERE (placed.coupon_id IS NOT NULL OR placed.discount_minor > 0)
  AND redemption.order_id IS NULL
