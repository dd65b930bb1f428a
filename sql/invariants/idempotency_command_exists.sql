-- Why: a remembered answer of success is a promise that the command happened. If neither the ledger nor the outbox nor
-- the audit log knows the command, a customer who repeats the request is told of something that never was.
SELECT remembered.tenant_id,
       format('key %s of principal %s remembers status %s for command %s, which left no entry, no event and no record',
              remembered.key, remembered.principal_id, remembered.status, remembered.command_id) AS problem
FROM idempotency_keys AS remembered
LEFT JOIN journal_entries AS entry
       ON entry.tenant_id = remembered.tenant_id AND entry.id = remembered.command_id
LEFT JOIN outbox_events AS event
       ON event.tenant_id = remembered.tenant_id AND event.id = remembered.command_id
LEFT JOIN audit_log AS record
       ON record.tenant_id = remembered.tenant_id AND record.id = remembered.command_id
WHERE remembered.status BETWEEN 200 AND 299
  AND entry.id IS NULL
  AND event.id IS NULL
  AND record.id IS NULL
