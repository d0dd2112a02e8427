-- Copies: the signatures that find them, and who is whose original.

-- name: lock
-- Held until the transaction ends, and taken before it touches a story: of two crawls that store two
-- copies at once, the second must see what the first has stored.
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: sign
-- Signatures of stories that are new or have another text.
INSERT INTO signatures AS s (article_id, words, bits, bands)
SELECT article_id, words, bits, bands FROM jsonb_populate_recordset(NULL::signatures, %(batch)s)
ORDER BY article_id
ON CONFLICT (article_id) DO UPDATE
    SET words = excluded.words, bits = excluded.bits, bands = excluded.bands
    WHERE (s.words, s.bits, s.bands) IS DISTINCT FROM (excluded.words, excluded.bits, excluded.bands);

-- name: similar
-- What may be copies of these stories, or their originals: all of them, each with those that it may be
-- a copy of, and with its text if that is not known.
WITH pair AS MATERIALIZED (SELECT id, similar_id FROM similar_signatures(%(ids)s))
SELECT a.id, a.date_published AS published, a.duplicate_of AS original, a.content_hash,
    CASE WHEN a.id <> ALL(%(known)s) THEN a.article_body END AS article_body,
    ARRAY(SELECT p.similar_id FROM pair p WHERE p.id = a.id) AS similar
FROM articles a WHERE a.id IN (SELECT id FROM pair UNION SELECT similar_id FROM pair);

-- name: copies
SELECT id FROM articles WHERE duplicate_of = ANY(%(ids)s);

-- name: link
-- Who is whose copy now, and how near.
WITH link AS (
    SELECT * FROM jsonb_to_recordset(%(links)s::jsonb)
        AS l(id text, original text, from_original real, of_original real)
), told AS (
    UPDATE signatures s SET from_original = l.from_original, of_original = l.of_original
    FROM link l
    WHERE s.article_id = l.id
      AND (s.from_original, s.of_original) IS DISTINCT FROM (l.from_original, l.of_original)
), moved AS (
    SELECT a.id, l.original FROM articles a JOIN link l USING (id)
    WHERE a.duplicate_of IS DISTINCT FROM l.original
    ORDER BY a.id FOR NO KEY UPDATE OF a -- the same order in every crawl
)
UPDATE articles a SET duplicate_of = m.original FROM moved m WHERE a.id = m.id;

-- name: take_unsigned
-- Some stories of an older heraldcrawl, which had no signatures, with those they were linked to.
WITH taken AS (
    SELECT article_id FROM signatures WHERE bands IS NULL ORDER BY article_id LIMIT %(most)s
), grouped AS (
    SELECT coalesce(a.duplicate_of, a.id) AS id FROM taken t JOIN articles a ON a.id = t.article_id
)
SELECT a.id, a.content_hash, a.article_body
FROM articles a JOIN signatures s ON s.article_id = a.id
WHERE s.bands IS NULL
  AND (a.id IN (SELECT article_id FROM taken) OR a.id IN (SELECT id FROM grouped)
       OR a.duplicate_of IN (SELECT id FROM grouped));

-- name: count_unsigned
SELECT count(*) FROM signatures WHERE bands IS NULL;

-- name: newest_groups
-- Originals whose latest copies are the newest.
SELECT duplicate_of AS id FROM articles WHERE duplicate_of IS NOT NULL
GROUP BY 1 ORDER BY max(date_published) DESC NULLS LAST, 1 LIMIT %(most)s;

-- name: original
SELECT coalesce(duplicate_of, id) AS id FROM articles WHERE id = story_of(%(id)s);

-- name: group
-- An original and its copies, in the order of their publication.
SELECT a.id, a.url, a.headline, a.section, a.source_organization, a.date_published,
    s.from_original, s.of_original
FROM articles a LEFT JOIN signatures s ON s.article_id = a.id
WHERE a.id = %(id)s OR a.duplicate_of = %(id)s
ORDER BY a.duplicate_of IS NOT NULL, a.date_published, a.id;
