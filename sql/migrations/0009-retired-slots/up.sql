-- The worker looks every minute for retired slots whose ports are offered again; there are few, among many slots.
CREATE INDEX slots_retired ON slots (tenant_id, gateway_id, port) WHERE state = 'retired';
