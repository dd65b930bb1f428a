-- Why: the count and the sum on the coupon are what its limit and its budget are checked against. The count is of uses
-- that stand, reserved or committed, not those given back; the sum is of all discounts that stand, those of renewals
-- that a use promised too.
SELECT coupon.tenant_id,
       format('coupon %s counts %s redemptions over %s, but %s stand over %s', coupon.code, coupon.redeemed_count,
              coupon.discounted_minor, count(redemption.customer_ordinal), coalesce(sum(redemption.amount_minor), 0))
           AS problem
FROM coupons AS coupon
LEFT JOIN coupon_redemptions AS redemption
       ON redemption.tenant_id = coupon.tenant_id
      AND redemption.coupon_id = coupon.id
      AND redemption.state IN ('reserved', 'committed')
GROUP BY coupon.tenant_id, coupon.id
HAVING coupon.redeemed_count <> count(redemption.customer_ordinal)
    OR coupon.discounted_minor <> coalesce(sum(redemption.amount_minor), 0)
