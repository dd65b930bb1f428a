-- A subscription of a plan that has several networks now would miss slots that it was never lent.
SELECT s.tenant_id, s.id AS subscription, s.plan_id AS plan
FROM subscriptions s JOIN plans p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id
WHERE cardinality(p.network_ids) > 1 AND s.ended_at IS NULL
