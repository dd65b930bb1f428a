-- A past of one tenant for the export to read, in a copy of the database: `orders` orders of a year, every twentieth given
-- back since. What an export of orders reads is there, and nothing else of it: no subscriptions, no charges.
--
--   psql -v orders=1000000 -v tenant=many-00 -f exports.sql
SELECT t.id AS tenant, p.id AS plan, p.version AS version, r.id AS revenue
FROM tenants t
JOIN plans p ON p.tenant_id = t.id AND p.code = 'sim-30d'
JOIN accounts r ON r.tenant_id = t.id AND r.role = 'revenue' AND r.currency = t.currency
WHERE t.slug = :'tenant' \gset

CREATE TEMP TABLE buyers AS
SELECT row_number() OVER (ORDER BY c.id) - 1 AS number, c.id AS customer, w.id AS wallet
FROM customers c JOIN accounts w ON w.tenant_id = c.tenant_id AND w.owner_id = c.id AND w.role = 'wallet'
WHERE c.tenant_id = :tenant;

-- Ids as ours are made: the milliseconds of the order in front.
CREATE FUNCTION pg_temp.id(kind integer, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(1767225600000 + n * 31536), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8'
            || lpad(to_hex(n), 15, '0'))::uuid
$$;

INSERT INTO orders
    (tenant_id, id, customer_id, principal_id, dialect, kind, plan_id, plan_version, quantity, repeat_count, currency,
     list_minor, discount_minor, total_minor, wholesale_minor, refunded_minor, wholesale_refunded_minor, state, placed_at)
SELECT :tenant, pg_temp.id(1, n), b.customer, NULL, 'gate', 'purchase', :'plan', :version, 1, 1, 'USD', 100 + n % 900, n % 50,
       100 + n % 900 - n % 50, 60, 0, 0, 'paid', to_timestamp((1767225600000 + n * 31536) / 1000.0)
FROM generate_series(0::bigint, :orders - 1) AS n
JOIN buyers b ON b.number = n % (SELECT count(*) FROM buyers);

INSERT INTO journal_entries (tenant_id, id, reason, order_id, reverses_id, effective_at, recorded_at)
SELECT tenant_id, pg_temp.id(2, (row_number() OVER (ORDER BY id) - 1) * 20), 'refund', id, id, placed_at + interval '1 hour',
       placed_at + interval '1 hour'
FROM (SELECT *, row_number() OVER (ORDER BY id) - 1 AS n FROM orders WHERE tenant_id = :tenant AND dialect = 'gate') placed
WHERE n % 20 = 0;

INSERT INTO transfers
    (tenant_id, entry_id, line, debit_account_id, credit_account_id, currency, amount_minor, debit_sequence,
     credit_sequence, debit_balance_after, credit_balance_after)
SELECT o.tenant_id, j.id, 0, :'revenue', b.wallet, 'USD', o.total_minor, 1000000000 + row_number() OVER (ORDER BY j.id),
       1000000000 + row_number() OVER (ORDER BY j.id), 0, 0
FROM journal_entries j
JOIN orders o ON o.tenant_id = j.tenant_id AND o.id = j.reverses_id
JOIN buyers b ON b.customer = o.customer_id
WHERE j.tenant_id = :tenant AND j.reason = 'refund';
