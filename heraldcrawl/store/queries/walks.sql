-- The walk through the list pages of a section, newest first.

-- name: open_walk
-- The walk that was interrupted, or a new one.
INSERT INTO walks (list) VALUES (%(list)s)
ON CONFLICT (list) WHERE finished_at IS NULL DO UPDATE SET list = excluded.list
RETURNING id, next_page;

-- name: lock_walk
-- One run walks a list, the others only fetch; the lock goes with the connection.
SELECT pg_try_advisory_lock(%(lock)s, hashtext(%(list)s));

-- name: advance_walk
UPDATE walks SET next_page = greatest(next_page, %(next_page)s) WHERE id = %(walk)s;

-- name: finish_walk
UPDATE walks SET finished_at = now() WHERE id = %(walk)s;
