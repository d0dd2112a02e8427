-- The walk through the list pages of a section, newest first. Two kinds may be under way in a list:
-- one for what is new, and one through all of it (full=1), each resumed by its own kind alone.

-- name: open_walk
-- The walk of its kind that was interrupted, or a new one; no row while another live run walks it.
-- Now and then one for what is new goes deeper, for stories that appeared late or out of order.
INSERT INTO walks (list, is_full, is_deep, walked_by)
VALUES (%(list)s, %(full)s, %(full)s OR NOT EXISTS (
    SELECT FROM walks
    WHERE list = %(list)s AND is_deep
      AND finished_at > now() - make_interval(secs => 86400 * %(deep_days)s::float8)), %(run)s)
ON CONFLICT (list, is_full) WHERE finished_at IS NULL DO UPDATE SET walked_by = excluded.walked_by
WHERE walks.walked_by IS NULL OR walks.walked_by = excluded.walked_by
RETURNING id, list, next_page, is_deep;

-- name: take_over_walk
-- The walk that another run was on when it ended; no row if that one had finished it.
UPDATE walks SET walked_by = %(run)s
WHERE list = %(list)s AND is_full = %(full)s AND finished_at IS NULL AND walked_by IS NULL
RETURNING id, list, next_page, is_deep;

-- name: is_walked_by_others
SELECT EXISTS (
    SELECT FROM walks
    WHERE list = %(list)s AND is_full = %(full)s AND finished_at IS NULL AND walked_by <> %(run)s
) AS yes;

-- name: advance_walk
-- Entries join what the walk has read without a gap; it goes on from there, or is finished.
WITH passed AS (
    UPDATE listings SET
        last_walk_id = %(walk)s,
        walk_id = CASE WHEN EXISTS (
            SELECT FROM walks w WHERE w.id = listings.walk_id AND w.finished_at IS NOT NULL
        ) THEN walk_id ELSE %(walk)s END
    WHERE list = %(list)s AND article_id = ANY(%(ids)s)
)
UPDATE walks SET
    next_page = greatest(next_page, %(next_page)s),
    finished_at = CASE WHEN %(end)s THEN now() ELSE finished_at END,
    walked_by = CASE WHEN NOT %(end)s THEN walked_by END
WHERE id = %(walk)s AND (next_page < %(next_page)s OR %(end)s);

-- name: release_walks
-- A run that stops leaves its walks to others.
UPDATE walks SET walked_by = NULL WHERE walked_by = %(run)s;

-- name: release_walks_of_dead_runs
UPDATE walks SET walked_by = NULL
WHERE walked_by = ANY(%(runs)s);
