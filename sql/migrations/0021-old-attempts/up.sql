-- The job `retention` forgets renewal attempts that nobody has added to for long: docs/jobs.md.
CREATE INDEX renewal_attempts_by_age ON renewal_attempts (tenant_id, last_at, subscription_id, period_index);
GRANT DELETE ON renewal_attempts TO tollgate_job;
