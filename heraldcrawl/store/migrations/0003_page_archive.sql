-- The page archive: which WARC files there are, and where in them each capture lies.

CREATE TABLE archive_files (
    name        text PRIMARY KEY,            -- below the archive's folder: 2026/20260131T060000Z-12-0001.warc.gz
    host        text        NOT NULL,        -- the machine that wrote it
    run         bigint REFERENCES runs,      -- null: packed from the files of several runs
    location    text,                        -- address of the folder it was moved to; null: HERALD_HOME/archive
    copies      text[]      NOT NULL DEFAULT '{}', -- addresses of other folders that have it as well
    bytes       bigint      NOT NULL,        -- up to the end of its last whole record
    captures    bigint      NOT NULL,        -- how many rows of captures lie in it
    sha256      text,                        -- of the whole file, once it was packed, copied or moved
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,                 -- null while it is written, or if its writer was killed
    packed_into text REFERENCES archive_files -- its records are there now, and it is to be deleted
);
COMMENT ON TABLE archive_files IS 'The WARC files of the page archive';
CREATE INDEX archive_files_open ON archive_files (run) WHERE finished_at IS NULL;

CREATE TABLE captures (
    file           text        NOT NULL REFERENCES archive_files,
    record_offset  bigint      NOT NULL, -- bytes, where its gzip member begins
    record_length  bigint      NOT NULL, -- bytes, of its gzip member
    url            text        NOT NULL, -- on www.koreaherald.com, whatever was asked in its place
    article_id     text,                 -- the story that was fetched; null: a list, a feed, robots.txt
    captured_at    timestamptz NOT NULL,
    record_type    text        NOT NULL
                   CHECK (record_type IN ('response',
                                          'revisit',     -- the payload is another capture's
                                          'conversion')), -- as the browser rendered it
    status         smallint,             -- of HTTP
    payload_digest text,                 -- sha1:BASE32 of the body as it came, compressed if it was
    refers_to_at   timestamptz,          -- captured_at of the response of this url that has the payload,
                                         -- or that was rendered
    run            bigint REFERENCES runs,
    PRIMARY KEY (file, record_offset)
);
COMMENT ON TABLE captures IS 'Every response that was fetched, and where in the page archive it is';
-- A url may be longer than an index takes.
CREATE INDEX captures_payload ON captures (hashtextextended(url, 0), captured_at)
    WHERE record_type = 'response';
CREATE INDEX captures_article_id ON captures (article_id, captured_at) WHERE article_id IS NOT NULL;
