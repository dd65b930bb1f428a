-- Nothing of the scaffolding stays.
SET client_min_messages = warning;
DROP SCHEMA history CASCADE;
ANALYZE plans, plan_versions, gateways, gateway_states;
