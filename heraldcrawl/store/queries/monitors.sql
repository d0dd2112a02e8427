-- What the monitors ask. Each reads a bounded number of rows by an index, however large the archive.

-- name: runs_before
-- The last runs of a habit that ended, the latest first.
SELECT spider, reason, started_at, finished_at, stats FROM runs
WHERE habit = %(habit)s AND id < %(run)s
ORDER BY id DESC LIMIT %(count)s;

-- name: usual_runs_before
-- Statistics of the last runs whose pages gave what they usually give, the latest first.
SELECT stats FROM runs
WHERE habit = %(habit)s AND is_usual AND id < %(run)s
ORDER BY id DESC LIMIT %(count)s;

-- name: belong_to
-- The run joins its habit; its stories as well, if they are as usual.
UPDATE runs SET habit = %(habit)s, is_usual = %(is_usual)s WHERE id = %(run)s;

-- name: news
-- When the last stories of a list appeared, the latest first: as printed, or where only the day is
-- known and they were seen at once, when they were seen.
SELECT coalesce(
        CASE WHEN NOT 'date_published:day-only' = ANY(a.issues) THEN a.date_published END,
        CASE WHEN l.first_seen_at < left(l.date_published, 10)::date + 2 THEN l.first_seen_at END
    ) AS appeared_at, l.first_seen_at
FROM (
    SELECT article_id, date_published, first_seen_at FROM listings
    WHERE list = %(list)s AND date_published COLLATE "C" >= %(since)s
    ORDER BY date_published COLLATE "C" DESC LIMIT %(count)s
) l LEFT JOIN articles a ON a.id = l.article_id;

-- name: known_stories
-- Stories of a list that were stored before a time, the latest first, with what the list said.
SELECT a.id AS article_id, a.url, a.sources, a.issues, a.layout,
    char_length(a.article_body) AS characters,
    l.section, l.headline, l.date_published, l.category, l.description, l.image
FROM (
    SELECT * FROM listings
    WHERE list = %(list)s AND date_published IS NOT NULL
    ORDER BY date_published COLLATE "C" DESC LIMIT %(count)s
) l JOIN articles a ON a.id = l.article_id
WHERE a.fetched_at < %(before)s AND a.last_seen_at < %(before)s
ORDER BY l.date_published COLLATE "C" DESC;

-- name: disk_days_ago
-- The disk as a run on the same machine saw it about a week ago.
SELECT stats->>'host' AS host, (stats->>'disk/free_bytes')::bigint AS free_bytes, started_at AS at
FROM (
    SELECT stats, started_at FROM runs
    WHERE started_at BETWEEN now() - interval '9 days' AND now() - interval '6 days'
    ORDER BY started_at DESC LIMIT 50
) run
WHERE stats->>'host' = %(host)s AND stats ? 'disk/free_bytes'
ORDER BY started_at DESC LIMIT 1;

-- name: notice_killed
-- Runs that have neither an end nor a lock, the sign of life: they were killed, or lost the database.
-- A server that came back in the midst of our run gives them time to come back as well.
WITH killed AS (
    UPDATE runs SET reason = 'killed', finished_at = now()
    WHERE finished_at IS NULL AND started_at < now() - interval '1 minute'
      AND (pg_postmaster_start_time() < coalesce(
                (SELECT started_at FROM runs WHERE id = %(run)s), clock_timestamp())
           OR pg_postmaster_start_time() < clock_timestamp() - interval '15 seconds')
      AND id NOT IN (
        SELECT objid::bigint FROM pg_locks
        WHERE locktype = 'advisory' AND classid = %(lock)s
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    RETURNING spider
)
INSERT INTO totals (spider, stat, value)
SELECT spider, 'runs/killed', count(*) FROM killed GROUP BY spider ORDER BY spider
ON CONFLICT (spider, stat) DO UPDATE SET value = totals.value + excluded.value;

-- name: killed
-- Whose runs were killed, as far as it was noticed within a day.
SELECT spider, count(*) AS runs, max(started_at) AS last_started_at FROM runs
WHERE reason = 'killed' AND finished_at > now() - interval '1 day'
GROUP BY spider ORDER BY spider;

-- name: stale_leases
-- Who is alive and holds stories, but has not renewed their leases for long.
SELECT leased_by AS run, count(*) AS stories, min(leased_until) AS since FROM ledger
WHERE leased_by IS NOT NULL AND leased_until < now() - interval '10 minutes'
  AND leased_by IN (
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %(lock)s
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
GROUP BY leased_by ORDER BY leased_by;

-- name: dead_letters
-- What failed for good in the last month for another reason than that it is gone; 5000 are enough.
SELECT reason, failed_at > now() - interval '1 day' AS is_new, count(*) AS stories
FROM (
    SELECT reason, failed_at FROM ledger
    WHERE state = 'dead' AND failed_at > now() - interval '31 days'
      AND reason <> ALL(%(gone)s)
    ORDER BY failed_at DESC LIMIT 5000
) dead
GROUP BY 1, 2 ORDER BY 3 DESC;

-- name: jobs
-- When the last runs of each spider began, those that were told where to stop or were answered from
-- files left out, and whether one is under way. Nobody misses a reparse, which is no spider's run.
WITH RECURSIVE spiders AS (
    (SELECT spider FROM runs ORDER BY spider LIMIT 1)
    UNION ALL
    SELECT (SELECT r.spider FROM runs r WHERE r.spider > s.spider ORDER BY r.spider LIMIT 1)
    FROM spiders s WHERE s.spider IS NOT NULL
)
SELECT s.spider, array_agg(l.started_at) AS starts, bool_or(l.finished_at IS NULL) AS is_running
FROM spiders s, LATERAL (
    SELECT started_at, finished_at FROM runs r
    WHERE r.spider = s.spider AND started_at > now() - interval '60 days'
      AND NOT arguments ?| ARRAY['since', 'until', 'pages', 'limit', 'url', 'file']
      AND NOT coalesce(stats, '{}') ? 'replay'
    ORDER BY started_at DESC LIMIT 50
) l
WHERE s.spider <> 'reparse'
GROUP BY s.spider ORDER BY s.spider;

-- name: learn_anew
-- What a habit's runs read since a time is the usual from now on, and nothing of before.
UPDATE runs SET is_usual = CASE WHEN started_at >= %(since)s AND stats ? 'story/read' THEN true END
WHERE habit = %(habit)s AND (is_usual OR started_at >= %(since)s);
