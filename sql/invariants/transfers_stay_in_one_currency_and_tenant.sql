-- Why: there is no exchange and no lending between tenants. Transfers carry no foreign keys (they are the hottest
-- table), so this proves that both accounts exist, in the transfer's tenant and in its currency.
SELECT transfer.tenant_id,
       format('entry %s line %s moves %s %s from account %s (%s) to account %s (%s)',
              transfer.entry_id, transfer.line, transfer.amount_minor, transfer.currency,
              transfer.debit_account_id, COALESCE(debit.currency, 'not of this tenant'),
              transfer.credit_account_id, COALESCE(credit.currency, 'not of this tenant')) AS problem
FROM transfers AS transfer
LEFT JOIN accounts AS debit
       ON debit.tenant_id = transfer.tenant_id AND debit.id = transfer.debit_account_id
LEFT JOIN accounts AS credit
       ON credit.tenant_id = transfer.tenant_id AND credit.id = transfer.credit_account_id
WHERE debit.currency IS DISTINCT FROM transfer.currency
   OR credit.currency IS DISTINCT FROM transfer.currency
