-- How complete the archive is, and the pictures of its stories.

-- Coverage --------------------------------------------------------------------------------------

-- Never fails, whatever digits an id has: the 30th of February is the 2nd of March.
CREATE FUNCTION day_of_id(id text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN id ~ '^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{6}$'
    THEN to_date(left(id, 6), 'YYYYMM') + substr(id, 7, 2)::integer - 1 END;
COMMENT ON FUNCTION day_of_id IS 'The day on which a story with ud digits was made; else null';

CREATE VIEW unstored_stories AS
WITH lacking AS (
    SELECT article_id FROM listings
    UNION SELECT article_id FROM ledger
    UNION SELECT article_id FROM captures WHERE article_id IS NOT NULL
    EXCEPT SELECT id FROM articles
    EXCEPT SELECT alias FROM aliases -- each of a stored story
)
SELECT a.article_id, coalesce(s.section, '{}') AS section,
    coalesce(s.day, day_of_id(a.article_id)) AS day,
    CASE WHEN l.state = 'elsewhere' THEN 'elsewhere'
         WHEN l.state IS DISTINCT FROM 'dead' THEN 'missing'
         WHEN l.reason IN ('http_404', 'http_410', 'not_found') THEN 'gone'
         ELSE 'failed' END AS state,
    l.reason
FROM lacking a
LEFT JOIN ledger l ON l.article_id = a.article_id
LEFT JOIN LATERAL (
    SELECT s.section, min(left(s.date_published, 10)) OVER ()::date AS day
    FROM listings s WHERE s.article_id = a.article_id
    ORDER BY cardinality(s.section) DESC, s.list
    LIMIT 1
) s ON true
WHERE l.article_id IS NOT NULL OR s.section IS NOT NULL
   OR EXISTS (SELECT FROM captures c WHERE c.article_id = a.article_id AND c.status = 200);
COMMENT ON VIEW unstored_stories IS
    'Stories that a list, a feed or a page archive has announced, and that are not stored';

-- Kept a plain query, so that the planner sees through it.
CREATE FUNCTION count_stories(since date DEFAULT NULL, until date DEFAULT NULL)
RETURNS TABLE (section text[], month date, state text, reason text, stories bigint,
    only_here bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH stored AS (
        SELECT breadcrumbs AS section,
            coalesce((date_published AT TIME ZONE 'Asia/Seoul')::date, day_of_id(id)) AS day, gone_at
        FROM articles
    )
    SELECT section, date_trunc('month', day::timestamp)::date, 'stored', NULL, count(*),
        count(gone_at)
    FROM stored
    WHERE (since IS NULL OR day >= since) AND (until IS NULL OR day <= until)
    GROUP BY 1, 2
    UNION ALL
    SELECT section, date_trunc('month', day::timestamp)::date, state, reason, count(*), 0
    FROM unstored_stories
    WHERE (since IS NULL OR day >= since) AND (until IS NULL OR day <= until)
    GROUP BY 1, 2, 3, 4
$$;
COMMENT ON FUNCTION count_stories IS
    'How many stories of these days are known of, by section, month in Korea, and what became of them';

-- As many sections and months as there are, and not as stories, so that several processes count them.
CREATE STATISTICS articles_months (ndistinct) ON breadcrumbs, (date_trunc('month', coalesce(
    (date_published AT TIME ZONE 'Asia/Seoul')::date, day_of_id(id))::timestamp)::date) FROM articles;
ANALYZE articles;

CREATE VIEW coverage AS
SELECT section[1:depth] AS section, month, sum(stories)::bigint AS announced,
    coalesce(sum(stories) FILTER (WHERE state = 'stored'), 0)::bigint AS stored,
    coalesce(sum(stories) FILTER (WHERE state = 'missing'), 0)::bigint AS missing,
    coalesce(sum(stories) FILTER (WHERE state = 'failed'), 0)::bigint AS failed,
    coalesce(sum(stories) FILTER (WHERE state = 'gone'), 0)::bigint AS gone,
    coalesce(sum(stories) FILTER (WHERE state = 'elsewhere'), 0)::bigint AS elsewhere,
    sum(only_here)::bigint AS only_here
FROM count_stories(), generate_series(0, cardinality(section)) depth
GROUP BY 1, 2;
COMMENT ON VIEW coverage IS
    'What is known of a section and those below it, by month in Korea; {} is the whole paper';

-- Pictures --------------------------------------------------------------------------------------

CREATE TABLE pictures (
    url          text        NOT NULL, -- as articles.images has it
    url_key      uuid        GENERATED ALWAYS AS (md5(url)::uuid) STORED PRIMARY KEY,
    list         text        NOT NULL, -- whose crawl asks for it: a spider's name
    state        text        NOT NULL DEFAULT 'waiting'
                 CHECK (state IN ('waiting',   -- to be fetched when due
                                  'fetched',
                                  'dead')),    -- failed for good, see reason
    path         text,       -- of the file, below the folder of pictures
    checksum     text,       -- SHA-256 of the file; equal for all addresses of the same picture
    content_type text,
    bytes        bigint,
    width        integer,
    height       integer,
    fetched_at   timestamptz,
    attempts     integer     NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL DEFAULT now(),
    leased_by    bigint REFERENCES runs,
    leased_until timestamptz,
    reason       text,       -- of the last failure: one word, such as http_404, foreign, not_image
    detail       text,       -- of the last failure: what was seen
    failed_at    timestamptz,
    added_at     timestamptz NOT NULL DEFAULT now(),
    CHECK ((state = 'fetched') = (path IS NOT NULL))
);
COMMENT ON TABLE pictures IS 'One row an address of a picture that is, or is to be, fetched';
CREATE INDEX pictures_due ON pictures (due_at) WHERE state = 'waiting';
CREATE INDEX pictures_due_in_list ON pictures (list, due_at) WHERE state = 'waiting';
CREATE INDEX pictures_leased_by ON pictures (leased_by) WHERE leased_by IS NOT NULL;

CREATE VIEW story_pictures AS
SELECT a.id AS article_id, image.place::integer AS place, image.value->>'url' AS url,
    image.value->>'caption' AS caption, image.value->>'credit' AS credit, p.state, p.path,
    p.checksum, p.content_type, p.bytes, p.width, p.height, p.fetched_at, p.reason
FROM articles a
CROSS JOIN jsonb_array_elements(a.images) WITH ORDINALITY image(value, place)
LEFT JOIN pictures p ON p.url_key = md5(image.value->>'url')::uuid;
COMMENT ON VIEW story_pictures IS 'The pictures of the stories with captions, credits and files';
