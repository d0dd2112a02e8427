-- Which stories are one, known by two ids: see heraldcrawl/store/identity.py for the judgement.

-- name: partners
-- The stored stories that fetched pages may be of, and how each of them comes into question.
WITH page AS (
    SELECT * FROM jsonb_to_recordset(%(pages)s::jsonb) AS p(
        id text, named text[], is_compared boolean, minute timestamptz)
), partner AS (
    SELECT p.id AS fetched_id, 'alias' AS how, l.article_id AS id, NULL::text[] AS evidence
    FROM page p JOIN aliases l ON l.alias = p.id
    UNION ALL
    SELECT p.id, 'itself', p.id, NULL FROM page p
    UNION ALL
    SELECT p.id, 'named', n, NULL FROM page p CROSS JOIN unnest(p.named) n
    UNION ALL
    SELECT p.id, 'naming', c.article_id, c.evidence
    FROM page p CROSS JOIN LATERAL (
        SELECT article_id, evidence FROM claims WHERE named = p.id ORDER BY article_id LIMIT 20
    ) c
    UNION ALL
    SELECT p.id, 'published', a.id, '{published}'
    FROM page p CROSS JOIN LATERAL (
        SELECT id, issues FROM articles
        WHERE date_published >= p.minute AND date_published < p.minute + interval '1 minute'
          AND (length(id) = 14) <> (length(p.id) = 14)
          AND 'date_published:day-only' <> ALL(issues)
          AND NOT EXISTS ( -- a redirect has led from there to here: its text is this page's
            SELECT FROM claims c
            WHERE c.article_id = articles.id AND c.named = p.id AND 'redirect' = ANY(c.evidence))
        ORDER BY date_published LIMIT 20
    ) a
)
SELECT r.fetched_id, r.how, r.id, r.evidence,
    (SELECT l.alias FROM aliases l WHERE l.article_id = a.id) AS alias,
    CASE WHEN r.how <> 'itself' OR p.is_compared THEN a.headline ELSE '' END AS headline,
    CASE WHEN r.how <> 'itself' OR p.is_compared THEN a.article_body ELSE '' END AS article_body,
    a.date_published
FROM partner r JOIN page p ON p.id = r.fetched_id JOIN articles a ON a.id = r.id;

-- name: insert_aliases
-- From now on these ids are known to be a story's; those that are not so already.
INSERT INTO aliases (alias, article_id, evidence)
SELECT alias, article_id, evidence FROM jsonb_to_recordset(%(aliases)s::jsonb) AS e(
    alias text, article_id text, evidence text[])
ORDER BY alias, article_id
ON CONFLICT DO NOTHING
RETURNING alias, article_id;

-- name: insert_claims
-- What pages say of other ids of theirs, and nothing proves yet.
INSERT INTO claims AS c (article_id, named, evidence)
SELECT article_id, named, evidence FROM jsonb_to_recordset(%(claims)s::jsonb) AS e(
    article_id text, named text, evidence text[])
ORDER BY article_id, named
ON CONFLICT (article_id, named) DO UPDATE
    SET evidence = excluded.evidence WHERE NOT c.evidence @> excluded.evidence;

-- name: resolve
-- Under which ids stories are stored, or would be, that are known by these; and their other ids.
SELECT id, story_of(id) AS article_id, l.alias
FROM unnest(%(ids)s::text[]) id LEFT JOIN aliases l ON l.article_id = story_of(id);
