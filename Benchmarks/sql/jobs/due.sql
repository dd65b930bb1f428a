-- What the baselines of the jobs stand on, in a copy of the database with the due subscriptions: those by number, with
-- what a service would know of their customers' accounts, and ids in the order of time.
CREATE TABLE bench_due AS
SELECT row_number() OVER (ORDER BY s.tenant_id, s.renews_at, s.id) AS n, s.tenant_id, s.id AS subscription_id,
       s.customer_id, s.plan_id, wallet.id AS wallet_id, revenue.id AS revenue_id, float.id AS float_id,
       platform.id AS platform_id
FROM subscriptions s
JOIN accounts wallet ON wallet.tenant_id = s.tenant_id AND wallet.owner_id = s.customer_id AND wallet.role = 'wallet'
JOIN accounts revenue ON revenue.tenant_id = s.tenant_id AND revenue.role = 'revenue'
JOIN accounts float ON float.tenant_id = s.tenant_id AND float.role = 'float'
JOIN accounts platform ON platform.tenant_id = s.tenant_id AND platform.role = 'platform_revenue'
WHERE s.renews_at IS NOT NULL;
CREATE UNIQUE INDEX ON bench_due (n);

CREATE SEQUENCE bench_ids CACHE 1000;
CREATE FUNCTION next_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT lpad(to_hex(nextval('bench_ids')), 32, '0')::uuid
$$;
