-- Why: an auditor recomputes what an order cost from what was published. The list price of a sale is the price it was
-- made with, of its customer's group or else of the plan, times what was bought; a trial costs nothing.
SELECT placed.tenant_id,
       format('order %s has a list price of %s, and its price list says %s', placed.id, placed.list_minor,
              coalesce((coalesce(priced.price_minor, version.price_minor)
                        * placed.quantity * placed.repeat_count)::text, 'none')) AS problem
FROM orders AS placed
JOIN plan_versions AS version
  ON (version.tenant_id, version.plan_id, version.version) = (placed.tenant_id, placed.plan_id, placed.plan_version)
LEFT JOIN group_prices AS priced
       ON (priced.tenant_id, priced.group_id, priced.plan_id, priced.version)
        = (placed.tenant_id, placed.group_id, placed.plan_id, placed.group_price_version)
WHERE placed.list_minor IS DISTINCT FROM
      CASE WHEN placed.kind = 'trial' THEN 0
           WHEN placed.group_id IS NULL THEN version.price_minor * placed.quantity * placed.repeat_count
           ELSE priced.price_minor * placed.quantity * placed.repeat_count END
  AND placed.kind IN ('purchase', 'renewal', 'plan_change', 'trial')
UNION ALL
SELECT child.tenant_id, format('customer %s is in group %s, which does not exist', child.id, child.group_id)
FROM customers AS child
LEFT JOIN customer_groups AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.group_id)
WHERE child.group_id IS NOT NULL AND parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('group %s has a price in %s of plan %s, which is in another currency, or one of which does not exist',
              child.group_id, child.currency, child.plan_id)
FROM group_prices AS child
LEFT JOIN customer_groups AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.group_id)
LEFT JOIN plans AS plan ON (plan.tenant_id, plan.id) = (child.tenant_id, child.plan_id)
WHERE parent.id IS NULL OR plan.id IS NULL OR plan.currency <> child.currency
