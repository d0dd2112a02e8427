-- The ledger: which stories wait, who fetches them, what became of them.

-- name: record_listing
-- What a list page or feed announced. A story that is neither stored nor known enters the ledger; one
-- that another list's crawl had set aside waits again. With `again`, stored stories enter as well.
WITH entry AS (
    SELECT * FROM jsonb_to_recordset(%(entries)s::jsonb) AS e(
        position integer, article_id text, url text, wanted boolean, headline text,
        date_published text, category text, description text, image text)
), entered AS (
    INSERT INTO ledger (article_id, url)
    SELECT e.article_id, e.url FROM entry e
    WHERE e.wanted
      AND (%(again)s OR NOT EXISTS (SELECT FROM articles a WHERE a.id = e.article_id))
    ORDER BY e.article_id -- the same order in every crawl, so that no two wait for each other
    ON CONFLICT (article_id) DO UPDATE
        SET state = 'waiting', attempts = 0, due_at = now(), reason = NULL, detail = NULL
        WHERE ledger.state = 'elsewhere' AND ledger.set_aside_by <> %(list)s
           OR ledger.state <> 'waiting' AND %(again)s
    RETURNING article_id
), waiting AS (
    SELECT article_id FROM entered
    UNION
    SELECT l.article_id FROM ledger l JOIN entry e USING (article_id)
    WHERE l.state = 'waiting' AND e.wanted
)
INSERT INTO listings (list, article_id, section, headline, date_published, category, description,
    image, walk_id, pending)
SELECT %(list)s, e.article_id, %(path)s, e.headline, e.date_published, e.category, e.description,
    e.image, %(walk)s, e.article_id IN (SELECT article_id FROM waiting)
FROM entry e ORDER BY e.position
ON CONFLICT (list, article_id) DO UPDATE SET
    last_seen_at = now(),
    pending = listings.pending OR excluded.pending,
    walk_id = coalesce(listings.walk_id, excluded.walk_id)
RETURNING
    article_id,
    first_seen_at = now() AS is_new,
    pending,
    EXISTS (SELECT FROM walks w WHERE w.id = walk_id AND w.finished_at IS NOT NULL) AS is_covered;

-- name: deepen_breadcrumbs
-- A stored story seen on a list below its own section belongs there: National, seen on North Korea.
WITH list AS (SELECT %(path)s::text[] AS path)
UPDATE articles SET breadcrumbs = path, section = path[cardinality(path)]
FROM list
WHERE id = ANY(%(ids)s)
  AND cardinality(breadcrumbs) < cardinality(path)
  AND breadcrumbs = path[1:cardinality(breadcrumbs)];

-- name: lease
-- The next stories of a list for one run: nobody else gets them while the lease lasts.
WITH picked AS (
    SELECT l.article_id, s.section, s.headline, s.date_published, s.category, s.description, s.image
    FROM listings s JOIN ledger l USING (article_id)
    WHERE s.list = %(list)s AND s.pending
      AND l.state = 'waiting' AND l.due_at <= now()
      AND (l.leased_until IS NULL OR l.leased_until < now())
    ORDER BY s.id
    LIMIT %(count)s
    FOR UPDATE OF l SKIP LOCKED
)
UPDATE ledger l
SET leased_by = %(run)s, leased_until = now() + make_interval(secs => %(seconds)s)
FROM picked p
WHERE l.article_id = p.article_id
RETURNING l.article_id, l.url, p.section, p.headline, p.date_published, p.category, p.description,
    p.image;

-- name: count_outstanding
-- Stories of a list that are due or being fetched by anybody.
SELECT count(*)
FROM listings s JOIN ledger l USING (article_id)
WHERE s.list = %(list)s AND s.pending AND l.state = 'waiting'
  AND (l.due_at <= now() OR l.leased_until > now());

-- name: release_run
-- A run that stops gives back what it had not finished.
UPDATE ledger SET leased_by = NULL, leased_until = NULL WHERE leased_by = %(run)s;

-- name: release_dead_runs
-- A run holds an advisory lock as long as its process and connection live; a run without one is dead
-- and holds no lease.
UPDATE ledger SET leased_by = NULL, leased_until = NULL
WHERE leased_by IS NOT NULL AND leased_by NOT IN (
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %(lock)s
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));

-- name: settle
-- Stored stories leave the ledger.
WITH gone AS (DELETE FROM ledger WHERE article_id = ANY(%(ids)s))
UPDATE listings SET pending = false WHERE article_id = ANY(%(ids)s) AND pending;

-- name: fail
-- A story that could not be read: it waits for another attempt, or is dead after the last.
WITH failed AS (
    UPDATE ledger SET
        attempts = attempts + 1, leased_by = NULL, leased_until = NULL,
        state = CASE WHEN %(final)s OR attempts + 1 >= %(attempts)s THEN 'dead' ELSE 'waiting' END,
        due_at = now() + interval '1 minute' * 4 ^ least(attempts, 6), -- 1 min, 4, 16 … 3 days
        reason = %(reason)s, detail = %(detail)s
    WHERE article_id = %(id)s
    RETURNING article_id, state
), closed AS (
    UPDATE listings SET pending = false FROM failed f
    WHERE listings.article_id = f.article_id AND f.state = 'dead'
)
SELECT state FROM failed;

-- name: set_aside
-- The page files the story under another section than the one that was asked for.
WITH aside AS (
    UPDATE ledger SET state = 'elsewhere', set_aside_by = %(list)s, reason = %(reason)s,
        leased_by = NULL, leased_until = NULL
    WHERE article_id = %(id)s
)
UPDATE listings SET pending = false WHERE article_id = %(id)s AND list = %(list)s;

-- name: give_back
-- The site refused to answer: not the story's fault, so the attempt does not count.
UPDATE ledger SET leased_by = NULL, leased_until = NULL, due_at = now() + interval '5 minutes'
WHERE article_id = %(id)s;
