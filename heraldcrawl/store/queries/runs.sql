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
-- The run's row is complete. What it counted joins the totals, once, though the answer to the commit
-- may be lost and this be done again.
WITH open AS (
    SELECT id FROM runs WHERE id = %(run)s AND stats IS NULL FOR UPDATE
), finished AS (
    UPDATE runs SET finished_at = now(), reason = %(reason)s, stats = %(stats)s::jsonb
    FROM open WHERE runs.id = open.id
    RETURNING spider
)
INSERT INTO totals (spider, stat, value)
SELECT f.spider, c.key, c.value::float8 FROM finished f, jsonb_each_text(%(counts)s::jsonb) c
ORDER BY c.key
ON CONFLICT (spider, stat) DO UPDATE SET value = totals.value + excluded.value;

-- name: thin_runs
-- Statistics of old runs that read no story tell nobody anything; the rows stay, and the totals.
UPDATE runs SET stats = NULL
WHERE started_at < now() - make_interval(days => %(days)s) AND finished_at IS NOT NULL
  AND stats IS NOT NULL AND NOT stats ? 'story/read';

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
