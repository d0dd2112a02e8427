-- What an installation is tried by.

-- name: clock
-- The server's time, and whether it knows Korea's.
SELECT clock_timestamp() AS now,
    (timestamp '2026-01-01 09:00' AT TIME ZONE 'Asia/Seoul') = timestamptz '2026-01-01 00:00+00'
        AS knows_seoul;

-- name: rehearse
-- What a crawl does to each table, of a story that there is not; whoever does it takes it back.
INSERT INTO runs (spider) VALUES ('doctor');
UPDATE runs SET reason = 'finished' WHERE id = currval(pg_get_serial_sequence('runs', 'id'));
INSERT INTO totals (spider, stat, value) VALUES ('doctor', 'runs/finished', 1);
INSERT INTO pace (host, next_at) VALUES ('doctor.invalid', now());
INSERT INTO walks (list, is_deep) VALUES ('doctor', false);
INSERT INTO listings (list, article_id, section, pending) VALUES ('doctor', 'doctor', '{}', true);
UPDATE listings SET pending = false WHERE list = 'doctor';
INSERT INTO ledger (article_id, url) VALUES ('doctor', 'https://doctor.invalid/');
UPDATE ledger SET state = 'dead' WHERE article_id = 'doctor';
DELETE FROM ledger WHERE article_id = 'doctor';
INSERT INTO archive_files (name, host, bytes, captures, started_at)
VALUES ('doctor', 'doctor.invalid', 0, 0, now());
INSERT INTO captures (file, record_offset, record_length, url, captured_at, record_type)
VALUES ('doctor', 0, 0, 'https://doctor.invalid/', now(), 'response');
INSERT INTO articles (id, url, headline, authors, breadcrumbs, article_body, images, keywords,
    in_language, layout, sources, issues, content_hash, revision, first_seen_at, fetched_at,
    last_seen_at)
VALUES ('doctor', 'https://doctor.invalid/', 'The doctor calls', '[]', '{}', 'All is well.', '[]',
    '{}', 'en', 'e4', '{}', '{}', 'doctor', 1, now(), now(), now());
UPDATE articles SET last_seen_at = now() WHERE id = 'doctor';
INSERT INTO revisions (article_id, revision, reason, content_hash, fetched_at, headline, authors,
    breadcrumbs, article_body, images, keywords, in_language, layout, sources, issues)
VALUES ('doctor', 1, 'first', 'doctor', now(), 'The doctor calls', '[]', '{}', 'All is well.', '[]',
    '{}', 'en', 'e4', '{}', '{}');
INSERT INTO revisits (article_id, due_at, url) VALUES ('doctor', now(), 'https://doctor.invalid/');
DELETE FROM revisits WHERE article_id = 'doctor';
INSERT INTO claims (article_id, named, evidence) VALUES ('doctor', '1', '{}');
INSERT INTO alarms (key, what, seen, usual, advice, badness, opened_at, last_seen_at, closed_at)
VALUES ('doctor', 'doctor', '', '', '', 0, now(), now(), now());
