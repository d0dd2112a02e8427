-- One row a run.

-- name: start_run
INSERT INTO runs (spider, arguments) VALUES (%(spider)s, %(arguments)s::jsonb) RETURNING id;

-- name: hold_run
-- Held by a connection of the run as long as it lives: the sign of life of its leases.
SELECT pg_advisory_lock(%(lock)s, %(run)s::integer);

-- name: finish_run
UPDATE runs SET finished_at = now(), reason = %(reason)s, stats = %(stats)s::jsonb
WHERE id = %(run)s;
