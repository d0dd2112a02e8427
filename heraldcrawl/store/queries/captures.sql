-- The page archive's files, and the captures in them.

-- name: insert
-- Captures that are in the archive already, with their files. May be done again.
WITH capture AS (
    SELECT * FROM jsonb_to_recordset(%(captures)s::jsonb) AS c(
        file text, record_offset bigint, record_length bigint, url text, article_id text,
        captured_at timestamptz, record_type text, status smallint, payload_digest text,
        refers_to_at timestamptz, file_bytes bigint, file_captures bigint)
), file AS (
    INSERT INTO archive_files (name, host, run, bytes, captures, started_at)
    SELECT file, %(host)s, %(run)s, max(file_bytes), max(file_captures), min(captured_at)
    FROM capture GROUP BY file
    ON CONFLICT (name) DO UPDATE SET
        bytes = greatest(archive_files.bytes, excluded.bytes),
        captures = greatest(archive_files.captures, excluded.captures)
)
INSERT INTO captures (file, record_offset, record_length, url, article_id, captured_at, record_type,
    status, payload_digest, refers_to_at, run)
SELECT file, record_offset, record_length, url, article_id, captured_at, record_type, status,
    payload_digest, refers_to_at, %(run)s
FROM capture
ON CONFLICT (file, record_offset) DO NOTHING;

-- name: finish_files
-- A run's files, but not the one that it still writes.
UPDATE archive_files SET finished_at = now()
WHERE run = %(run)s AND finished_at IS NULL AND name IS DISTINCT FROM %(current)s;

-- name: payloads
-- The latest payloads of some addresses, the newest first; not more, for some pages change all day.
SELECT wanted.url, c.payload_digest AS digest, c.status, c.captured_at
FROM unnest(%(urls)s::text[]) AS wanted(url)
CROSS JOIN LATERAL (
    SELECT payload_digest, status, captured_at FROM captures
    WHERE hashtextextended(captures.url, 0) = hashtextextended(wanted.url, 0)
      AND captures.url = wanted.url AND record_type = 'response'
    ORDER BY captured_at DESC
    LIMIT 10
) c;
