\set n :n + 1
BEGIN;
SELECT s.tenant_id, s.id AS subscription_id, s.customer_id, (extract(epoch FROM s.active_until) * 1000)::bigint AS until,
       date_trunc('milliseconds', clock_timestamp()) AS at, next_id() AS event
FROM bench_due d JOIN subscriptions s ON s.tenant_id = d.tenant_id AND s.id = d.subscription_id
WHERE d.n = :n AND s.ended_at IS NULL FOR NO KEY UPDATE OF s \gset
SELECT slot_id, gateway_id FROM allocations
WHERE tenant_id = :tenant_id AND subscription_id = :subscription_id::uuid AND released_at IS NULL
ORDER BY sequence LIMIT 1 FOR UPDATE \gset
UPDATE subscriptions SET ended_at = :at::timestamptz, renews_at = NULL
WHERE tenant_id = :tenant_id AND id = :subscription_id::uuid;
INSERT INTO outbox_events (tenant_id, id, kind, customer_id, payload, once, recorded_at)
VALUES (:tenant_id, :event::uuid, 'subscription.ended', :customer_id::uuid,
        jsonb_build_object('subscription', :subscription_id::uuid, 'active_until_ms', :until::bigint),
        'subscription.ended:' || :subscription_id, :at::timestamptz)
ON CONFLICT (tenant_id, once) WHERE once IS NOT NULL DO NOTHING;
UPDATE allocations SET released_at = :at::timestamptz
WHERE tenant_id = :tenant_id AND subscription_id = :subscription_id::uuid AND slot_id = :slot_id::uuid;
UPDATE gateways SET desired_version = desired_version + 1
WHERE tenant_id = :tenant_id AND id = :gateway_id::uuid RETURNING desired_version \gset
UPDATE slots SET state = 'draining', revision = :desired_version, state_since = :at::timestamptz,
    rank = (extract(epoch FROM :at::timestamptz) * 1000)::bigint
WHERE tenant_id = :tenant_id AND id = :slot_id::uuid;
COMMIT;
