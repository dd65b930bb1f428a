-- Why: the customer pays the order's total, once, from their own wallet, in the entry that carries the order's id.
-- An order of nothing (a trial, a whole discount) takes nothing.
SELECT placed.tenant_id,
       format('order %s (%s) of customer %s totals %s %s, but its entry takes %s from their wallet in %s charges and %s from others',
              placed.id, placed.kind, placed.customer_id, placed.total_minor, placed.currency,
              COALESCE(charge.own_minor, 0), COALESCE(charge.own_charges, 0), COALESCE(charge.others, 0)) AS problem
FROM orders AS placed
LEFT JOIN (
    SELECT transfer.tenant_id, transfer.entry_id,
           sum(transfer.amount_minor) FILTER (WHERE wallet.owner_id = buyer.customer_id) AS own_minor,
           count(*) FILTER (WHERE wallet.owner_id = buyer.customer_id) AS own_charges,
           count(*) FILTER (WHERE wallet.owner_id <> buyer.customer_id) AS others
    FROM transfers AS transfer
    JOIN orders AS buyer ON buyer.tenant_id = transfer.tenant_id AND buyer.id = transfer.entry_id
    JOIN accounts AS wallet
      ON wallet.tenant_id = transfer.tenant_id AND wallet.id = transfer.debit_account_id AND wallet.role = 'wallet'
    GROUP BY transfer.tenant_id, transfer.entry_id
) AS charge ON charge.tenant_id = placed.tenant_id AND charge.entry_id = placed.id
WHERE COALESCE(charge.others, 0) > 0
   OR COALESCE(charge.own_charges, 0) <> CASE WHEN placed.total_minor > 0 THEN 1 ELSE 0 END
   OR COALESCE(charge.own_minor, 0) <> placed.total_minor
