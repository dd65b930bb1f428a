-- What every account has asked, whatever the answer: docs/decisions/0014. Written by processes that serve, a moment
-- after they have answered, and read by the account. One partition a day, so that forgetting is dropping a table.

-- The role that writes it. Roles belong to the server: another database may have made it at this very moment.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_recorder') THEN
            CREATE ROLE tollgate_recorder NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- a neighbour made it between the look and the leap
    END;
    IF NOT pg_has_role(current_user, 'tollgate_recorder',
                       CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        GRANT tollgate_recorder TO CURRENT_USER;
    END IF;
END
$$;

-- recorded_at is the time within the id, so both have one order, and a page is read newest partition first.
CREATE TABLE request_log (
    tenant_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    id uuid NOT NULL,
    principal_id uuid,
    dialect text NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    route text NOT NULL,
    status smallint NOT NULL,
    duration_us bigint NOT NULL,
    address text NOT NULL,
    request_id text NOT NULL,
    CONSTRAINT request_log_pkey PRIMARY KEY (tenant_id, customer_id, recorded_at, id),
    CONSTRAINT logged_texts_are_short CHECK (
        octet_length(path) <= 256 AND octet_length(route) <= 64 AND octet_length(dialect) <= 32
        AND octet_length(method) <= 16 AND octet_length(address) <= 64 AND octet_length(request_id) <= 64),
    CONSTRAINT logged_status_is_of_http CHECK (status BETWEEN 100 AND 599)
) PARTITION BY RANGE (recorded_at);

-- Doors read the whole under their policy; on the days themselves they have no rights at all.
ALTER TABLE request_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_its_tenant ON request_log TO tollgate_door
    USING (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::bigint);
GRANT SELECT ON request_log TO tollgate_door;

-- COPY FROM is refused on tables with row-level security, and an INSERT through the parent looks for its partition row
-- by row; so the recorder may insert into the days, and only there.
CREATE FUNCTION make_request_log_day(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    leaf text := 'request_log_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass(leaf) IS NOT NULL THEN
        RETURN;
    END IF;
    -- A lock of the table's own, for an advisory one would leave what was looked up above as it was remembered.
    LOCK TABLE request_log IN SHARE UPDATE EXCLUSIVE MODE;
    IF to_regclass(leaf) IS NOT NULL THEN
        RETURN; -- a neighbour made it meanwhile
    END IF;
    -- Made apart and then attached: that holds up no reader, as CREATE TABLE ... PARTITION OF would.
    EXECUTE format('CREATE TABLE %I (LIKE request_log INCLUDING CONSTRAINTS INCLUDING INDEXES)', leaf);
    EXECUTE format('ALTER TABLE request_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', leaf,
                   day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
    EXECUTE format('GRANT INSERT ON %I TO tollgate_recorder', leaf);
END
$$;

-- Drops the oldest day that lies before another; returns what it was called, NULL once there is none. Each in a
-- transaction of its own, because it locks out the readers.
CREATE FUNCTION drop_request_log_day(before date) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    leaf text;
BEGIN
    LOCK TABLE request_log IN SHARE UPDATE EXCLUSIVE MODE;
    SELECT c.relname INTO leaf
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'request_log'::regclass AND c.relname < 'request_log_' || to_char(before, 'YYYYMMDD')
    ORDER BY c.relname LIMIT 1;
    IF leaf IS NOT NULL THEN
        EXECUTE format('DROP TABLE %I', leaf);
    END IF;
    RETURN leaf;
END
$$;

-- Whoever calls them must not choose where names lead, and nobody waits long for a lock that others wait behind.
DO $$
DECLARE
    made text;
BEGIN
    FOREACH made IN ARRAY ARRAY['make_request_log_day(date)', 'drop_request_log_day(date)'] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', made, current_schema());
        EXECUTE format('ALTER FUNCTION %s SET lock_timeout = ''1s''', made);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION make_request_log_day(date) TO tollgate_recorder;
GRANT EXECUTE ON FUNCTION drop_request_log_day(date) TO tollgate_worker;

-- When a key was last good for something: to the minute, and behind by a moment.
ALTER TABLE api_keys ADD COLUMN last_used_at timestamptz;
GRANT SELECT (tenant_id, id, last_used_at), UPDATE (last_used_at) ON api_keys TO tollgate_recorder;
