-- Why: a coupon for a first order brings new customers, and costs a discount each time it is given to an old one. When
-- it was used, no earlier order of the customer's stood; trials do not count, nor does what was wholly refunded.
SELECT redemption.tenant_id,
       format('customer %s used coupon %s for a first order, %s, after order %s', redemption.customer_id,
              redemption.coupon_id, redemption.order_id, earlier.id) AS problem
FROM coupon_redemptions AS redemption
JOIN orders AS earlier
  ON earlier.tenant_id = redemption.tenant_id
 AND earlier.customer_id = redemption.customer_id
 AND earlier.placed_at < redemption.redeemed_at
WHERE redemption.first_order
  AND redemption.state <> 'released'
  AND earlier.kind <> 'trial'
  AND earlier.state = 'paid'
