-- What is asked of the server itself.

-- name: suitability
-- What decides whether the archive can live here. Who may create nothing needs all of it made.
SELECT current_setting('server_version_num')::int / 10000,
       current_setting('server_encoding'),
       current_setting('transaction_read_only')::boolean,
       to_regclass('articles') IS NOT NULL
           OR coalesce(has_schema_privilege(current_schema(), 'CREATE'), false);

-- name: is_empty
-- Whether nothing was made in the database yet.
SELECT NOT EXISTS (
    SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'));

-- name: count_live_runs
-- Crawls under way, each of which holds its advisory lock.
SELECT count(DISTINCT objid) FROM pg_locks
WHERE locktype = 'advisory' AND classid = %(lock)s
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database());

-- name: clear
-- Removes everything that the archive made, and whatever else is in its schema.
DO $$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY ARRAY(
        SELECT format('DROP %s IF EXISTS %s CASCADE',
            CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass)
        FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ) || ARRAY(
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
        FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ) LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

-- name: analyze
-- What the planner knows of the tables is not in a backup.
ANALYZE;

-- name: size
-- The database's size in bytes.
SELECT pg_database_size(current_database());
