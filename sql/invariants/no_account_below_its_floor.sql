-- Why: nobody spends what they do not have. A floor is nothing, or minus the credit that was granted.
SELECT tenant_id,
       format('account %s (%s) is at %s %s, below its floor of %s', id, role, balance_minor, currency, floor_minor)
           AS problem
FROM accounts
WHERE balance_minor < floor_minor
