-- One story and the texts it had.

-- name: story
SELECT id, url, first_seen_at, last_seen_at, duplicate_of FROM articles WHERE id = %(id)s;

-- name: revisions
-- From the first text to the current one, with the columns of export.sql's statements.
SELECT a.id, a.url, r.headline, r.alternative_headline, r.authors, r.source_organization,
    r.date_published, r.date_modified, r.breadcrumbs, r.section, r.description, r.article_body,
    r.images, r.keywords, r.in_language, r.layout, r.sources, r.issues, r.content_hash,
    a.duplicate_of, r.revision, a.first_seen_at, r.fetched_at, r.reason
FROM revisions r JOIN articles a ON a.id = r.article_id
WHERE r.article_id = %(id)s
ORDER BY r.revision;
