-- Why: an order's total is divided among the periods it paid for, to the last minor unit. What a refund gives back is
-- computed from the periods, so a cent lost here is a cent lost there.
SELECT placed.tenant_id,
       format('order %s (%s) totals %s %s, but the terms it paid for sum to %s',
              placed.id, placed.kind, placed.total_minor, placed.currency, COALESCE(paid.amount_minor, 0)) AS problem
FROM orders AS placed
LEFT JOIN (
    SELECT tenant_id, order_id, sum(amount_minor) AS amount_minor
    FROM terms
    GROUP BY tenant_id, order_id
) AS paid ON paid.tenant_id = placed.tenant_id AND paid.order_id = placed.id
WHERE placed.kind IN ('purchase', 'renewal', 'trial', 'extension', 'plan_change')
  AND COALESCE(paid.amount_minor, 0) <> placed.total_minor
