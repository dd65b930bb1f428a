-- Why: a test key must never spend money, and a live one never only seem to. What a key's hint begins with tells which
-- of them it is: a sandbox's keys are test keys, and no other tenant's are.
SELECT key.tenant_id,
       format('key %s (%s) of %s, %s', key.id, key.hint, tenant.slug,
              CASE WHEN tenant.sandbox_of IS NULL THEN 'which is live' ELSE 'which is a sandbox' END) AS problem
FROM api_keys AS key
JOIN tenants AS tenant ON tenant.id = key.tenant_id
WHERE (tenant.sandbox_of IS NOT NULL) <> (key.hint ~ '^[a-z_]*_test_…')
