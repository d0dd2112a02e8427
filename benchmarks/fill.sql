-- An archive of :stories stories that a completed walk of North Korea has passed, without a crawl.
INSERT INTO runs (spider, finished_at, reason) VALUES ('northkorea', now(), 'finished');
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

INSERT INTO listings (list, article_id, section, headline, walk_id, last_walk_id, pending)
SELECT 'northkorea', 'f' || n, ARRAY['National', 'North Korea'], 'Headline ' || n, w.id, w.id, false
FROM generate_series(1, :stories) n, (SELECT max(id) AS id FROM walks) w;
