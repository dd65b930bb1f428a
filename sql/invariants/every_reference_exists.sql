-- Why: the hot tables carry no foreign keys, because those cost half of a purchase. This proves what they would have
-- held: whatever a row names is there, in the same tenant. (Orders, charges and slots have files of their own.)
SELECT child.tenant_id, format('customer %s is of a tenant that does not exist', child.id) AS problem
FROM customers AS child LEFT JOIN tenants AS parent ON parent.id = child.tenant_id
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('%s %s belongs to customer %s, who does not exist', child.role, child.id, child.owner_id)
FROM accounts AS child LEFT JOIN customers AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.owner_id)
WHERE child.role IN ('wallet', 'receivable') AND parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('order %s names customer %s, who does not exist', child.id, child.customer_id)
FROM orders AS child LEFT JOIN customers AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.customer_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('order %s was priced with version %s of plan %s, which does not exist', child.id, child.plan_version, child.plan_id)
FROM orders AS child
LEFT JOIN plan_versions AS parent
       ON (parent.tenant_id, parent.plan_id, parent.version) = (child.tenant_id, child.plan_id, child.plan_version)
WHERE parent.plan_id IS NULL
UNION ALL
SELECT child.tenant_id, format('order %s names coupon %s, which does not exist', child.id, child.coupon_id)
FROM orders AS child LEFT JOIN coupons AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.coupon_id)
WHERE child.coupon_id IS NOT NULL AND parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('entry %s belongs to order %s, which does not exist', child.id, child.order_id)
FROM journal_entries AS child LEFT JOIN orders AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.order_id)
WHERE child.order_id IS NOT NULL AND parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('plan %s takes slots from network %s, which does not exist', child.id, child.network_id)
FROM (SELECT tenant_id, id, unnest(network_ids) AS network_id FROM plans) AS child
LEFT JOIN networks AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.network_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('subscription %s is of plan %s, which does not exist', child.id, child.plan_id)
FROM subscriptions AS child LEFT JOIN plans AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.plan_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('period %s of subscription %s: the subscription does not exist', child.period_index, child.subscription_id)
FROM terms AS child
LEFT JOIN subscriptions AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.subscription_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('period %s of subscription %s was paid by order %s, which does not exist',
              child.period_index, child.subscription_id, child.order_id)
FROM terms AS child LEFT JOIN orders AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.order_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('redemption by order %s is of coupon %s, which does not exist', child.order_id, child.coupon_id)
FROM coupon_redemptions AS child
LEFT JOIN coupons AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.coupon_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('a promise to subscription %s is of coupon %s, which does not exist', child.subscription_id, child.coupon_id)
FROM coupon_promises AS child
LEFT JOIN coupons AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.coupon_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('subscription %s, to which renewals were promised, does not exist', child.subscription_id)
FROM coupon_promises AS child
LEFT JOIN subscriptions AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.subscription_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('slot %s is on gateway %s, which does not exist', child.id, child.gateway_id)
FROM slots AS child LEFT JOIN gateways AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.gateway_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('allocation %s of subscription %s names slot %s on gateway %s, which does not exist',
              child.sequence, child.subscription_id, child.slot_id, child.gateway_id)
FROM allocations AS child
LEFT JOIN slots AS parent
       ON (parent.tenant_id, parent.id, parent.gateway_id) = (child.tenant_id, child.slot_id, child.gateway_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id,
       format('allocation %s names subscription %s, which does not exist', child.sequence, child.subscription_id)
FROM allocations AS child
LEFT JOIN subscriptions AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.subscription_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('address %s is listed for subscription %s, which does not exist', child.address, child.subscription_id)
FROM allowlist_entries AS child
LEFT JOIN subscriptions AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.subscription_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('version %s of the credentials of slot %s: the slot does not exist', child.version, child.slot_id)
FROM credential_history AS child LEFT JOIN slots AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.slot_id)
WHERE parent.id IS NULL
UNION ALL
SELECT child.tenant_id, format('stock was told of for network %s, which does not exist', child.network_id)
FROM stock_levels AS child LEFT JOIN networks AS parent ON (parent.tenant_id, parent.id) = (child.tenant_id, child.network_id)
WHERE parent.id IS NULL
