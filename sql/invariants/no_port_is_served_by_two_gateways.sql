-- Why: one port of one host can be bound once. Two gateways that both claim it, even of two tenants, would answer for
-- each other's customers. A sandbox's gateways are simulated and bind nothing: theirs are only compared with each other.
WITH claim AS (
    SELECT tenant_id, id, name, host, 'ports' AS what, first_port AS low, last_port AS high
    FROM gateways WHERE active AND first_port IS NOT NULL
    UNION ALL
    SELECT tenant_id, id, name, host, 'shared port', shared_port, shared_port
    FROM gateways WHERE active AND shared_port IS NOT NULL
    UNION ALL
    SELECT tenant_id, id, name, host, 'vless port', vless_port, vless_port
    FROM gateways WHERE active AND vless_port IS NOT NULL
    UNION ALL
    SELECT tenant_id, id, name, host, 'shadowsocks port', shadowsocks_port, shadowsocks_port
    FROM gateways WHERE active AND shadowsocks_port IS NOT NULL
)
SELECT one.tenant_id,
       format('host %s: gateway %s serves %s %s-%s, and gateway %s of tenant %s %s %s-%s', one.host, one.name,
              one.what, one.low, one.high, other.name, other.tenant_id, other.what, other.low, other.high) AS problem
FROM claim AS one
JOIN claim AS other
  ON other.host = one.host
 AND other.low <= one.high
 AND one.low <= other.high
 AND (one.tenant_id = other.tenant_id
      OR NOT EXISTS (SELECT FROM tenants AS sandbox
                     WHERE sandbox.sandbox_of IS NOT NULL AND sandbox.id IN (one.tenant_id, other.tenant_id)))
 AND (one.tenant_id, one.id, one.what) < (other.tenant_id, other.id, other.what)
