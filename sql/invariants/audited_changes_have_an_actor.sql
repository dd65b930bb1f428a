-- Why: the log of who changed what is worth nothing where "who" is nobody. Whoever is named is kept for ever, and works for
-- the tenant whose thing was changed, for the one that it is the sandbox of, or for the platform.
SELECT record.tenant_id,
       format('record %s (%s) names %s %s of %s, who does not exist or has nothing to do there', record.id, record.action,
              record.actor_kind, record.actor_id, record.actor_tenant_id) AS problem
FROM audit_log AS record
LEFT JOIN tenants AS tenant ON tenant.id = record.tenant_id
LEFT JOIN staff AS person
       ON record.actor_kind = 'person' AND person.tenant_id = record.actor_tenant_id AND person.id = record.actor_id
LEFT JOIN admin_keys AS key
       ON record.actor_kind = 'key' AND key.tenant_id = record.actor_tenant_id AND key.id = record.actor_id
WHERE record.actor_kind <> 'operator'
  AND ((person.id IS NULL AND key.id IS NULL)
       OR (record.actor_tenant_id <> 0 AND record.actor_tenant_id <> record.tenant_id
           AND record.actor_tenant_id IS DISTINCT FROM tenant.sandbox_of))
