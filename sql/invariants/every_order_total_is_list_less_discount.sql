-- Why: the total is what the customer was quoted: the list price less what the coupon took off, never less than nothing.
SELECT tenant_id,
       format('order %s lists %s less %s, but totals %s %s', id, list_minor, discount_minor, total_minor, currency)
           AS problem
FROM orders
WHERE total_minor <> list_minor::numeric - discount_minor
   OR discount_minor < 0
   OR total_minor < 0
