-- The archive as it began: runs, articles and their revisions, the lists a story was seen on,
-- and the ledger of addresses that are still to be fetched.

CREATE TABLE runs (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spider      text        NOT NULL,
    arguments   jsonb       NOT NULL DEFAULT '{}',
    started_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    reason      text,       -- Scrapy's: finished, shutdown, or ours: blocked, database_unavailable
    stats       jsonb       -- Scrapy's statistics of the run
);
COMMENT ON TABLE runs IS 'One row a run of a spider; reason is null while it runs or if it was killed';

CREATE TABLE articles (
    id                   text PRIMARY KEY,
    url                  text        NOT NULL,
    headline             text        NOT NULL,
    alternative_headline text,
    authors              jsonb       NOT NULL,
    source_organization  text,
    date_published       timestamptz, -- midnight in Korea where only the day is known
    date_modified        timestamptz,
    breadcrumbs          text[]      NOT NULL,
    section              text,
    description          text,
    article_body         text        NOT NULL,
    images               jsonb       NOT NULL,
    keywords             text[]      NOT NULL,
    in_language          text        NOT NULL,
    layout               text        NOT NULL,
    sources              jsonb       NOT NULL,
    issues               text[]      NOT NULL,
    content_hash         text        NOT NULL,
    duplicate_of         text        REFERENCES articles,
    revision             integer     NOT NULL,
    first_seen_at        timestamptz NOT NULL,
    fetched_at           timestamptz NOT NULL, -- when the current text was fetched
    last_seen_at         timestamptz NOT NULL  -- when the page was last fetched and still had it
);
COMMENT ON TABLE articles IS 'One row a story, with its current text';
CREATE INDEX articles_date_published ON articles (date_published);
CREATE INDEX articles_breadcrumbs ON articles USING gin (breadcrumbs);
CREATE INDEX articles_content_hash ON articles (content_hash);

CREATE TABLE revisions (
    article_id           text        NOT NULL REFERENCES articles ON DELETE CASCADE,
    revision             integer     NOT NULL,
    content_hash         text        NOT NULL,
    fetched_at           timestamptz NOT NULL,
    reason               text        NOT NULL, -- first: the story was new; changed: its text changed
    headline             text        NOT NULL,
    alternative_headline text,
    authors              jsonb       NOT NULL,
    source_organization  text,
    date_published       timestamptz,
    date_modified        timestamptz,
    breadcrumbs          text[]      NOT NULL,
    section              text,
    description          text,
    article_body         text        NOT NULL,
    images               jsonb       NOT NULL,
    keywords             text[]      NOT NULL,
    in_language          text        NOT NULL,
    layout               text        NOT NULL,
    sources              jsonb       NOT NULL,
    issues               text[]      NOT NULL,
    PRIMARY KEY (article_id, revision)
);
COMMENT ON TABLE revisions IS 'Every distinct text a story had, the current one included';

CREATE TABLE walks (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list        text        NOT NULL,               -- slug of the section
    is_full     boolean     NOT NULL DEFAULT false, -- full=1: to the end, whatever is known
    is_deep     boolean     NOT NULL,               -- goes beyond what earlier walks had reached
    next_page   integer     NOT NULL DEFAULT 1,     -- all before it was read without a gap
    walked_by   bigint REFERENCES runs,             -- null: nobody is on it
    started_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz                         -- null while under way or interrupted
);
COMMENT ON TABLE walks IS 'Progress through the list pages of a section, newest story first';
CREATE UNIQUE INDEX walks_open ON walks (list, is_full) WHERE finished_at IS NULL;
CREATE INDEX walks_deep ON walks (list, finished_at) WHERE is_deep;

CREATE TABLE listings (
    id             bigint GENERATED ALWAYS AS IDENTITY, -- order of discovery
    list           text        NOT NULL, -- slug of the section, latest, or article
    article_id     text        NOT NULL,
    section        text[]      NOT NULL, -- menu path of the list
    headline       text,
    date_published text,                 -- ISO 8601, the day alone where the list shows no time
    category       text,
    description    text,
    image          text,
    walk_id        bigint REFERENCES walks, -- a walk that passed it; if finished, it is covered
    last_walk_id   bigint REFERENCES walks, -- the last walk that passed it
    pending        boolean     NOT NULL, -- still to be fetched
    first_seen_at  timestamptz NOT NULL DEFAULT now(),
    last_seen_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (list, article_id)
);
COMMENT ON TABLE listings IS 'Every list a story was seen on, and what the list said of it';
CREATE INDEX listings_article_id ON listings (article_id);
CREATE INDEX listings_pending ON listings (list, id) WHERE pending;

CREATE TABLE ledger (
    article_id   text PRIMARY KEY,
    url          text        NOT NULL,
    state        text        NOT NULL DEFAULT 'waiting'
                 CHECK (state IN ('waiting',     -- to be fetched when due
                                  'dead',        -- failed for good, see reason
                                  'elsewhere')), -- the page files it under another section
    attempts     integer     NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL DEFAULT now(),
    leased_by    bigint REFERENCES runs,
    leased_until timestamptz,
    set_aside_by text,       -- elsewhere: the list whose crawl found that it belongs to another
    reason       text,       -- of the last failure: one word, such as http_404, not_found, timeout
    detail       text,       -- of the last failure: what was seen, or the traceback
    page         text,       -- of the last failure: where the raw page is
    failed_at    timestamptz,
    added_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE ledger IS 'Addresses of stories that are not stored yet; stored ones have left';
CREATE INDEX ledger_leased_by ON ledger (leased_by) WHERE leased_by IS NOT NULL;
CREATE INDEX ledger_dead ON ledger (failed_at) WHERE state = 'dead';

CREATE TABLE pace (
    host    text PRIMARY KEY,
    next_at timestamptz NOT NULL
);
COMMENT ON TABLE pace IS 'When the next request to a host may go out, from whichever crawl it comes';
