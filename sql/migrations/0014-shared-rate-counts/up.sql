-- How several processes keep one count: docs/decisions/0015. Neither table is worth a log: after a crash of the server
-- they are empty, and every process goes on with what it has counted itself.

-- The processes that serve. `beat` grows while one lives; the others watch it with clocks of their own.
CREATE UNLOGGED TABLE server_processes (
    id uuid NOT NULL,
    beat bigint NOT NULL,
    CONSTRAINT server_processes_pkey PRIMARY KEY (id)
) WITH (fillfactor = 50);

-- What one process has counted of one subject: in `cells`, 20 bytes for each step of each limit. The subject is a digest
-- that its tenant is a part of, so the table names nobody, and only processes that serve read it.
CREATE UNLOGGED TABLE rate_counts (
    subject uuid NOT NULL,
    process uuid NOT NULL,
    cells bytea NOT NULL,
    forgotten_at timestamptz NOT NULL,
    CONSTRAINT rate_counts_pkey PRIMARY KEY (subject, process)
) WITH (fillfactor = 50);

GRANT SELECT, INSERT, UPDATE, DELETE ON server_processes, rate_counts TO tollgate_recorder;
