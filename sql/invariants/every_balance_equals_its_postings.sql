-- Why: an account's balance is kept beside its postings so that a purchase need not add them up. The day the two
-- differ, one of them is a lie about somebody's money.
SELECT account.tenant_id,
       format('account %s (%s) keeps %s %s after %s postings, but its postings make %s after %s',
              account.id, account.role, account.balance_minor, account.currency, account.postings_count,
              COALESCE(told.balance, 0), COALESCE(told.postings, 0)) AS problem
FROM accounts AS account
LEFT JOIN (
    SELECT posting.tenant_id, posting.account_id, count(*) AS postings,
           sum(CASE WHEN posting.side = owner.normal_side THEN posting.amount_minor ELSE -posting.amount_minor END)
               AS balance
    FROM postings AS posting
    JOIN accounts AS owner ON owner.tenant_id = posting.tenant_id AND owner.id = posting.account_id
    GROUP BY posting.tenant_id, posting.account_id
) AS told ON told.tenant_id = account.tenant_id AND told.account_id = account.id
WHERE account.balance_minor <> COALESCE(told.balance, 0)
   OR account.postings_count <> COALESCE(told.postings, 0)
