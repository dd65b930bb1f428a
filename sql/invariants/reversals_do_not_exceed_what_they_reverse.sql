-- Why: an entry can be answered in parts, but never by more than it moved, and only back along the way it moved: a
-- refund that goes to another account, or twice, is money made from nothing. What answers a reversal (a dispute that was won)
-- has brought back what that one took, so that it may be taken once more.
WITH moved AS (
    SELECT tenant_id, entry_id, debit_account_id, credit_account_id, sum(amount_minor) AS amount_minor
    FROM transfers
    GROUP BY tenant_id, entry_id, debit_account_id, credit_account_id
),
answered AS (
    SELECT reversal.tenant_id, reversal.reverses_id, back.debit_account_id, back.credit_account_id,
           sum(back.amount_minor - COALESCE(again.amount_minor, 0)) AS amount_minor
    FROM journal_entries AS reversal
    JOIN moved AS back ON back.tenant_id = reversal.tenant_id AND back.entry_id = reversal.id
    LEFT JOIN (
        SELECT entry.tenant_id, entry.reverses_id, moved.debit_account_id, moved.credit_account_id,
               sum(moved.amount_minor) AS amount_minor
        FROM journal_entries AS entry
        JOIN moved ON moved.tenant_id = entry.tenant_id AND moved.entry_id = entry.id
        WHERE entry.reverses_id IS NOT NULL
        GROUP BY entry.tenant_id, entry.reverses_id, moved.debit_account_id, moved.credit_account_id
    ) AS again
      ON again.tenant_id = reversal.tenant_id AND again.reverses_id = reversal.id
     AND again.debit_account_id = back.credit_account_id AND again.credit_account_id = back.debit_account_id
    WHERE reversal.reverses_id IS NOT NULL
    GROUP BY reversal.tenant_id, reversal.reverses_id, back.debit_account_id, back.credit_account_id
)
SELECT answered.tenant_id,
       format('entry %s moved %s from account %s to account %s, and its reversals moved %s back', answered.reverses_id,
              COALESCE(original.amount_minor, 0), answered.credit_account_id, answered.debit_account_id,
              answered.amount_minor) AS problem
FROM answered
LEFT JOIN moved AS original
       ON original.tenant_id = answered.tenant_id
      AND original.entry_id = answered.reverses_id
      AND original.debit_account_id = answered.credit_account_id
      AND original.credit_account_id = answered.debit_account_id
WHERE answered.amount_minor > COALESCE(original.amount_minor, 0)
UNION ALL
SELECT reversal.tenant_id, format('entry %s reverses entry %s, which does not exist', reversal.id, reversal.reverses_id)
FROM journal_entries AS reversal
LEFT JOIN journal_entries AS original
       ON original.tenant_id = reversal.tenant_id AND original.id = reversal.reverses_id
WHERE reversal.reverses_id IS NOT NULL
  AND original.id IS NULL
