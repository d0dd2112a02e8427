-- Reading pages again: which stories, where their pages are, what is stored of them.

-- name: stored_ids
-- Stored stories of a selection, some at a time, in the order of their ids.
SELECT a.id FROM articles a
WHERE a.id > %(after)s
  AND (%(path)s::text[] IS NULL
       OR a.breadcrumbs @> %(path)s AND a.breadcrumbs[1:cardinality(%(path)s)] = %(path)s)
  AND (%(since)s::timestamptz IS NULL OR a.date_published >= %(since)s)
  AND (%(before)s::timestamptz IS NULL OR a.date_published < %(before)s)
  AND (%(layout)s::text IS NULL OR a.layout = %(layout)s)
  AND CASE %(missing)s::text
      WHEN 'headline' THEN a.headline = ''
      WHEN 'alternative_headline' THEN a.alternative_headline IS NULL
      WHEN 'authors' THEN a.authors = '[]'
      WHEN 'source_organization' THEN a.source_organization IS NULL
      WHEN 'date_published' THEN a.date_published IS NULL
      WHEN 'date_modified' THEN a.date_modified IS NULL
      WHEN 'section' THEN a.section IS NULL
      WHEN 'description' THEN a.description IS NULL
      WHEN 'article_body' THEN a.article_body = ''
      WHEN 'images' THEN a.images = '[]'
      WHEN 'keywords' THEN a.keywords = '{}'
      ELSE true END
ORDER BY a.id LIMIT %(most)s;

-- name: failed_ids
-- Stories of the ledger whose page is in the page archive: dead letters, and what waits and is not
-- being fetched now. What was set aside was read, and belongs to another section.
SELECT g.article_id AS id FROM ledger g
WHERE g.article_id > %(after)s
  AND (g.state = 'dead' AND (%(revisits)s OR NOT g.is_revisit)
       OR g.state = 'waiting' AND NOT g.is_revisit
          AND (g.leased_until IS NULL OR g.leased_until < now()))
  AND (%(path)s::text[] IS NULL OR EXISTS (
      SELECT FROM listings s WHERE s.article_id = g.article_id
        AND s.section[1:cardinality(%(path)s)] = %(path)s))
  AND EXISTS (SELECT FROM captures c WHERE c.article_id = g.article_id
        AND (c.status BETWEEN 200 AND 299 OR c.status = 304 OR c.record_type = 'conversion'))
ORDER BY 1 LIMIT %(most)s;

-- name: unknown_ids
-- Stories of which there is a page and nothing else: of a database that was lost, or imported and not
-- readable then.
SELECT DISTINCT c.article_id AS id FROM captures c
WHERE c.article_id > %(after)s
  AND (c.status BETWEEN 200 AND 299 OR c.record_type = 'conversion')
  AND NOT EXISTS (SELECT FROM articles a WHERE a.id = c.article_id)
  AND NOT EXISTS (SELECT FROM aliases l WHERE l.alias = c.article_id)
  AND NOT EXISTS (SELECT FROM ledger g WHERE g.article_id = c.article_id)
ORDER BY 1 LIMIT %(most)s;

-- name: listed
-- What the lists told of some stories: the list in whose section the story stands, or the deepest, or
-- the first. What only a list told, and no list that we know of tells any more, the archive knows.
SELECT s.id AS article_id, coalesce(a.url, g.url, '') AS url,
    coalesce(e.section, CASE a.sources->>'breadcrumbs' WHEN 'list' THEN a.breadcrumbs END, '{}')
        AS section,
    coalesce(e.headline, CASE a.sources->>'headline' WHEN 'list' THEN a.headline END) AS headline,
    coalesce(e.date_published, CASE a.sources->>'date_published'
        WHEN 'list' THEN published_as(a.date_published, a.issues) END) AS date_published,
    e.category,
    coalesce(e.description, CASE a.sources->>'description' WHEN 'list' THEN a.description END)
        AS description,
    e.image,
    a.id IS NOT NULL AS is_revisit, coalesce(octet_length(a.article_body) > 0, false) AS has_text
