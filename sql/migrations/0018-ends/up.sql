-- What runs out ends by itself: docs/jobs.md, `expiry`.

-- Those whose ports were taken back before there was an end to write. Nothing is told of them any more.
UPDATE subscriptions s SET ended_at = held.released_at
FROM (
    SELECT tenant_id, subscription_id, max(released_at) AS released_at
    FROM allocations
    GROUP BY tenant_id, subscription_id
    HAVING count(*) = count(released_at)
) held
WHERE s.tenant_id = held.tenant_id AND s.id = held.subscription_id AND s.ended_at IS NULL AND s.renews_at IS NULL;

-- What is over is found in this order, batch by batch, however many end at the same moment.
DROP INDEX allocations_by_expiry;
CREATE INDEX allocations_by_expiry ON allocations (tenant_id, expires_at, subscription_id) WHERE released_at IS NULL;
