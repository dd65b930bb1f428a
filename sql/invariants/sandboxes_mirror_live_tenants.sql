-- Why: what is tried out must never be a live tenant's own. A sandbox belongs to a tenant that is there, that is live,
-- whose currency it has and whose name it bears; and none of its gateways is a real one, which would serve what nobody
-- paid for.
SELECT sandbox.id AS tenant_id,
       format('%s is the sandbox of %s', sandbox.slug, COALESCE(live.slug, sandbox.sandbox_of::text)) AS problem
FROM tenants AS sandbox
LEFT JOIN tenants AS live ON live.id = sandbox.sandbox_of
WHERE sandbox.sandbox_of IS NOT NULL
  AND (live.id IS NULL OR live.sandbox_of IS NOT NULL OR live.currency <> sandbox.currency
       OR sandbox.slug <> live.slug || '-sandbox')
UNION ALL
SELECT gateway.tenant_id, format('gateway %s of a sandbox is driven by %s', gateway.name, gateway.driver)
FROM gateways AS gateway
JOIN tenants AS tenant ON tenant.id = gateway.tenant_id
WHERE tenant.sandbox_of IS NOT NULL AND gateway.driver <> 'simulated'
