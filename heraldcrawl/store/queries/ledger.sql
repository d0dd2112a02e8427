-- The ledger: which stories wait, who fetches them, what became of them.

-- name: record_listing
-- What a list page or feed announced. A story that is neither stored nor known enters the ledger; one
-- that another list's crawl had set aside waits again. With `again`, stored stories enter as well, and
-- whatever became of a story before, it is due at once. A revisit is nothing that a list has to wait for.
WITH entry AS (
    SELECT * FROM jsonb_to_recordset(%(entries)s::jsonb) AS e(
        position integer, article_id text, url text, wanted boolean, headline text,
        date_published text, category text, description text, image text)
), entered AS (
    INSERT INTO ledger (article_id, url, is_revisit)
    SELECT e.article_id, e.url, a.id IS NOT NULL
    FROM entry e
    LEFT JOIN aliases i ON i.alias = e.article_id
    LEFT JOIN articles a ON a.id = coalesce(i.article_id, e.article_id)
    WHERE e.wanted AND (%(again)s OR a.id IS NULL)
    ORDER BY e.article_id -- the same order in every crawl, so that no two wait for each other
    ON CONFLICT (article_id) DO UPDATE
        SET state = 'waiting', attempts = 0, due_at = now(), reason = NULL, detail = NULL
        WHERE ledger.state = 'elsewhere' AND ledger.set_aside_by <> %(list)s
           OR %(again)s AND ledger.leased_by IS NULL
    RETURNING article_id
), waiting AS (
    SELECT article_id FROM entered
    UNION
    SELECT l.article_id FROM ledger l JOIN entry e USING (article_id)
    WHERE l.state = 'waiting' AND e.wanted AND (%(again)s OR NOT l.is_revisit)
      AND l.set_aside_by IS DISTINCT FROM %(list)s -- it waits for the others
)
INSERT INTO listings (list, article_id, section, headline, date_published, category, description,
    image, pending)
SELECT %(list)s, e.article_id, %(path)s, e.headline, e.date_published, e.category, e.description,
    e.image, e.article_id IN (SELECT article_id FROM waiting)
FROM entry e ORDER BY e.position
ON CONFLICT (list, article_id) DO UPDATE SET
    last_seen_at = now(),
    pending = listings.pending OR excluded.pending
RETURNING
    article_id,
    first_seen_at = now() AS is_new,
    pending,
    EXISTS (SELECT FROM walks w WHERE w.id = walk_id AND w.finished_at IS NOT NULL) AS is_covered,
    coalesce(last_walk_id = %(walk)s, false) AS is_walked;

-- name: deepen_breadcrumbs
-- A stored story seen on a list below its own section belongs there: National, seen on North Korea.
WITH list AS (SELECT %(path)s::text[] AS path)
UPDATE articles SET breadcrumbs = path, section = path[cardinality(path)]
FROM list
WHERE id IN (
    SELECT unnest(%(ids)s::text[]) UNION ALL SELECT article_id FROM aliases WHERE alias = ANY(%(ids)s))
  AND cardinality(breadcrumbs) < cardinality(path)
  AND breadcrumbs = path[1:cardinality(breadcrumbs)];

-- name: not_stored
-- Which of these stories the archive lacks, under whichever id.
SELECT asked.id FROM unnest(%(ids)s::text[]) WITH ORDINALITY asked(id, place)
WHERE NOT EXISTS (SELECT FROM articles a WHERE a.id = asked.id)
  AND NOT EXISTS (SELECT FROM aliases l WHERE l.alias = asked.id)
ORDER BY asked.place;

-- name: lease
-- The next stories of a list for one run: nobody else gets them while the lease lasts. What the run
-- does not know to be its own was leased with an answer that got lost, and is leased again. Of a story
-- that is stored, fetched again because somebody asked for it, the archive knows more than the list.
WITH picked AS (
    SELECT l.article_id, l.is_revisit, s.section, s.headline, s.date_published, s.category,
        s.description, s.image
    FROM listings s JOIN ledger l USING (article_id)
    WHERE s.list = %(list)s AND s.pending
      AND l.state = 'waiting' AND l.due_at <= now()
      AND (l.leased_until IS NULL OR l.leased_until < now() OR l.leased_by = %(run)s)
      AND l.article_id <> ALL(%(held)s)
    ORDER BY s.id
    LIMIT %(count)s
    FOR UPDATE OF l SKIP LOCKED
)
UPDATE ledger l
SET leased_by = %(run)s, leased_until = now() + make_interval(secs => %(seconds)s)
FROM picked p LEFT JOIN articles a ON p.is_revisit AND a.id = p.article_id
WHERE l.article_id = p.article_id
RETURNING l.article_id, l.url, coalesce(a.breadcrumbs, p.section) AS section,
    coalesce(a.headline, p.headline) AS headline,
    CASE WHEN a.id IS NULL THEN p.date_published
         ELSE published_as(a.date_published, a.issues) END AS date_published,
    p.category, coalesce(a.description, p.description) AS description, p.image,
    l.is_revisit, coalesce(a.article_body, '') <> '' AS has_text,
    EXISTS (SELECT FROM captures c
            WHERE hashtextextended(c.url, 0) = hashtextextended(l.url, 0) AND c.url = l.url
              AND c.record_type = 'response') AS is_archived,
    coalesce(l.reason = 'refused', false) AS was_refused;

