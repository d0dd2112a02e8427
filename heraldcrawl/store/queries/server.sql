-- What is asked of the server itself.

-- name: suitability
-- What decides whether the archive can live here. Who may create nothing needs all of it made.
SELECT current_setting('server_version_num')::int / 10000,
       current_setting('server_encoding'),
       current_setting('transaction_read_only')::boolean,
       to_regclass('articles') IS NOT NULL
           OR coalesce(has_schema_privilege(current_schema(), 'CREATE'), false);

-- name: size
-- The database's size in bytes.
SELECT pg_database_size(current_database());
