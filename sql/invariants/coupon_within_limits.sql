-- Why: a coupon promised a hundred times costs a hundred discounts. Counted from the redemptions themselves, against
-- the coupon's own limit and budget and against the limit per customer that held when each was taken.
SELECT coupon.tenant_id,
       format('coupon %s may be redeemed %s times, but %s redemptions stand', coupon.code, coupon.max_redemptions,
              count(redemption.customer_ordinal)) AS problem
FROM coupons AS coupon
JOIN coupon_redemptions AS redemption
  ON redemption.tenant_id = coupon.tenant_id
 AND redemption.coupon_id = coupon.id
 AND redemption.state <> 'released'
GROUP BY coupon.tenant_id, coupon.id
HAVING count(redemption.customer_ordinal) > coupon.max_redemptions
UNION ALL
SELECT coupon.tenant_id,
       format('coupon %s has a budget of %s, but discounts of %s stand', coupon.code, coupon.budget_minor,
              sum(redemption.amount_minor))
FROM coupons AS coupon
JOIN coupon_redemptions AS redemption
  ON redemption.tenant_id = coupon.tenant_id
 AND redemption.coupon_id = coupon.id
 AND redemption.state <> 'released'
GROUP BY coupon.tenant_id, coupon.id
HAVING sum(redemption.amount_minor) > coupon.budget_minor
UNION ALL
SELECT tenant_id,
       format('customer %s was allowed coupon %s %s times at most, but %s redemptions stand', customer_id, coupon_id,
              max(customer_limit), count(*))
FROM coupon_redemptions
WHERE state <> 'released'
  AND customer_ordinal IS NOT NULL
GROUP BY tenant_id, coupon_id, customer_id
HAVING count(*) > max(customer_limit) AND count(*) = count(customer_limit)
    OR bool_or(customer_ordinal > customer_limit)
