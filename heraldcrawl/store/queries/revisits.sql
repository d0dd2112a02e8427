-- Looking at young stories again. When the next look is due is set in the transaction that tells what
-- became of the last one, so that no look is lost and none is taken twice.

-- name: enter_revisits
-- Revisits that are due enter the ledger, those of stories that a list has shown. One that failed for
-- good is tried afresh at the next due moment. Locked, so that another run's visit is seen first.
WITH candidate AS MATERIALIZED (
    SELECT article_id FROM revisits r
    WHERE due_at <= now() AND NOT EXISTS (
        SELECT FROM ledger l
        WHERE l.article_id = r.article_id AND NOT (l.is_revisit AND l.state = 'dead'))
), due AS MATERIALIZED (
    SELECT r.article_id, r.url FROM candidate JOIN revisits r USING (article_id)
    WHERE is_listed(r.article_id, %(list)s) AND r.due_at <= now()
    ORDER BY r.article_id
    FOR UPDATE OF r SKIP LOCKED
)
INSERT INTO ledger (article_id, url, is_revisit)
SELECT article_id, url, true FROM due ORDER BY article_id
ON CONFLICT (article_id) DO UPDATE
    SET state = 'waiting', attempts = 0, due_at = now(), url = excluded.url,
        reason = NULL, detail = NULL
    WHERE ledger.is_revisit AND ledger.state = 'dead';

-- name: lease_revisits
-- The next revisits of a list's stories for one run, as ledger.sql's lease. Where the page lacks what
-- the list had told, the archive knows it by now.
WITH picked AS (
    SELECT l.article_id FROM ledger l
    WHERE l.is_revisit AND l.state = 'waiting' AND l.due_at <= now()
      AND (l.leased_until IS NULL OR l.leased_until < now() OR l.leased_by = %(run)s)
      AND l.article_id <> ALL(%(held)s)
      AND is_listed(l.article_id, %(list)s)
    ORDER BY l.due_at
    LIMIT %(count)s
    FOR UPDATE OF l SKIP LOCKED
)
UPDATE ledger l
SET leased_by = %(run)s, leased_until = now() + make_interval(secs => %(seconds)s)
FROM picked p JOIN articles a ON a.id = p.article_id LEFT JOIN revisits r USING (article_id)
WHERE l.article_id = p.article_id
RETURNING l.article_id, l.url, a.breadcrumbs AS section, a.headline,
    published_as(a.date_published, a.issues) AS date_published,
    NULL AS category, a.description, NULL AS image,
    true AS is_revisit, a.article_body <> '' AS has_text,
    coalesce(l.reason = 'refused', false) AS was_refused,
    CASE l.url WHEN r.url THEN r.etag END AS etag,
    CASE l.url WHEN r.url THEN r.last_modified END AS last_modified;

-- name: is_revisit_outstanding
-- Whether revisits of a list's stories are due or being made by anybody.
SELECT EXISTS (
    SELECT FROM ledger l
    WHERE l.is_revisit AND l.state = 'waiting' AND (l.due_at <= now() OR l.leased_until > now())
      AND is_listed(l.article_id, %(list)s)
) AS yes;

-- name: see_unchanged
-- The site says that the page is as it was.
UPDATE articles SET last_seen_at = greatest(last_seen_at, %(seen_at)s), gone_at = NULL
WHERE id = %(id)s;

-- name: see_gone
-- The site has no such page any more; the text stays.
UPDATE articles SET gone_at = coalesce(gone_at, now()) WHERE id = %(id)s;

-- name: schedule
-- When the stories that were just looked at are next due: the first of the given ages that is still to
-- come, counted from their publication. Where only its day is known, from when we first saw the story,
-- if that was on that day. One first found missing at its last visit is looked at once more.
WITH told AS (
    SELECT * FROM jsonb_to_recordset(%(visits)s::jsonb) AS v(
        article_id text, url text, etag text, last_modified text)
), visited AS (
    SELECT a.id, coalesce(
        (SELECT min(b.at + age) FROM unnest(%(ages)s::interval[]) age WHERE b.at + age > now()),
        CASE WHEN a.gone_at = now() THEN now() + interval '1 day' END) AS due_at,
        -- What the last page told stays, unless there is a newer one.
        coalesce(t.url, r.url, %(url)s, a.url) AS url,
        CASE WHEN t.url IS NULL THEN r.etag ELSE t.etag END AS etag,
        CASE WHEN t.url IS NULL THEN r.last_modified ELSE t.last_modified END AS last_modified
    FROM articles a
    CROSS JOIN LATERAL (
        SELECT least(a.first_seen_at, CASE WHEN 'date_published:day-only' = ANY(a.issues)
            THEN a.date_published + interval '1 day' ELSE a.date_published END) AS at
    ) b
    LEFT JOIN told t ON t.article_id = a.id
    LEFT JOIN revisits r ON r.article_id = a.id
    WHERE a.id = ANY(%(ids)s)
), rested AS (
    DELETE FROM revisits r USING visited v WHERE r.article_id = v.id AND v.due_at IS NULL
)
INSERT INTO revisits (article_id, due_at, url, etag, last_modified)
SELECT id, due_at, url, etag, last_modified FROM visited WHERE due_at IS NOT NULL
ORDER BY id
ON CONFLICT (article_id) DO UPDATE SET due_at = excluded.due_at, url = excluded.url,
    etag = excluded.etag, last_modified = excluded.last_modified;
