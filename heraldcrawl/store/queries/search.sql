-- Full-text search, and the job that brings its index up to date.

-- name: take
-- Some stories whose row changed since they were indexed. In a statement of its own, so that the next
-- one sees the row that the lock has waited for.
SELECT article_id FROM changes WHERE NOT is_indexed ORDER BY article_id LIMIT %(most)s
FOR UPDATE SKIP LOCKED;

-- name: index
-- Their words as they are now. Nobody reads beyond the bounds, and a tsvector ends at 1 MB.
INSERT INTO search_texts (article_id, date_published, breadcrumbs, headline, words)
SELECT a.id, a.date_published, a.breadcrumbs, h.words,
    setweight(h.words, 'A')
    || setweight(to_tsvector('pg_catalog.english', search_syllables(left(
           concat_ws(' ', a.alternative_headline, array_to_string(a.keywords, ' ')), 5000))), 'B')
    || setweight(to_tsvector('pg_catalog.english', search_syllables(left(
           concat_ws(' ', a.source_organization,
               (SELECT string_agg(author->>'name', ' ') FROM jsonb_array_elements(a.authors) author),
               (SELECT string_agg(image->>'caption', ' ') FROM jsonb_array_elements(a.images) image)
           ), 10000))), 'C')
    || to_tsvector('pg_catalog.english', search_syllables(left(a.article_body, 60000)))
FROM articles a,
    to_tsvector('pg_catalog.english', search_syllables(left(a.headline, 2000))) h(words)
WHERE a.id = ANY(%(ids)s)
ON CONFLICT (article_id) DO UPDATE SET date_published = excluded.date_published,
    breadcrumbs = excluded.breadcrumbs, headline = excluded.headline, words = excluded.words;

-- name: settle
UPDATE changes SET is_indexed = true WHERE article_id = ANY(%(ids)s);

-- name: count_waiting
SELECT count(*) FROM changes WHERE NOT is_indexed;

-- name: analyze
-- After many stories, the planner must know anew which words are common.
ANALYZE search_texts;

-- name: is_empty
-- Whether nothing is left of a search, as of one for "the".
SELECT numnode(search_query(%(words)s)) = 0;

-- name: search
SELECT * FROM search_stories(%(words)s, %(path)s, %(since)s, %(until)s, %(most)s, %(start)s, %(stop)s);
