-- Why: the count on the coupon is what its limit is checked against. It counts the uses that stand: reserved or
-- committed, not those given back.
SELECT coupon.tenant_id,
       format('coupon %s counts %s redemptions, but %s stand', coupon.code, coupon.redeemed_count,
              count(redemption.order_id)) AS problem
FROM coupons AS coupon
LEFT JOIN coupon_redemptions AS redemption
       ON redemption.tenant_id = coupon.tenant_id
      AND redemption.coupon_id = coupon.id
      AND redemption.state IN ('reserved', 'committed')
GROUP BY coupon.tenant_id, coupon.id
HAVING coupon.redeemed_count <> count(redemption.order_id)