FROM unnest(%(ids)s::text[]) AS s(id)
LEFT JOIN articles a ON a.id = s.id
LEFT JOIN aliases l ON l.article_id = s.id
LEFT JOIN ledger g ON g.article_id = s.id
LEFT JOIN LATERAL (
    SELECT * FROM listings e WHERE e.article_id = ANY(ARRAY[s.id, l.alias])
    ORDER BY coalesce(e.section = a.breadcrumbs, false) DESC, cardinality(e.section) DESC, e.id
    LIMIT 1
) e ON true;

-- name: stored
-- What is stored of some stories, with the columns of export.sql's statements.
SELECT a.id, a.url, a.headline, a.alternative_headline, a.authors, a.source_organization,
    a.date_published, a.date_modified, a.breadcrumbs, a.section, a.description, a.article_body,
    a.images, a.keywords, a.in_language, a.layout, a.sources, a.issues, a.content_hash,
    a.duplicate_of, a.revision, a.first_seen_at, a.fetched_at, a.last_seen_at,
    (SELECT alias FROM aliases l WHERE l.article_id = a.id) AS alias
FROM articles a WHERE a.id = ANY(%(ids)s);

-- name: lock_stories
-- Nobody else changes them before this transaction ends.
SELECT id FROM articles WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE;

-- name: captures
-- The captures that may hold the pages of some stories, by whichever id, the newest first; of a revisit
-- with where its payload is. Not more of each, for somebody may have looked at one every minute.
SELECT s.id AS story, c.file, c.record_offset, c.record_length, c.url, c.article_id, c.captured_at,
    c.record_type, c.status, c.payload_digest, c.refers_to_at,
    p.file AS payload_file, p.record_offset AS payload_offset
FROM unnest(%(ids)s::text[]) AS s(id)
LEFT JOIN aliases l ON l.article_id = s.id OR l.alias = s.id
CROSS JOIN LATERAL (
    SELECT * FROM captures c
    WHERE c.article_id = ANY(ARRAY[s.id, l.article_id, l.alias])
      AND (c.status BETWEEN 200 AND 299 OR c.status = 304 OR c.record_type = 'conversion')
    ORDER BY c.captured_at DESC LIMIT 20
) c
LEFT JOIN LATERAL (
    SELECT p.file, p.record_offset FROM captures p
    WHERE hashtextextended(p.url, 0) = hashtextextended(c.url, 0) AND p.url = c.url
      AND p.record_type = 'response' AND p.captured_at = c.refers_to_at
    LIMIT 1
) p ON c.record_type = 'revisit'
ORDER BY s.id, c.captured_at DESC, c.record_offset DESC;

-- name: settle_revisits
-- Another look that failed for good leaves the ledger where its very page could be read now; not if it
-- is to be tried again meanwhile.
DELETE FROM ledger l
USING unnest(%(ids)s::text[], %(pages)s::text[]) AS p(article_id, page)
WHERE l.article_id = p.article_id AND l.page = p.page AND l.is_revisit AND l.state = 'dead';

-- name: update_revisions
-- What stands around current texts, where it was read otherwise now.
UPDATE revisions r SET
    headline = a.headline, alternative_headline = a.alternative_headline, authors = a.authors,
    source_organization = a.source_organization, date_published = a.date_published,
    date_modified = a.date_modified, breadcrumbs = a.breadcrumbs, section = a.section,
    description = a.description,
    article_body = CASE r.article_body WHEN a.article_body THEN r.article_body
        ELSE a.article_body END,
    images = a.images, keywords = a.keywords, in_language = a.in_language, layout = a.layout,
    sources = a.sources, issues = a.issues, reader = %(reader)s
FROM articles a
WHERE a.id = ANY(%(ids)s) AND r.article_id = a.id AND r.revision = a.revision;

-- name: resolve
SELECT DISTINCT story_of(id) AS id FROM unnest(%(ids)s::text[]) id ORDER BY 1;
