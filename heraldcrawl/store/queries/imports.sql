-- Captures of other archives, and the texts that were on the site before we were.

-- name: known
-- Which captures of some stories are archived.
SELECT article_id, captured_at, payload_digest FROM captures WHERE article_id = ANY(%(ids)s);

-- name: original
-- The archived response that a revisit means: by its time, or by its payload.
SELECT file, record_offset, payload_digest, status, captured_at FROM captures
WHERE hashtextextended(url, 0) = hashtextextended(%(url)s, 0) AND url = %(url)s
  AND record_type = 'response' AND (captured_at = %(at)s OR payload_digest = %(digest)s)
ORDER BY coalesce(captured_at = %(at)s, false) DESC, captured_at DESC LIMIT 1;

-- name: texts
-- The texts that some stories had, and when the current one was last seen.
SELECT r.article_id, r.revision, r.content_hash, r.fetched_at, r.reason,
    CASE r.revision WHEN a.revision THEN a.last_seen_at END AS last_seen_at
FROM revisions r JOIN articles a ON a.id = r.article_id
WHERE r.article_id = ANY(%(ids)s) ORDER BY r.article_id, r.revision;

-- name: set_apart
-- Texts that get another number, time or reason; out of the way of each other for the moment.
UPDATE revisions r SET revision = -m.revision, fetched_at = m.fetched_at, reason = m.reason
FROM jsonb_to_recordset(%(texts)s::jsonb) AS m(
    article_id text, was integer, revision integer, fetched_at timestamptz, reason text)
WHERE r.article_id = m.article_id AND r.revision = m.was;

-- name: put_back
UPDATE revisions SET revision = -revision WHERE article_id = ANY(%(ids)s) AND revision < 0;

-- name: insert_texts
INSERT INTO revisions (article_id, revision, content_hash, fetched_at, reason, headline,
    alternative_headline, authors, source_organization, date_published, date_modified, breadcrumbs,
    section, description, article_body, images, keywords, in_language, layout, sources, issues,
    reader)
SELECT article_id, revision, content_hash, fetched_at, reason, headline, alternative_headline,
    authors, source_organization, date_published, date_modified, breadcrumbs, section, description,
    article_body, images, keywords, in_language, layout, sources, issues, reader
FROM jsonb_populate_recordset(NULL::revisions, %(texts)s);

-- name: date_stories
-- How many texts a story had, since when the current one was seen, and since when the story was.
UPDATE articles a SET revision = s.revision, fetched_at = s.fetched_at,
    first_seen_at = least(a.first_seen_at, s.first_seen_at),
    last_seen_at = greatest(a.last_seen_at, s.last_seen_at),
    gone_at = CASE WHEN a.gone_at <= s.last_seen_at THEN NULL ELSE a.gone_at END
FROM jsonb_to_recordset(%(stories)s::jsonb) AS s(
    id text, revision integer, fetched_at timestamptz, first_seen_at timestamptz,
    last_seen_at timestamptz)
WHERE a.id = s.id
  AND (a.revision <> s.revision OR a.fetched_at <> s.fetched_at
       OR a.first_seen_at > s.first_seen_at OR a.last_seen_at < s.last_seen_at
       OR a.gone_at <= s.last_seen_at);
