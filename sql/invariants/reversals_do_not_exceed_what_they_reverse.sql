-- Why: an entry can be answered in parts, but never by more than it moved, and only between the accounts it moved
-- value between: a refund that goes to another wallet, or twice, is money made from nothing.
-- For each account `moved` is debits less credits: what the reversals moved must lie between nothing and the opposite.
WITH moved AS (
    SELECT tenant_id, entry_id, account_id,
           sum(CASE WHEN side = 'debit' THEN amount_minor ELSE -amount_minor END) AS moved
    FROM postings
    GROUP BY tenant_id, entry_id, account_id
),
answered AS (
    SELECT reversal.tenant_id, reversal.reverses_id, back.account_id, sum(back.moved) AS moved
    FROM journal_entries AS reversal
    JOIN moved AS back ON back.tenant_id = reversal.tenant_id AND back.entry_id = reversal.id
    WHERE reversal.reverses_id IS NOT NULL
    GROUP BY reversal.tenant_id, reversal.reverses_id, back.account_id
)
SELECT answered.tenant_id,
       format('entry %s moved %s on account %s, and its reversals moved %s', answered.reverses_id,
              COALESCE(original.moved, 0), answered.account_id, answered.moved) AS problem
FROM answered
LEFT JOIN moved AS original
       ON original.tenant_id = answered.tenant_id
      AND original.entry_id = answered.reverses_id
      AND original.account_id = answered.account_id
WHERE answered.moved NOT BETWEEN LEAST(-COALESCE(original.moved, 0), 0) AND GREATEST(-COALESCE(original.moved, 0), 0)
UNION ALL
SELECT reversal.tenant_id, format('entry %s reverses entry %s, which does not exist', reversal.id, reversal.reverses_id)
FROM journal_entries AS reversal
LEFT JOIN journal_entries AS original
       ON original.tenant_id = reversal.tenant_id AND original.id = reversal.reverses_id
WHERE reversal.reverses_id IS NOT NULL
  AND original.id IS NULL
