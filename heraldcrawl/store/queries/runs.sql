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
