-- Why: the order keeps how much was given back so that a second refund can be refused without reading the ledger.
-- It is what reversals of the order's entry put into the customer's wallet.
SELECT placed.tenant_id,
       format('order %s says %s of %s was refunded, but %s went back to the wallet', placed.id, placed.refunded_minor,
              placed.total_minor, COALESCE(given.amount_minor, 0)) AS problem
FROM orders AS placed
LEFT JOIN (
    SELECT reversal.tenant_id, reversal.reverses_id, sum(transfer.amount_minor) AS amount_minor
    FROM journal_entries AS reversal
    JOIN transfers AS transfer ON transfer.tenant_id = reversal.tenant_id AND transfer.entry_id = reversal.id
    JOIN accounts AS wallet
      ON wallet.tenant_id = transfer.tenant_id AND wallet.id = transfer.credit_account_id AND wallet.role = 'wallet'
    WHERE reversal.reverses_id IS NOT NULL
    GROUP BY reversal.tenant_id, reversal.reverses_id
) AS given ON given.tenant_id = placed.tenant_id AND given.reverses_id = placed.id
WHERE placed.refunded_minor <> COALESCE(given.amount_minor, 0)
