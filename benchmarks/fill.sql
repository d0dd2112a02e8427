-- An archive of :stories stories that a completed walk of North Korea has passed, without a crawl,
-- and a tenth as many runs of 50 sections, each with the statistics of an ordinary one.
INSERT INTO runs (spider, habit, started_at, finished_at, reason, is_usual, stats)
SELECT spider, spider, at, at + interval '2 minutes', 'finished', n % 3 = 0 OR NULL,
    (SELECT jsonb_object_agg('evidence/field' || i || '/css', 3) FROM generate_series(1, 60) i)
    || '{"list/pages": 2, "list/entries": 30, "story/read": 3, "story/new": 3, "latency/1": 6}'
FROM generate_series(:stories / 10, 1, -1) n,
    LATERAL (SELECT CASE n % 50 WHEN 0 THEN 'northkorea' ELSE 'section' || n % 50 END,
        now() - n * interval '72 seconds') run (spider, at);
INSERT INTO walks (list, is_deep, finished_at) VALUES ('northkorea', true, now());

INSERT INTO articles (id, url, headline, authors, breadcrumbs, section, article_body, images, keywords,
    in_language, layout, sources, issues, content_hash, revision, date_published, first_seen_at,
    fetched_at, last_seen_at)
SELECT 'f' || n, 'https://www.koreaherald.com/view.php?ud=f' || n, 'Headline ' || n, '[]',
    ARRAY['National', 'North Korea'], 'North Korea', repeat('Words of a story. ', 10), '[]', '{}',
    'en', 'e4', '{}', '{}', md5(n::text), 1, now() - n * interval '10 minutes', now(), now(), now()
FROM generate_series(1, :stories) n;

INSERT INTO revisions (article_id, revision, content_hash, fetched_at, reason, headline, authors,
    date_published, breadcrumbs, section, article_body, images, keywords, in_language, layout, sources,
    issues)
SELECT id, 1, content_hash, fetched_at, 'first', headline, authors, date_published, breadcrumbs,
    section, article_body, images, keywords, in_language, layout, sources, issues
FROM articles WHERE id LIKE 'f%';

INSERT INTO listings (list, article_id, section, headline, date_published, walk_id, last_walk_id,
    pending, first_seen_at)
SELECT 'northkorea', 'f' || n, ARRAY['National', 'North Korea'], 'Headline ' || n,
    to_char(now() - n * interval '10 minutes', 'YYYY-MM-DD'), w.id, w.id, false,
    now() - interval '5 hours' - n * interval '10 minutes'
FROM generate_series(1, :stories) n, (SELECT max(id) AS id FROM walks) w;
