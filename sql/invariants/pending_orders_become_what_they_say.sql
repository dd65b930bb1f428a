-- Why: a customer who pays in time is given what was quoted, once; who does not has bought nothing, and the coupon's use
-- that was kept for them is free again. So a settled order is an order of the same id, for the same total, behind a top-up
-- of the same wallet; any other is none, and its reserved use stands only while it waits.
SELECT pending.tenant_id,
       format('order %s is %s, and there is %s of its id', pending.id, pending.state,
              COALESCE(format('an order of customer %s for %s of plan %s over %s', placed.customer_id, placed.quantity,
                              placed.plan_id, placed.total_minor), 'no order')) AS problem
FROM pending_orders AS pending
LEFT JOIN orders AS placed ON placed.tenant_id = pending.tenant_id AND placed.id = pending.id
WHERE CASE pending.state
          WHEN 'settled' THEN
              placed.id IS NULL
              OR (placed.customer_id, placed.plan_id, placed.quantity, placed.repeat_count, placed.total_minor,
                  placed.discount_minor, placed.currency, placed.kind)
                  IS DISTINCT FROM (pending.customer_id, pending.plan_id, pending.quantity, pending.repeat_count,
                                    pending.total_minor, pending.discount_minor, pending.currency, 'purchase')
              OR placed.coupon_id IS DISTINCT FROM pending.coupon_id
          ELSE placed.id IS NOT NULL
      END
UNION ALL
SELECT pending.tenant_id,
       format('order %s of customer %s names settlement %s, which is %s', pending.id, pending.customer_id, pending.entry_id,
              COALESCE(format('a %s of %s', entry.reason, wallet.owner_id), 'not there'))
FROM pending_orders AS pending
LEFT JOIN journal_entries AS entry ON entry.tenant_id = pending.tenant_id AND entry.id = pending.entry_id
LEFT JOIN transfers AS transfer ON transfer.tenant_id = entry.tenant_id AND transfer.entry_id = entry.id
LEFT JOIN accounts AS wallet ON wallet.tenant_id = transfer.tenant_id AND wallet.id = transfer.credit_account_id
WHERE pending.entry_id IS NOT NULL
  AND (entry.reason IS DISTINCT FROM 'top_up' OR wallet.owner_id IS DISTINCT FROM pending.customer_id)
UNION ALL
SELECT pending.tenant_id,
       format('order %s is %s, and the use of coupon %s that it reserved is %s', pending.id, pending.state, pending.coupon_id,
              COALESCE(redemption.state, 'not there'))
FROM pending_orders AS pending
LEFT JOIN coupon_redemptions AS redemption
       ON redemption.tenant_id = pending.tenant_id AND redemption.order_id = pending.id
      AND redemption.coupon_id = pending.coupon_id AND redemption.customer_id = pending.customer_id
      AND redemption.amount_minor = pending.discount_minor
WHERE pending.coupon_id IS NOT NULL
  AND CASE pending.state
          WHEN 'pending' THEN redemption.state IS DISTINCT FROM 'reserved'
          -- One that was refunded since has given its use back.
          WHEN 'settled' THEN redemption.state IS NULL OR redemption.state = 'reserved'
          ELSE redemption.state IS DISTINCT FROM 'released'
      END
UNION ALL
SELECT redemption.tenant_id,
       format('a use of coupon %s is reserved for order %s, which does not wait', redemption.coupon_id, redemption.order_id)
FROM coupon_redemptions AS redemption
LEFT JOIN pending_orders AS pending
       ON pending.tenant_id = redemption.tenant_id AND pending.id = redemption.order_id AND pending.state = 'pending'
WHERE redemption.state = 'reserved'
  AND pending.id IS NULL
UNION ALL
SELECT pending.tenant_id,
       format('order %s of customer %s for version %s of plan %s names what is not there', pending.id, pending.customer_id,
              pending.plan_version, pending.plan_id)
FROM pending_orders AS pending
LEFT JOIN customers AS customer ON customer.tenant_id = pending.tenant_id AND customer.id = pending.customer_id
LEFT JOIN plan_versions AS version
       ON version.tenant_id = pending.tenant_id AND version.plan_id = pending.plan_id AND version.version = pending.plan_version
WHERE customer.id IS NULL OR version.plan_id IS NULL
