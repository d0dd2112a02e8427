-- What every reader of the archive asks first.

-- name: has_archive
SELECT to_regclass('migrations') IS NOT NULL AS yes;

-- name: version
-- The number of the last migration that was applied.
SELECT coalesce(max(version), 0) AS version FROM migrations;
