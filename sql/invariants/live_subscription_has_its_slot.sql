-- Why: who has paid is served, with all of it. A subscription that is neither ended nor past its end and grace, on a
-- plan that lends ports, has one live allocation for each of the plan's networks, on distinct networks, and those slots
-- are open for it. A single slot may have been moved to another network; several are on the plan's own. Time is the
-- latest that the tenant's own rows know: clocks differ between tenants, and the server's clock is none of theirs.
WITH clock AS (
    SELECT tenant_id, max(at) AS now
    FROM (
        SELECT tenant_id, recorded_at AS at FROM journal_entries
        UNION ALL
        SELECT tenant_id, recorded_at FROM outbox_events
        UNION ALL
        SELECT tenant_id, released_at FROM allocations
        UNION ALL
        SELECT tenant_id, state_since FROM slots
    ) AS told
    GROUP BY tenant_id
)
SELECT subscription.tenant_id,
       format('subscription %s is live until %s with %s live allocations, %s of them on an assigned slot, on %s networks '
                  'of %s, for a plan of %s',
              subscription.id, subscription.active_until, count(allocation.slot_id), count(slot.id),
              count(DISTINCT slot.network_id), count(slot.id) FILTER (WHERE slot.network_id = ANY (plan.network_ids)),
              cardinality(plan.network_ids)) AS problem
FROM subscriptions AS subscription
JOIN tenants AS tenant ON tenant.id = subscription.tenant_id
JOIN plans AS plan
  ON plan.tenant_id = subscription.tenant_id AND plan.id = subscription.plan_id AND cardinality(plan.network_ids) > 0
LEFT JOIN clock ON clock.tenant_id = subscription.tenant_id
LEFT JOIN allocations AS allocation
       ON allocation.tenant_id = subscription.tenant_id
      AND allocation.subscription_id = subscription.id
      AND allocation.released_at IS NULL
LEFT JOIN slots AS slot
       ON slot.tenant_id = allocation.tenant_id AND slot.id = allocation.slot_id AND slot.state = 'assigned'
WHERE subscription.ended_at IS NULL
  AND subscription.active_until + tenant.grace_ms * interval '1 millisecond'
      > COALESCE(clock.now, subscription.started_at)
GROUP BY subscription.tenant_id, subscription.id, subscription.active_until, plan.network_ids
HAVING count(allocation.slot_id) <> cardinality(plan.network_ids)
    OR count(slot.id) <> cardinality(plan.network_ids)
    OR count(DISTINCT slot.network_id) <> cardinality(plan.network_ids)
    OR (cardinality(plan.network_ids) > 1
        AND count(slot.id) FILTER (WHERE slot.network_id = ANY (plan.network_ids)) <> cardinality(plan.network_ids))
