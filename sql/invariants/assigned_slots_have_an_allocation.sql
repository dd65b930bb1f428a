-- Why: an assigned slot that nobody holds is stock that is never sold again; a slot at rest that somebody holds will
-- be given new credentials, or to another customer. Assigned means held by exactly one live allocation, and only so.
SELECT slot.tenant_id,
       format('slot %s (gateway %s port %s) is %s with %s live allocations', slot.id, slot.gateway_id, slot.port,
              slot.state, count(allocation.slot_id)) AS problem
FROM slots AS slot
LEFT JOIN allocations AS allocation
       ON allocation.tenant_id = slot.tenant_id AND allocation.slot_id = slot.id AND allocation.released_at IS NULL
GROUP BY slot.tenant_id, slot.id
HAVING count(allocation.slot_id) <> CASE WHEN slot.state = 'assigned' THEN 1 ELSE 0 END
