-- Why: two customers on one port would share a name, a password and an exit address.
SELECT tenant_id,
       format('slot %s is lent to %s subscriptions at once: %s', slot_id, count(*),
              string_agg(subscription_id::text, ', ' ORDER BY subscription_id)) AS problem
FROM allocations
WHERE released_at IS NULL
GROUP BY tenant_id, slot_id
HAVING count(*) > 1
