-- Pictures: which are to be fetched, by whom, and what became of them.

-- name: enlist
-- The pictures of some stories that were not known of. The same order in every crawl, so that no two
-- wait for each other.
INSERT INTO pictures (url, list)
SELECT DISTINCT image->>'url', %(list)s
FROM articles a, jsonb_array_elements(a.images) image
WHERE a.id = ANY(%(ids)s)
ORDER BY 1
ON CONFLICT (url_key) DO NOTHING;

-- name: enlist_some
-- Likewise of the stories that follow an id; which was the last of them, null at the end.
WITH part AS (
    SELECT id, images FROM articles WHERE id > %(after)s ORDER BY id LIMIT %(most)s
), enlisted AS (
    INSERT INTO pictures (url, list)
    SELECT DISTINCT image->>'url', %(list)s FROM part, jsonb_array_elements(images) image
    ORDER BY 1
    ON CONFLICT (url_key) DO NOTHING
)
SELECT max(id) AS last FROM part;

-- name: retry_dead
-- What failed for good is due again, with all attempts.
UPDATE pictures SET state = 'waiting', attempts = 0, due_at = now() WHERE state = 'dead';

-- name: lease
-- The next pictures of a list for one run. What this run holds already it leased with an answer that got
-- lost, for it asks when it has none.
WITH picked AS (
    SELECT url_key FROM pictures
    WHERE state = 'waiting' AND due_at <= now() AND list = %(list)s
      AND (leased_until IS NULL OR leased_until < now() OR leased_by = %(run)s)
    ORDER BY due_at
    LIMIT %(count)s
    FOR UPDATE SKIP LOCKED
)
UPDATE pictures p SET leased_by = %(run)s, leased_until = now() + make_interval(secs => %(seconds)s)
FROM picked
WHERE p.url_key = picked.url_key
RETURNING p.url;

-- name: lease_any
-- The same of all lists. (One statement for both would not always use the index.)
WITH picked AS (
    SELECT url_key FROM pictures
    WHERE state = 'waiting' AND due_at <= now()
      AND (leased_until IS NULL OR leased_until < now() OR leased_by = %(run)s)
    ORDER BY due_at
    LIMIT %(count)s
    FOR UPDATE SKIP LOCKED
)
UPDATE pictures p SET leased_by = %(run)s, leased_until = now() + make_interval(secs => %(seconds)s)
FROM picked
WHERE p.url_key = picked.url_key
RETURNING p.url;

-- name: settle
-- A picture that was fetched.
UPDATE pictures SET state = 'fetched', path = %(path)s, checksum = %(checksum)s,
    content_type = %(content_type)s, bytes = %(bytes)s, width = %(width)s, height = %(height)s,
    fetched_at = now(), attempts = attempts + 1, leased_by = NULL, leased_until = NULL,
    reason = NULL, detail = NULL
WHERE url_key = md5(%(url)s)::uuid;

-- name: fail
-- A picture that was not: it waits for another attempt, or is dead after the last. Only who holds its
-- lease can say so.
UPDATE pictures SET
    attempts = attempts + 1, leased_by = NULL, leased_until = NULL,
    state = CASE WHEN %(final)s OR attempts + 1 >= %(attempts)s THEN 'dead' ELSE 'waiting' END,
    due_at = now() + interval '1 minute' * 4 ^ least(attempts, 6), -- 1 min, 4, 16 … 3 days
    reason = %(reason)s, detail = %(detail)s, failed_at = now()
WHERE url_key = md5(%(url)s)::uuid AND leased_by = %(run)s
RETURNING state;

-- name: release
-- Runs that stopped or were killed give back what they had not finished.
UPDATE pictures SET leased_by = NULL, leased_until = NULL WHERE leased_by = ANY(%(runs)s);

-- name: count_waiting
SELECT count(*) FROM pictures
WHERE state = 'waiting' AND (%(list)s::text IS NULL OR list = %(list)s);
