-- One story and the texts it had.

-- name: story
-- By any id it is known by.
SELECT id, url, first_seen_at, last_seen_at, gone_at, duplicate_of FROM articles
WHERE id = story_of(%(id)s);

-- name: names
-- The other id of a story, and those that its page names and nothing proves.
SELECT alias AS id, evidence, joined_at AS at, true AS is_alias FROM aliases
WHERE article_id = %(id)s
UNION ALL
SELECT named, evidence, claimed_at, false FROM claims c
WHERE article_id = %(id)s
  AND NOT EXISTS (SELECT FROM aliases l WHERE l.alias = c.named AND l.article_id = c.article_id)
ORDER BY is_alias DESC, at, id;

-- name: revisions
-- From the first text to the current one, with the columns of export.sql's statements.
SELECT a.id, a.url, r.headline, r.alternative_headline, r.authors, r.source_organization,
    r.date_published, r.date_modified, r.breadcrumbs, r.section, r.description, r.article_body,
    r.images, r.keywords, r.in_language, r.layout, r.sources, r.issues, r.content_hash,
    a.duplicate_of, r.revision, a.first_seen_at, r.fetched_at, r.reason, r.reader
FROM revisions r JOIN articles a ON a.id = r.article_id
WHERE r.article_id = %(id)s
ORDER BY r.revision;
