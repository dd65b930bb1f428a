-- Why: a payment keeps what it brought, what is set aside and what went back, so that nothing goes back twice without a look at
-- the ledger. The ledger and the parts that went back have to say the same.
SELECT payment.tenant_id,
       format('payment %s of customer %s was credited %s %s, but its entry moves %s from outside to their wallet', payment.id,
              payment.customer_id, payment.credited_minor, payment.currency, COALESCE(moved.amount_minor, 0)) AS problem
FROM payments AS payment
LEFT JOIN (
    SELECT transfer.tenant_id, transfer.entry_id, wallet.owner_id, transfer.currency, sum(transfer.amount_minor) AS amount_minor
    FROM transfers AS transfer
    JOIN accounts AS wallet
      ON wallet.tenant_id = transfer.tenant_id AND wallet.id = transfer.credit_account_id AND wallet.role = 'wallet'
    JOIN accounts AS outside
      ON outside.tenant_id = transfer.tenant_id AND outside.id = transfer.debit_account_id AND outside.role = 'outside'
    GROUP BY transfer.tenant_id, transfer.entry_id, wallet.owner_id, transfer.currency
) AS moved
  ON moved.tenant_id = payment.tenant_id AND moved.entry_id = payment.entry_id
 AND moved.owner_id = payment.customer_id AND moved.currency = payment.currency
WHERE payment.credited_minor <> COALESCE(moved.amount_minor, 0)
UNION ALL
SELECT payment.tenant_id,
       format('payment %s has %s set aside and %s gone back, its parts say %s and %s', payment.id, payment.held_minor,
              payment.returned_minor, COALESCE(parts.held_minor, 0), COALESCE(parts.returned_minor, 0))
FROM payments AS payment
LEFT JOIN (
    SELECT tenant_id, payment_id, sum(booked_minor) FILTER (WHERE state = 'held') AS held_minor,
           sum(booked_minor) FILTER (WHERE state = 'returned') AS returned_minor
    FROM payment_reversals
    GROUP BY tenant_id, payment_id
) AS parts ON parts.tenant_id = payment.tenant_id AND parts.payment_id = payment.id
WHERE payment.held_minor <> COALESCE(parts.held_minor, 0) OR payment.returned_minor <> COALESCE(parts.returned_minor, 0)
UNION ALL
SELECT part.tenant_id, format('part %s goes back of payment %s, which does not exist', part.id, part.payment_id)
FROM payment_reversals AS part
LEFT JOIN payments AS payment ON payment.tenant_id = part.tenant_id AND payment.id = part.payment_id
WHERE payment.id IS NULL
UNION ALL
SELECT payment.tenant_id, format('payment %s is of customer %s, who does not exist', payment.id, payment.customer_id)
FROM payments AS payment
LEFT JOIN customers AS payer ON payer.tenant_id = payment.tenant_id AND payer.id = payment.customer_id
WHERE payer.id IS NULL
