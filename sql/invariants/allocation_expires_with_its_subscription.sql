-- Why: a gateway blocks a port at its expires_at by itself, even when nobody can tell it. That instant is the
-- subscription's end, or a customer loses paid time or keeps a port for nothing.
SELECT allocation.tenant_id,
       format('allocation %s of subscription %s expires at %s, the subscription at %s',
              allocation.sequence, allocation.subscription_id, allocation.expires_at, subscription.active_until)
           AS problem
FROM allocations AS allocation
LEFT JOIN subscriptions AS subscription
       ON subscription.tenant_id = allocation.tenant_id AND subscription.id = allocation.subscription_id
WHERE allocation.released_at IS NULL
  AND allocation.expires_at IS DISTINCT FROM subscription.active_until
