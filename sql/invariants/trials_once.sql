-- Why: a plan is tried once by each customer. The grant is what refuses the second, so each trial order has its grant
-- and each grant its trial order.
SELECT COALESCE(trial_order.tenant_id, trial_grant.tenant_id) AS tenant_id,
       format('customer %s, plan %s: %s trial orders and %s grants that name one of them',
              COALESCE(trial_order.customer_id, trial_grant.customer_id),
              COALESCE(trial_order.plan_id, trial_grant.plan_id),
              count(DISTINCT trial_order.id), count(DISTINCT trial_grant.order_id)) AS problem
FROM (SELECT * FROM orders WHERE kind = 'trial') AS trial_order
FULL JOIN trial_grants AS trial_grant
       ON trial_grant.tenant_id = trial_order.tenant_id
      AND trial_grant.customer_id = trial_order.customer_id
      AND trial_grant.plan_id = trial_order.plan_id
GROUP BY 1, COALESCE(trial_order.customer_id, trial_grant.customer_id),
         COALESCE(trial_order.plan_id, trial_grant.plan_id)
HAVING count(DISTINCT trial_order.id) <> 1
    OR count(DISTINCT trial_grant.order_id) <> 1
    OR bool_or(trial_order.id IS DISTINCT FROM trial_grant.order_id)
