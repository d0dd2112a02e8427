-- Stories are looked at again while they are young, and known by every id that the site gave them.

-- Revisits --------------------------------------------------------------------------------------

ALTER TABLE articles ADD COLUMN gone_at timestamptz; -- when its page was first found missing
CREATE INDEX articles_gone_at ON articles (gone_at) WHERE gone_at IS NOT NULL;

CREATE TABLE revisits (
    article_id    text PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    due_at        timestamptz NOT NULL,
    url           text        NOT NULL, -- that answered last
    etag          text,                 -- what it gave to ask by whether the page has changed
    last_modified text
);
COMMENT ON TABLE revisits IS 'Stories whose page will be looked at again; those at rest have left';
CREATE INDEX revisits_due_at ON revisits (due_at);
-- How old they may be for another look is the next crawl's to say.
INSERT INTO revisits (article_id, due_at, url)
SELECT id, now(), url FROM articles WHERE date_published > now() - interval '7 days';

-- The story is stored: its page is to be looked at again.
ALTER TABLE ledger ADD COLUMN is_revisit boolean NOT NULL DEFAULT false;
CREATE INDEX ledger_revisits ON ledger (due_at) WHERE is_revisit AND state = 'waiting';

CREATE FUNCTION published_as(date_published timestamptz, issues text[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(date_published AT TIME ZONE 'Asia/Seoul',
    CASE WHEN 'date_published:day-only' = ANY(issues) THEN 'YYYY-MM-DD'
         ELSE 'YYYY-MM-DD"T"HH24:MI:SS"+09:00"' END);
COMMENT ON FUNCTION published_as IS
    'When a story was published, as the feeds say it: a time, or the day alone';

-- Ids -------------------------------------------------------------------------------------------

CREATE TABLE aliases (
    alias      text PRIMARY KEY,
    article_id text        NOT NULL UNIQUE -- there are two kinds of ids, so one other id at most
               REFERENCES articles ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    evidence   text[]      NOT NULL, -- what says so, and what agrees: redirect, headline, text, …
    joined_at  timestamptz NOT NULL DEFAULT now(),
    CHECK ((length(alias) = 14) <> (length(article_id) = 14)) -- ud digits; number of /article/
);
COMMENT ON TABLE aliases IS 'The other id of a story that is known by two';

CREATE TABLE claims (
    article_id text        NOT NULL REFERENCES articles ON DELETE CASCADE,
    named      text        NOT NULL,
    evidence   text[]      NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (article_id, named)
);
COMMENT ON TABLE claims IS 'Other ids that a story''s page names as its own; true only if in aliases';
CREATE INDEX claims_named ON claims (named);

CREATE FUNCTION story_of(any_id text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN coalesce((SELECT article_id FROM aliases WHERE alias = any_id), any_id);
COMMENT ON FUNCTION story_of IS 'The id under which a story is stored that is known by this one';

CREATE VIEW story_listings AS
SELECT s.article_id, s.article_id AS listed_as, s.list, s.section, s.headline, s.date_published,
    s.category, s.description, s.image, s.first_seen_at, s.last_seen_at
FROM listings s
WHERE NOT EXISTS (SELECT FROM aliases l WHERE l.alias = s.article_id)
UNION ALL
SELECT l.article_id, s.article_id, s.list, s.section, s.headline, s.date_published,
    s.category, s.description, s.image, s.first_seen_at, s.last_seen_at
FROM aliases l JOIN listings s ON s.article_id = l.alias;
COMMENT ON VIEW story_listings IS 'Every list a story was seen on, under whichever id';

-- A function, for it is asked of few stories: the planner would join all of the listings.
CREATE FUNCTION is_listed(story text, on_list text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS (
    SELECT FROM listings s
    WHERE s.list = on_list AND s.article_id = ANY(
        ARRAY[story, (SELECT alias FROM aliases a WHERE a.article_id = story)]));
COMMENT ON FUNCTION is_listed IS 'Whether a list has shown a story, under whichever id';
