-- Why: what went back of a payment left the books by an entry that reverses its top-up, less what came again; what is set aside
-- is on the account for it, to the last unit.
SELECT part.tenant_id,
       format('part %s of payment %s says that %s have gone, its entry reverses the top-up by %s', part.id, part.payment_id,
              part.booked_minor, COALESCE(moved.amount_minor, 0)) AS problem
FROM payment_reversals AS part
JOIN payments AS payment ON payment.tenant_id = part.tenant_id AND payment.id = part.payment_id
LEFT JOIN (
    SELECT entry.tenant_id, entry.id, entry.reverses_id, sum(transfer.amount_minor) AS amount_minor
    FROM journal_entries AS entry
    JOIN transfers AS transfer ON transfer.tenant_id = entry.tenant_id AND transfer.entry_id = entry.id
    WHERE entry.reason IN ('top_up_refund', 'chargeback')
    GROUP BY entry.tenant_id, entry.id, entry.reverses_id
) AS moved
  ON moved.tenant_id = part.tenant_id AND moved.id = part.entry_id AND moved.reverses_id = payment.entry_id
WHERE part.state = 'returned' AND part.booked_minor <> COALESCE(moved.amount_minor, 0)
UNION ALL
SELECT COALESCE(due.tenant_id, held.tenant_id),
       format('%s of %s are set aside for refunds, payments say %s', COALESCE(due.balance_minor, 0),
              COALESCE(due.currency, held.currency), COALESCE(held.amount_minor, 0))
FROM (SELECT * FROM accounts WHERE role = 'refunds_due') AS due
FULL JOIN (
    SELECT tenant_id, currency, sum(held_minor) AS amount_minor FROM payments GROUP BY tenant_id, currency
) AS held ON held.tenant_id = due.tenant_id AND held.currency = due.currency
WHERE COALESCE(due.balance_minor, 0) <> COALESCE(held.amount_minor, 0)
