-- Monitors: what a run is compared with, and the alarms that were raised.

ALTER TABLE runs
    ADD COLUMN habit    text,    -- whose habit it belongs to: its spider's; null: to none's (bounded)
    ADD COLUMN is_usual boolean; -- its pages gave what they usually give; null: it read no story
COMMENT ON TABLE runs IS 'One row a run of a spider; reason is null while it runs, and killed once
somebody noticed that it had ended without a word, which then is finished_at';
CREATE INDEX runs_started_at ON runs (started_at);
CREATE INDEX runs_spider ON runs (spider, started_at);
CREATE INDEX runs_habit ON runs (habit, id) WHERE habit IS NOT NULL;
CREATE INDEX runs_usual ON runs (habit, id) WHERE is_usual;
CREATE INDEX runs_open ON runs (id) WHERE finished_at IS NULL;
CREATE INDEX runs_killed ON runs (finished_at) WHERE reason = 'killed';

-- When a list had news. ISO 8601 sorts by its bytes.
CREATE INDEX listings_by_day ON listings (list, date_published COLLATE "C");

CREATE TABLE alarms (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key           text        NOT NULL, -- spider/what, or what
    spider        text,                 -- null: the whole installation
    what          text        NOT NULL, -- list, silence, layout, field/authors, blocked, …
    seen          text        NOT NULL, -- in words: what was seen the last time,
    usual         text        NOT NULL, -- what is usual,
    advice        text        NOT NULL, -- and what to do
    badness       float8      NOT NULL, -- twice as much is told again
    opened_at     timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    told_at       timestamptz,          -- null: nobody has heard of it yet
    told_badness  float8      NOT NULL DEFAULT 0,
    returns       integer     NOT NULL DEFAULT 0, -- how often it came back within a day
    good_looks    integer     NOT NULL DEFAULT 0, -- in a row, since it was last seen
    accepted_at   timestamptz,          -- the operator wants to hear no more of it until it is over
    closed_at     timestamptz,          -- null while it lasts
    over_told_at  timestamptz,
    telling_until timestamptz           -- a run is telling it
);
COMMENT ON TABLE alarms IS 'What the monitors found wrong, when it was told, and when it was over';
CREATE UNIQUE INDEX alarms_open ON alarms (key) WHERE closed_at IS NULL;
CREATE INDEX alarms_closed ON alarms (closed_at);
