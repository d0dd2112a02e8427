-- The page archive's upkeep: which files there are, where they lie, what is in them.

-- name: files
-- All files, the oldest first, with the number of rows that captures has of each.
SELECT f.*, (SELECT count(*) FROM captures c WHERE c.file = f.name) AS rows
FROM archive_files f ORDER BY f.name;

-- name: file
SELECT f.*, (SELECT count(*) FROM captures c WHERE c.file = f.name) AS rows
FROM archive_files f WHERE f.name = %(name)s;

-- name: whereabouts
-- Where a file is to be looked for; whoever opens it need not know how many captures it has.
SELECT name, host, location, copies FROM archive_files WHERE name = %(name)s;

-- name: captures
-- What a file holds, in its order.
SELECT file, record_offset, record_length, url, article_id, captured_at, record_type, status,
    payload_digest, refers_to_at
FROM captures WHERE file = %(name)s ORDER BY record_offset;

-- name: payload
-- The capture that has another one's payload.
SELECT file, record_offset, record_length, url, article_id, captured_at, record_type, status,
    payload_digest, refers_to_at
FROM captures
WHERE hashtextextended(url, 0) = hashtextextended(%(url)s, 0) AND url = %(url)s
  AND record_type = 'response' AND captured_at = %(at)s
LIMIT 1;

-- name: years
-- What there is of each year and place.
SELECT left(f.name, 4) AS year, coalesce(f.location, '') AS location, count(*) AS files,
    sum(f.bytes)::bigint AS bytes, sum(f.captures)::bigint AS captures,
    count(*) FILTER (WHERE f.finished_at IS NULL) AS open
FROM archive_files f WHERE f.packed_into IS NULL GROUP BY 1, 2 ORDER BY 1, 2;

-- name: adopt_file
-- A file found on the disk, whose writer is gone.
INSERT INTO archive_files (name, host, run, bytes, captures, started_at, finished_at)
VALUES (%(name)s, %(host)s, (SELECT id FROM runs WHERE id = %(run)s), %(bytes)s, %(captures)s,
    %(started_at)s, now())
ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes, captures = excluded.captures,
    finished_at = coalesce(archive_files.finished_at, excluded.finished_at);

-- name: adopt_captures
-- Its captures that have no row yet.
INSERT INTO captures (file, record_offset, record_length, url, article_id, captured_at, record_type,
    status, payload_digest, refers_to_at, run)
SELECT %(name)s, c.record_offset, c.record_length, c.url, c.article_id, c.captured_at, c.record_type,
    c.status, c.payload_digest, c.refers_to_at, (SELECT run FROM archive_files WHERE name = %(name)s)
FROM jsonb_to_recordset(%(captures)s::jsonb) AS c(
    record_offset bigint, record_length bigint, url text, article_id text, captured_at timestamptz,
    record_type text, status smallint, payload_digest text, refers_to_at timestamptz)
ON CONFLICT (file, record_offset) DO NOTHING;

-- name: begin_pack
-- The file that others are to be packed into. Until it is finished it does not count.
INSERT INTO archive_files (name, host, bytes, captures, started_at)
VALUES (%(name)s, %(host)s, 0, 0, now());

-- name: repack
-- What lay in one file lies in another now, so much further on.
UPDATE captures SET file = %(target)s, record_offset = record_offset + %(by)s
WHERE file = %(source)s;

-- name: repack_dead_letters
-- Their pages, too.
UPDATE ledger SET page = %(target)s || ':' || (split_part(page, ':', 2)::bigint + %(by)s)
WHERE page LIKE %(source)s || ':%%';

-- name: mark_packed
UPDATE archive_files SET packed_into = %(target)s WHERE name = %(source)s;

-- name: finish_pack
UPDATE archive_files SET bytes = %(bytes)s, captures = %(captures)s, sha256 = %(sha256)s,
    started_at = %(started_at)s, finished_at = now()
WHERE name = %(name)s;

-- name: forget_file
-- It is gone, and whatever was in it lies elsewhere.
DELETE FROM archive_files WHERE name = %(name)s;

-- name: moved
UPDATE archive_files SET location = %(location)s, sha256 = %(sha256)s,
    copies = array_remove(copies, %(location)s)
WHERE name = %(name)s;

-- name: copied
UPDATE archive_files SET copies = array_append(array_remove(copies, %(location)s), %(location)s),
    sha256 = %(sha256)s
WHERE name = %(name)s;
