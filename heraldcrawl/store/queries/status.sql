-- What status screens and metrics ask. Each reads few rows by an index, or counts what is bounded by
-- work in hand; how many stories there are is estimated where that is many.

-- name: server
-- Who answers, and by which clock.
SELECT current_setting('server_version') AS version, clock_timestamp() AS now,
    pg_database_size(current_database()) AS bytes;

-- name: migrations
-- The migrations that were applied.
SELECT version FROM migrations ORDER BY version;

-- name: tables
-- The largest tables with their indexes. Rows are counted as far as that is quick, else estimated.
SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes, c.reltuples::bigint AS estimate
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY 2 DESC, 1;

-- name: count_stories
-- Stored stories, those that are gone from the site included.
SELECT count(*) AS stories FROM articles;

-- name: spiders
-- Of each spider the last run that ended, when one last finished in order (of the last fifty), and
-- its runs that have not ended: alive if they hold their lock.
WITH RECURSIVE spiders AS (
    (SELECT spider FROM runs ORDER BY spider LIMIT 1)
    UNION ALL
    SELECT (SELECT r.spider FROM runs r WHERE r.spider > s.spider ORDER BY r.spider LIMIT 1)
    FROM spiders s WHERE s.spider IS NOT NULL
), alive AS MATERIALIZED (
    SELECT objid::bigint AS run FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %(lock)s
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), open AS MATERIALIZED (
    SELECT spider, started_at, id IN (SELECT run FROM alive) AS is_alive
    FROM runs WHERE finished_at IS NULL
)
SELECT s.spider, l.id AS run, l.started_at, l.finished_at, l.reason, l.stats,
    (SELECT max(r.finished_at) FROM (
        SELECT finished_at, reason FROM runs
        WHERE spider = s.spider AND finished_at IS NOT NULL
        ORDER BY started_at DESC LIMIT 50
    ) r WHERE r.reason = 'finished') AS last_finished_at,
    (SELECT min(started_at) FROM open o WHERE o.spider = s.spider AND o.is_alive) AS running_since,
    (SELECT count(*) FROM open o WHERE o.spider = s.spider AND o.is_alive) AS running,
    (SELECT count(*) FROM open o WHERE o.spider = s.spider AND NOT o.is_alive
        AND o.started_at < now() - interval '1 minute') AS silent
FROM spiders s LEFT JOIN LATERAL (
    SELECT * FROM runs r
    WHERE r.spider = s.spider AND r.finished_at IS NOT NULL
    ORDER BY r.started_at DESC LIMIT 1
) l ON true
WHERE s.spider IS NOT NULL AND (%(spider)s::text IS NULL OR s.spider = %(spider)s)
ORDER BY s.spider;

-- name: usual_stats
-- What the last runs of a spider counted that read stories and found them as usual.
SELECT stats FROM (
    (SELECT id, stats FROM runs WHERE habit = %(spider)s AND is_usual ORDER BY id DESC LIMIT %(count)s)
    UNION ALL
    (SELECT id, stats FROM runs WHERE habit = %(spider)s || ' (replayed)' AND is_usual
     ORDER BY id DESC LIMIT %(count)s)
) run
WHERE stats IS NOT NULL ORDER BY id DESC LIMIT %(count)s;

-- name: pending
-- Stories that a list has shown and that are still to be fetched, now or later.
SELECT list, count(*) AS stories FROM listings WHERE pending GROUP BY list ORDER BY list;

-- name: ledger
-- The ledger by state: due now, and leased to a run.
SELECT state, is_revisit, count(*) AS stories,
    count(*) FILTER (WHERE state = 'waiting' AND due_at <= now()) AS due,
    count(*) FILTER (WHERE leased_until > now()) AS leased
FROM ledger GROUP BY 1, 2 ORDER BY 1, 2;

-- name: latest_dead_letters
-- What failed for good last.
SELECT article_id AS id, url, reason, attempts, failed_at, page FROM ledger
WHERE state = 'dead' ORDER BY failed_at DESC LIMIT %(count)s;

-- name: revisits
-- Stories that will be looked at again; those that are due and not in the ledger yet.
SELECT count(*) AS scheduled, count(*) FILTER (
    WHERE due_at <= now() AND NOT EXISTS (SELECT FROM ledger l WHERE l.article_id = r.article_id)
) AS due, min(due_at) AS next_at
FROM revisits r;

-- name: pictures
-- Pictures that are still to be fetched.
SELECT count(*) AS waiting, count(*) FILTER (WHERE due_at <= now()) AS due
FROM pictures WHERE state = 'waiting';

-- name: walks
-- Walks that have not come to the end of their list.
SELECT list, is_full, is_deep, next_page, walked_by, started_at FROM walks
WHERE finished_at IS NULL ORDER BY list, is_full;

-- name: archive
-- The page archive's files, wherever they lie, and what came in the last week.
SELECT count(*) AS files, coalesce(sum(bytes), 0)::bigint AS bytes,
    coalesce(sum(captures), 0)::bigint AS captures,
    coalesce(sum(bytes) FILTER (WHERE started_at > now() - interval '7 days'), 0)::bigint AS week_bytes
FROM archive_files WHERE packed_into IS NULL;

-- name: pace
-- How far ahead the turns at each host are given away.
SELECT host, greatest(extract(epoch FROM next_at - clock_timestamp()), 0)::float8 AS seconds
FROM pace ORDER BY host;

-- name: totals
-- What all runs of a spider have counted, or of all spiders.
SELECT spider, stat, value FROM totals
WHERE %(spider)s::text IS NULL OR spider = %(spider)s ORDER BY spider, stat;
