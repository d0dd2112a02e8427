-- Storing stories. Each statement takes a batch as one JSON array of records with the columns' names.

-- name: insert_new
-- Stories that the archive does not have yet.
INSERT INTO articles (id, url, headline, alternative_headline, authors, source_organization,
    date_published, date_modified, breadcrumbs, section, description, article_body, images, keywords,
    in_language, layout, sources, issues, content_hash, revision, first_seen_at,
    fetched_at, last_seen_at)
SELECT id, url, headline, alternative_headline, authors, source_organization,
    date_published, date_modified, breadcrumbs, section, description, article_body, images, keywords,
    in_language, layout, sources, issues, content_hash, 1, fetched_at, fetched_at, fetched_at
FROM jsonb_populate_recordset(NULL::articles, %(batch)s) b
ORDER BY b.id -- the same order in every crawl, so that no two wait for each other
ON CONFLICT (id) DO NOTHING
RETURNING id;

-- name: update_changed
-- Stories whose text is another than the archive's; where pages are read again, as well those around
-- whose text something else is told.
UPDATE articles a SET
    headline = b.headline, alternative_headline = b.alternative_headline, authors = b.authors,
    source_organization = b.source_organization, date_published = b.date_published,
    date_modified = b.date_modified,
    -- What a deeper list told of the section stays.
    breadcrumbs = CASE WHEN a.breadcrumbs[1:cardinality(b.breadcrumbs)] = b.breadcrumbs
        THEN a.breadcrumbs ELSE b.breadcrumbs END,
    section = CASE WHEN a.breadcrumbs[1:cardinality(b.breadcrumbs)] = b.breadcrumbs
        THEN a.section ELSE b.section END,
    description = b.description,
    -- The same one is not compressed and written again.
    article_body = CASE a.article_body WHEN b.article_body THEN a.article_body
        ELSE b.article_body END,
    images = b.images, keywords = b.keywords, in_language = b.in_language, layout = b.layout,
    sources = b.sources, issues = b.issues, content_hash = b.content_hash,
    revision = a.revision + (a.content_hash <> b.content_hash)::integer,
    fetched_at = CASE a.content_hash WHEN b.content_hash THEN a.fetched_at ELSE b.fetched_at END,
    -- A page that is read again may be of a time before it was last seen, or found missing.
    last_seen_at = CASE WHEN %(again)s THEN greatest(a.last_seen_at, b.fetched_at)
        ELSE b.fetched_at END,
    gone_at = CASE WHEN %(again)s AND a.gone_at > b.fetched_at THEN a.gone_at END
FROM jsonb_populate_recordset(NULL::articles, %(batch)s) b
WHERE a.id = b.id AND (a.content_hash <> b.content_hash OR %(again)s)
RETURNING a.id;

-- name: touch_unchanged
-- Stories whose text is the archive's: seen again, nothing else.
UPDATE articles a SET last_seen_at = b.fetched_at, gone_at = NULL
FROM jsonb_populate_recordset(NULL::articles, %(batch)s) b
WHERE a.id = b.id AND a.last_seen_at < b.fetched_at;

-- name: insert_revisions
-- The current texts that have no revision yet.
INSERT INTO revisions (article_id, revision, content_hash, fetched_at, reason, headline,
    alternative_headline, authors, source_organization, date_published, date_modified, breadcrumbs,
    section, description, article_body, images, keywords, in_language, layout, sources, issues,
    reader)
SELECT a.id, a.revision, a.content_hash, a.fetched_at,
    CASE a.revision WHEN 1 THEN 'first' ELSE %(reason)s END, a.headline,
    a.alternative_headline, a.authors, a.source_organization, a.date_published, a.date_modified,
    a.breadcrumbs, a.section, a.description, a.article_body, a.images, a.keywords, a.in_language,
    a.layout, a.sources, a.issues, %(reader)s
FROM articles a
WHERE a.id = ANY(%(ids)s)
ON CONFLICT (article_id, revision) DO NOTHING;

-- name: outcomes
-- What became of a batch. Told by the archive itself, so that it holds as well when the answer to a
-- commit was lost and the batch was stored a second time.
SELECT a.id, a.revision, a.first_seen_at, a.duplicate_of,
    CASE WHEN a.fetched_at <> b.fetched_at THEN 'unchanged'
         WHEN a.revision = 1 THEN 'new'
         ELSE 'changed' END AS outcome
FROM articles a JOIN jsonb_populate_recordset(NULL::articles, %(batch)s) b USING (id);
