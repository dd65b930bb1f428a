-- A plan takes a slot on each of its networks, and a buyer may choose among its exits: what was one column, and what
-- waited among the attributes, are columns of their own.
ALTER TABLE plans
    ADD COLUMN network_ids uuid[] NOT NULL DEFAULT '{}',       -- a subscription has one slot on each, in this order
    ADD COLUMN threads integer,                                -- connections at once; NULL: without limit
    ADD COLUMN exits text[] NOT NULL DEFAULT '{}',             -- the countries to choose from; the first is the default
    ADD COLUMN exit_rotations text[] NOT NULL DEFAULT '{}';    -- instant, or minutes: 5m

UPDATE plans SET network_ids = ARRAY[network_id] WHERE network_id IS NOT NULL;

-- Codes that no network has stay where they are, and the next apply of the file says so.
UPDATE plans p SET network_ids = named.ids
FROM (
    SELECT plan.tenant_id, plan.id, array_agg(network.id ORDER BY code.place) AS ids
    FROM plans plan
    CROSS JOIN LATERAL jsonb_array_elements_text(plan.attributes -> 'networks') WITH ORDINALITY AS code (text, place)
    LEFT JOIN networks network ON network.tenant_id = plan.tenant_id AND network.code = code.text
    WHERE jsonb_typeof(plan.attributes -> 'networks') = 'array' AND plan.network_id IS NULL
    GROUP BY plan.tenant_id, plan.id
    HAVING count(network.id) = count(*)
) named
WHERE p.tenant_id = named.tenant_id AND p.id = named.id;

UPDATE plans SET attributes = attributes - 'networks' WHERE cardinality(network_ids) > 0 AND attributes ? 'networks';

UPDATE plans SET threads = (attributes ->> 'threads')::integer, attributes = attributes - 'threads'
WHERE attributes ? 'threads';

-- Both or neither, and only words of today's form; others stay, as above.
UPDATE plans SET
    exits = ARRAY(SELECT jsonb_array_elements_text(attributes -> 'countries')),
    exit_rotations = ARRAY(SELECT jsonb_array_elements_text(attributes -> 'rotations')),
    attributes = attributes - 'countries' - 'rotations'
WHERE jsonb_typeof(attributes -> 'countries') = 'array' AND jsonb_typeof(attributes -> 'rotations') = 'array'
  AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(attributes -> 'countries') AS country (word)
                  WHERE word !~ '^[a-z0-9]{2,32}$')
  AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(attributes -> 'rotations') AS rotation (word)
                  WHERE word !~ '^(instant|[1-9][0-9]{0,4}m)$')
  AND (SELECT count(*) = count(DISTINCT word) FROM jsonb_array_elements_text(attributes -> 'countries') AS c (word))
  AND (SELECT count(*) = count(DISTINCT word) FROM jsonb_array_elements_text(attributes -> 'rotations') AS r (word))
  AND (jsonb_array_length(attributes -> 'countries') = 0) = (jsonb_array_length(attributes -> 'rotations') = 0);

ALTER TABLE plans
    DROP COLUMN network_id,
    ADD CONSTRAINT plan_takes_one_slot_on_each_network CHECK (
        array_position(network_ids, NULL) IS NULL
        AND array_to_string(network_ids, ',') !~ '([0-9a-f-]{36}).*\1'),
    ADD CONSTRAINT plan_of_private_ports_has_a_network CHECK (
        connection IS DISTINCT FROM 'private' OR cardinality(network_ids) > 0),
    ADD CONSTRAINT plan_threads_are_positive CHECK (threads > 0),
    ADD CONSTRAINT plan_exits_are_words CHECK (
        array_position(exits, NULL) IS NULL
        AND array_to_string(exits, ',') ~ '^([a-z0-9]{2,32}(,[a-z0-9]{2,32})*)?$'
        AND ',' || array_to_string(exits, ',') || ',' !~ ',([a-z0-9]+),(.*,)?\1,'),
    ADD CONSTRAINT plan_exit_rotations_are_intervals CHECK (
        array_position(exit_rotations, NULL) IS NULL
        AND array_to_string(exit_rotations, ',') ~ '^((instant|[1-9][0-9]{0,4}m)(,(instant|[1-9][0-9]{0,4}m))*)?$'
        AND ',' || array_to_string(exit_rotations, ',') || ',' !~ ',([a-z0-9]+),(.*,)?\1,'),
    ADD CONSTRAINT plan_offers_exits_with_rotations CHECK (
        (cardinality(exits) = 0) = (cardinality(exit_rotations) = 0));

-- What the buyer chose of the plan's exits, or changed it to since; both NULL where the plan offers none.
ALTER TABLE subscriptions
    ADD COLUMN exit_country text,
    ADD COLUMN exit_rotation text,
    ADD CONSTRAINT subscription_exit_is_whole CHECK (
        (exit_country IS NULL AND exit_rotation IS NULL)
        OR (exit_country IS NOT NULL AND exit_rotation IS NOT NULL
            AND exit_country ~ '^[a-z0-9]{2,32}$' AND exit_rotation ~ '^(instant|[1-9][0-9]{0,4}m)$'));

-- The slots of one subscription share one login: those after the first take it over as they are lent.
GRANT UPDATE (username, secret, secret_version, secret_since) ON slots TO tollgate_engine;
