-- One row a run.

-- name: start_run
INSERT INTO runs (spider, arguments) VALUES (%(spider)s, %(arguments)s::jsonb) RETURNING id;

-- name: hold_run
-- Held by the run's connection as long as it lives: the sign of life of its leases and walks. Shared,
-- so that a new connection need not wait until the server has noticed the end of the old one.
SELECT pg_advisory_lock_shared(%(lock)s, %(run)s::integer);

-- name: set_timeouts
-- Whoever hangs in the middle of a transaction must not stop the other crawls.
SELECT set_config('statement_timeout', %(timeout)s, false),
       set_config('idle_in_transaction_session_timeout', %(timeout)s, false);

-- name: nothing
-- Is anybody there?
SELECT;

-- name: finish_run
UPDATE runs SET finished_at = now(), reason = %(reason)s, stats = %(stats)s::jsonb
WHERE id = %(run)s;

-- name: has_runs
-- Whether the database holds an archive already.
SELECT to_regclass('runs') IS NOT NULL;

-- name: live_runs
-- The runs of a spider that are under way, whoever started them and wherever: each holds its lock.
-- (The array leads to the few rows by their key; the table grows by a thousand rows a day.)
SELECT id, started_at, arguments->>'_job' AS job
FROM runs
WHERE id = ANY(ARRAY(
        SELECT objid::bigint FROM pg_locks
        WHERE locktype = 'advisory' AND classid = %(lock)s
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))
  AND spider = %(spider)s AND finished_at IS NULL
ORDER BY id;
