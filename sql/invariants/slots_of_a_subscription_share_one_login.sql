-- Why: a customer is told one login for all the ports of a subscription. A port with another one is paid for and shut.
-- (Secrets are sealed for their own slots: only that the names are equal can be seen from here.)
SELECT allocation.tenant_id,
       format('subscription %s has slots under %s names: %s', allocation.subscription_id,
              count(DISTINCT slot.username), string_agg(DISTINCT slot.username, ', ')) AS problem
FROM allocations AS allocation
JOIN slots AS slot ON slot.tenant_id = allocation.tenant_id AND slot.id = allocation.slot_id
WHERE allocation.released_at IS NULL
GROUP BY allocation.tenant_id, allocation.subscription_id
HAVING count(DISTINCT slot.username) > 1