-- name: renew
-- A live run keeps what it still works on.
UPDATE ledger SET leased_until = now() + make_interval(secs => %(seconds)s)
WHERE leased_by = %(run)s AND article_id = ANY(%(held)s);

-- name: is_outstanding
-- Whether stories of a list are due or being fetched by anybody. (EXISTS would look through the whole
-- of listings; the order leads to the index of what is pending.)
SELECT count(*) > 0 AS yes
FROM (
    SELECT FROM listings s JOIN ledger l USING (article_id)
    WHERE s.list = %(list)s AND s.pending AND l.state = 'waiting'
      AND (l.due_at <= now() OR l.leased_until > now())
    ORDER BY s.id
    LIMIT 1
) first;

-- name: count_waiting
-- Stories of a list that are still to be fetched, now or later; revisits that have begun included.
SELECT count(*) FROM (
    SELECT l.article_id FROM listings s JOIN ledger l USING (article_id)
    WHERE s.list = %(list)s AND s.pending AND l.state = 'waiting'
    UNION
    SELECT l.article_id FROM ledger l
    WHERE l.is_revisit AND l.state = 'waiting' AND is_listed(l.article_id, %(list)s)
) waiting;

-- name: release_run
-- A run that stops gives back what it had not finished.
UPDATE ledger SET leased_by = NULL, leased_until = NULL WHERE leased_by = %(run)s;

-- name: find_dead_runs
-- Who holds leases or walks, but no lock: a run holds its advisory lock as long as its process and its
-- connection live, and says something at least three times in the seconds that a lease lasts: one that
-- is silent longer hangs. A server that came back in the midst of our run gives the others time to come
-- back.
WITH holder AS (
    SELECT leased_by AS run FROM ledger WHERE leased_by IS NOT NULL
    UNION
    SELECT walked_by FROM walks WHERE walked_by IS NOT NULL
    UNION
    SELECT leased_by FROM pictures WHERE leased_by IS NOT NULL
)
SELECT run FROM holder
WHERE run NOT IN (
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %(lock)s
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND pid NOT IN (
          SELECT pid FROM pg_stat_activity
          WHERE datname = current_database() AND state = 'idle'
            AND state_change < clock_timestamp() - make_interval(secs => %(silence)s)))
  AND (pg_postmaster_start_time() < (SELECT started_at FROM runs WHERE id = %(run)s)
       OR pg_postmaster_start_time() < clock_timestamp() - interval '15 seconds');

-- name: release_leases_of_dead_runs
UPDATE ledger SET leased_by = NULL, leased_until = NULL WHERE leased_by = ANY(%(runs)s);

-- name: settle
-- Stored stories leave the ledger; whoever is announcing them on another list comes first or later.
DELETE FROM ledger WHERE article_id = ANY(%(ids)s);

-- name: settle_listings
-- After that, and not with it: it must see the announcements that came first.
UPDATE listings SET pending = false WHERE article_id = ANY(%(ids)s) AND pending;

-- name: settle_announced
-- What another run stored while it was being announced has entered the ledger again, for the
-- announcement did not see it yet. Now it can.
WITH stored AS (
    DELETE FROM ledger l USING articles a
    WHERE l.article_id = ANY(%(ids)s) AND a.id = story_of(l.article_id)
      AND l.added_at = now() -- entered by this transaction
    RETURNING l.article_id
)
UPDATE listings SET pending = false FROM stored s WHERE listings.article_id = s.article_id;

