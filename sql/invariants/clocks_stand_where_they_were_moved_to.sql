-- Why: a clock that went back would let a period be sold twice, and one that nobody moved would end what was paid for.
-- A tenant's clock stands where the last of its moves left it, and every move began where another ended.
WITH moved AS (
    SELECT tenant_id, max(ahead_after_ms) AS ahead_ms, sum(ahead_after_ms - ahead_before_ms) AS moved_ms
    FROM clock_moves
    GROUP BY tenant_id
)
SELECT COALESCE(tenant.id, moved.tenant_id) AS tenant_id,
       format('the clock is %s ms ahead, and was moved to %s in moves of %s', tenant.clock_ahead_ms, moved.ahead_ms,
              moved.moved_ms) AS problem
FROM tenants AS tenant
FULL JOIN moved ON moved.tenant_id = tenant.id
WHERE tenant.clock_ahead_ms IS DISTINCT FROM COALESCE(moved.ahead_ms, 0)
   OR COALESCE(moved.moved_ms, 0) <> COALESCE(moved.ahead_ms, 0)
