-- Reading many stories, each statement in one snapshot of the archive.

-- name: point
-- What the transaction sees: every change that it does not is later than this time, or made by a
-- transaction not before this one.
SELECT now() AS at, pg_snapshot_xmin(pg_current_snapshot())::text AS transaction;

-- name: stories
-- Current texts, oldest first. With changed_since those that changed since; one that was there before
-- comes along even if it is in the selection no longer, for the reader to drop.
SELECT a.id, a.url, a.headline, a.alternative_headline, a.authors, a.source_organization,
    a.date_published, a.date_modified, a.breadcrumbs, a.section, a.description, a.article_body,
    a.images, a.keywords, a.in_language, a.layout, a.sources, a.issues, a.content_hash,
    a.duplicate_of, a.revision, a.first_seen_at, a.fetched_at
FROM articles a LEFT JOIN changes c ON c.article_id = a.id
WHERE (a.first_seen_at < %(changed_since)s::timestamptz
       OR (%(path)s::text[] IS NULL
           OR a.breadcrumbs @> %(path)s AND a.breadcrumbs[1:cardinality(%(path)s)] = %(path)s)
          AND (%(since)s::timestamptz IS NULL OR a.date_published >= %(since)s)
          AND (%(before)s::timestamptz IS NULL OR a.date_published < %(before)s)
          AND (%(language)s::text IS NULL OR a.in_language = %(language)s)
          AND (NOT %(originals)s OR a.duplicate_of IS NULL))
  AND (%(changed_since)s IS NULL
       OR c.changed_at >= %(changed_since)s
       OR c.changed_in >= %(transaction)s::xid8
          -- In a database that was copied from another server, numbers of that one are above.
          AND c.changed_in < pg_snapshot_xmax(pg_current_snapshot()))
ORDER BY a.date_published, a.id;

-- name: revisions
-- Every text that the same stories had.
SELECT a.id, a.url, r.headline, r.alternative_headline, r.authors, r.source_organization,
    r.date_published, r.date_modified, r.breadcrumbs, r.section, r.description, r.article_body,
    r.images, r.keywords, r.in_language, r.layout, r.sources, r.issues, r.content_hash,
    a.duplicate_of, r.revision, a.first_seen_at, r.fetched_at
FROM articles a JOIN revisions r ON r.article_id = a.id LEFT JOIN changes c ON c.article_id = a.id
WHERE (a.first_seen_at < %(changed_since)s::timestamptz
       OR (%(path)s::text[] IS NULL
           OR a.breadcrumbs @> %(path)s AND a.breadcrumbs[1:cardinality(%(path)s)] = %(path)s)
          AND (%(since)s::timestamptz IS NULL OR a.date_published >= %(since)s)
          AND (%(before)s::timestamptz IS NULL OR a.date_published < %(before)s)
          AND (%(language)s::text IS NULL OR a.in_language = %(language)s)
          AND (NOT %(originals)s OR a.duplicate_of IS NULL))
  AND (%(changed_since)s IS NULL
       OR c.changed_at >= %(changed_since)s
       OR c.changed_in >= %(transaction)s::xid8
          AND c.changed_in < pg_snapshot_xmax(pg_current_snapshot()))
ORDER BY a.date_published, a.id, r.revision;