-- name: fail
-- A story that could not be read: it waits for another attempt, or is dead after the last. Only who
-- holds its lease can say so, so that saying it twice counts once. A dead letter of a story that is
-- stored says so.
WITH failed AS (
    UPDATE ledger SET
        attempts = attempts + 1, leased_by = NULL, leased_until = NULL,
        state = outcome.state,
        due_at = now() + interval '1 minute' * 4 ^ least(attempts, 6), -- 1 min, 4, 16 … 3 days
        reason = CASE WHEN is_revisit AND outcome.state = 'dead' THEN 'revisit_' ELSE '' END
            || %(reason)s,
        detail = CASE WHEN is_revisit AND outcome.state = 'dead'
            THEN E'the story is stored; only another look at its page failed\n' ELSE '' END
            || %(detail)s,
        failed_at = now(),
        page = (SELECT c.file || ':' || c.record_offset FROM captures c
                WHERE c.article_id = %(id)s AND c.run = %(run)s
                ORDER BY c.captured_at DESC LIMIT 1)
    FROM (
        SELECT CASE WHEN %(final)s OR attempts + 1 >= %(attempts)s THEN 'dead' ELSE 'waiting' END
            AS state
        FROM ledger WHERE article_id = %(id)s
    ) outcome
    WHERE article_id = %(id)s AND leased_by = %(run)s
    RETURNING article_id, ledger.state, is_revisit
), closed AS (
    UPDATE listings SET pending = false FROM failed f
    WHERE listings.article_id = f.article_id AND f.state = 'dead'
)
SELECT state, is_revisit FROM failed
UNION ALL
SELECT state, is_revisit FROM ledger WHERE article_id = %(id)s AND NOT EXISTS (SELECT FROM failed);

-- name: set_aside
-- The page files the story under another section than the one that was asked for. Only who holds its
-- lease can say so.
WITH aside AS (
    UPDATE ledger SET state = 'elsewhere', set_aside_by = %(list)s, reason = %(reason)s,
        leased_by = NULL, leased_until = NULL
    WHERE article_id = %(id)s AND leased_by = %(run)s
    RETURNING article_id
)
UPDATE listings SET pending = false FROM aside a
WHERE listings.article_id = a.article_id AND list = %(list)s;

-- name: keep_for_others
-- What another list waits for waits on, for that list. After that, and not with it: it must see the
-- announcements that came first.
UPDATE ledger SET state = 'waiting', reason = NULL
WHERE article_id = %(id)s AND state = 'elsewhere'
  AND EXISTS (SELECT FROM listings s WHERE s.article_id = %(id)s AND s.pending);

-- name: give_back
-- The site refused to answer: not the story's fault, so the attempt does not count.
UPDATE ledger SET leased_by = NULL, leased_until = NULL, due_at = now() + interval '5 minutes'
WHERE article_id = %(id)s AND leased_by = %(run)s;

-- name: take_back
-- A story that this run gave back is its own again, unless another has it by now.
UPDATE ledger SET leased_by = %(run)s, leased_until = now() + interval '1 minute'
WHERE article_id = %(id)s AND state = 'waiting' AND leased_by IS NULL
RETURNING article_id;

-- Dead letters -----------------------------------------------------------------------------------

-- name: dead_letters
-- What failed for good, the latest first; a reason or ids narrow it down.
SELECT l.article_id AS id, l.url, l.reason, l.attempts, l.failed_at, l.page, l.detail,
    ARRAY(SELECT s.list FROM listings s WHERE s.article_id = l.article_id ORDER BY 1) AS lists
FROM ledger l
WHERE l.state = 'dead'
  AND (%(reason)s::text IS NULL OR l.reason = %(reason)s)
  AND (%(ids)s::text[] IS NULL
       OR l.article_id IN (SELECT story_of(id) FROM unnest(%(ids)s::text[]) id))
ORDER BY l.failed_at DESC, l.article_id;

-- name: count_dead_letters
-- How many there are of each reason, the most frequent first.
SELECT reason, count(*) AS stories, max(failed_at) AS last_at
FROM ledger WHERE state = 'dead' GROUP BY reason ORDER BY 2 DESC, 1;

-- name: retry_dead_letters
-- Put them back: they are due at once, with all attempts, on every list that had shown them.
WITH again AS (
    UPDATE ledger SET state = 'waiting', attempts = 0, due_at = now()
    WHERE state = 'dead'
      AND (%(reason)s::text IS NULL OR reason = %(reason)s)
      AND (%(ids)s::text[] IS NULL
           OR article_id IN (SELECT story_of(id) FROM unnest(%(ids)s::text[]) id))
    RETURNING article_id
), pending AS (
    UPDATE listings SET pending = true FROM again a WHERE listings.article_id = a.article_id
)
SELECT article_id AS id FROM again ORDER BY 1;
