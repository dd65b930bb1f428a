-- Why: money moves for a reason, and the entry is the reason. A transfer without one cannot be explained to anybody.
SELECT transfer.tenant_id,
       format('transfer of %s %s belongs to entry %s, which does not exist',
              transfer.amount_minor, transfer.currency, transfer.entry_id) AS problem
FROM transfers AS transfer
LEFT JOIN journal_entries AS entry ON entry.tenant_id = transfer.tenant_id AND entry.id = transfer.entry_id
WHERE entry.id IS NULL
