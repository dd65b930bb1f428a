-- Why: a statement is an account's postings in the order of their sequence, each with the balance after it. Numbers
-- run 1, 2, 3 ... and every balance follows from the one before, or the customer was shown something that never was.
SELECT tenant_id,
       format('account %s: posting %s (entry %s line %s, %s %s) follows posting %s at balance %s, yet says %s',
              account_id, sequence, entry_id, line, side, amount_minor, previous_sequence, previous_balance,
              balance_after) AS problem
FROM (
    SELECT posting.*, account.normal_side,
           lag(posting.sequence, 1, 0::bigint) OVER statement AS previous_sequence,
           lag(posting.balance_after, 1, 0::bigint) OVER statement AS previous_balance
    FROM postings AS posting
    JOIN accounts AS account ON account.tenant_id = posting.tenant_id AND account.id = posting.account_id
    WINDOW statement AS (PARTITION BY posting.tenant_id, posting.account_id ORDER BY posting.sequence, posting.side)
) AS line_of_statement
WHERE sequence <> previous_sequence + 1
   OR balance_after <> previous_balance::numeric + CASE WHEN side = normal_side THEN amount_minor ELSE -amount_minor END
