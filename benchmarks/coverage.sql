-- An archive of :stories stories in 48 sections over :stories * 8 minutes, each on the lists of its section
-- and of the one above, one in ten on the feed as well. One in twenty is not stored: it waits, is a dead
-- letter or set aside, or was not asked for.
CREATE TEMP TABLE section AS
SELECT row_number() OVER () - 1 AS number, ARRAY['Top ' || top, 'Leaf ' || top || ' ' || leaf] AS path,
    'leaf' || top || leaf AS list, 'top' || top AS parent
FROM generate_series(1, 8) top, generate_series(1, 6) leaf;

CREATE TEMP TABLE story AS
SELECT n, section.*, at,
    CASE WHEN n % 3 = 0 THEN (2800000 + n)::text
         ELSE to_char(at AT TIME ZONE 'Asia/Seoul', 'YYYYMMDD') || lpad((n % 1000000)::text, 6, '0')
    END AS id
FROM generate_series(1, :stories) n
JOIN section ON section.number = n::bigint * 2654435761 % 48,
LATERAL (SELECT timestamptz '2026-11-01' - (:stories - n) * interval '8 minutes' AS at) published;

INSERT INTO walks (list, is_deep, finished_at)
SELECT list, true, now() FROM section UNION ALL SELECT DISTINCT parent, true, now() FROM section;

INSERT INTO articles (id, url, headline, authors, breadcrumbs, section, article_body, images, keywords,
    in_language, layout, sources, issues, content_hash, revision, date_published, first_seen_at,
    fetched_at, last_seen_at)
SELECT id, 'https://www.koreaherald.com/view.php?ud=' || id, 'Headline of story ' || n,
    '[{"name": "Kang Do-yun", "email": "kdy@example.com"}]', path, path[2],
    (SELECT string_agg(md5(n::text || word), ' ') FROM generate_series(1, 90) word), '[]', '{}', 'en',
    'e4', '{"headline": "json-ld", "article_body": "css", "date_published": "css"}', '{}',
    md5(n::text), 1, at, now(), now(), now()
FROM story WHERE n % 20 <> 0;

INSERT INTO listings (list, article_id, section, headline, date_published, description, walk_id,
    last_walk_id, pending, first_seen_at)
SELECT shown.list, story.id, shown.path, 'Headline of story ' || n,
    to_char(at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD'), repeat('Some words. ', 20), w.id, w.id,
    n % 40 = 0, timestamptz '2026-11-01' - n / 15 * interval '1 second'
FROM story, LATERAL (VALUES (story.list, path), (parent, path[1:1]),
    (CASE WHEN n % 10 = 0 THEN 'latest' END, path[1:1])) shown(list, path)
LEFT JOIN walks w ON w.list = shown.list
WHERE shown.list IS NOT NULL;

INSERT INTO ledger (article_id, url, state, reason)
SELECT id, '', CASE WHEN n % 40 = 0 THEN 'waiting' WHEN n % 60 = 0 THEN 'dead' ELSE 'elsewhere' END,
    CASE WHEN n % 40 <> 0 THEN CASE WHEN n % 120 = 20 THEN 'http_500' ELSE 'http_404' END END
FROM story WHERE n % 20 = 0 AND n % 100 <> 0;

INSERT INTO archive_files (name, host, bytes, captures, started_at) VALUES ('a', '', 0, 0, now());
INSERT INTO captures (file, record_offset, record_length, url, article_id, captured_at, record_type, status)
SELECT 'a', row_number() OVER (), 1, url, id, now(), 'response', 200 FROM articles;
