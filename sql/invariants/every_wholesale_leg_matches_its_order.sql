-- Why: what the tenant owes the platform moves in the same entry as the customer's money: both or neither. The float
-- is debited once, by the wholesale price that the order keeps, and by nothing where the order has none.
SELECT placed.tenant_id,
       format('order %s keeps a wholesale price of %s, but its entry takes %s from the float in %s charges',
              placed.id, COALESCE(placed.wholesale_minor, 0), COALESCE(leg.amount_minor, 0), COALESCE(leg.charges, 0))
           AS problem
FROM orders AS placed
LEFT JOIN (
    SELECT transfer.tenant_id, transfer.entry_id, count(*) AS charges, sum(transfer.amount_minor) AS amount_minor
    FROM transfers AS transfer
    JOIN accounts AS float_account
      ON float_account.tenant_id = transfer.tenant_id
     AND float_account.id = transfer.debit_account_id
     AND float_account.role = 'float'
    GROUP BY transfer.tenant_id, transfer.entry_id
) AS leg ON leg.tenant_id = placed.tenant_id AND leg.entry_id = placed.id
WHERE COALESCE(leg.amount_minor, 0) <> COALESCE(placed.wholesale_minor, 0)
   OR COALESCE(leg.charges, 0) <> CASE WHEN COALESCE(placed.wholesale_minor, 0) > 0 THEN 1 ELSE 0 END
