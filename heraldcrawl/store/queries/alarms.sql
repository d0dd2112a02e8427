-- The alarms: which are open, and who was told.

-- name: take_turns
-- Whoever decides what to tell does so alone.
SELECT pg_advisory_xact_lock(%(lock)s);

-- name: standing
-- What a new look may change: alarms that are open, were closed within a day, or are to be told.
SELECT *, now() AS now FROM alarms
WHERE closed_at IS NULL OR closed_at > now() - interval '1 day'
   OR (told_at IS NOT NULL AND over_told_at IS NULL)
ORDER BY id;

-- name: now
SELECT now();

-- name: open_alarm
INSERT INTO alarms (key, spider, what, seen, usual, advice, badness, opened_at, last_seen_at,
    told_at, told_badness, telling_until)
VALUES (%(key)s, %(spider)s, %(what)s, %(seen)s, %(usual)s, %(advice)s, %(badness)s, %(opened_at)s,
    %(last_seen_at)s, %(told_at)s, %(told_badness)s, %(telling_until)s)
RETURNING id;

-- name: change_alarm
UPDATE alarms SET
    seen = %(seen)s, usual = %(usual)s, advice = %(advice)s, badness = %(badness)s,
    last_seen_at = %(last_seen_at)s, told_at = %(told_at)s, told_badness = %(told_badness)s,
    returns = %(returns)s, good_looks = %(good_looks)s, accepted_at = %(accepted_at)s,
    closed_at = %(closed_at)s, over_told_at = %(over_told_at)s, telling_until = %(telling_until)s
WHERE id = %(id)s;

-- name: told
-- Somebody has heard of it.
UPDATE alarms SET told_at = now(), told_badness = badness, telling_until = NULL WHERE id = ANY(%(ids)s);

-- name: over_told
-- Somebody has heard that it is over.
UPDATE alarms SET over_told_at = now(), telling_until = NULL WHERE id = ANY(%(ids)s);

-- name: not_told
-- It could not be delivered; the next run tries.
UPDATE alarms SET telling_until = NULL WHERE id = ANY(%(ids)s);

-- name: open_alarms
-- What is wrong now, the oldest first.
SELECT * FROM alarms WHERE closed_at IS NULL ORDER BY opened_at, id;

-- name: last_alarms
-- What was wrong lately, the latest first.
SELECT * FROM alarms ORDER BY id DESC LIMIT %(count)s;

-- name: accept
-- The operator knows; nothing more is told of it until it is over.
UPDATE alarms SET accepted_at = now() WHERE key = ANY(%(keys)s) AND closed_at IS NULL
RETURNING key, spider, what, opened_at;
