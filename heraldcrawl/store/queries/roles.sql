-- Roles with as few rights as their work needs. {role} is a name, {schema} where the tables are. Each
-- may be done again, and must be after a migration that an older heraldcrawl's grants did not foresee.

-- name: place
-- The database, the schema of the tables, and whether this user may make roles.
SELECT current_database(), n.nspname, r.rolcreaterole OR r.rolsuper
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_roles r
WHERE c.oid = to_regclass('articles') AND r.rolname = current_user;

-- name: exists
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s);

-- name: has_more
-- What a role of least privilege must not be: more than ours to command, or the tables' owner.
SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
    OR EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass('articles') AND c.relowner = r.oid)
FROM pg_roles r WHERE r.rolname = %(role)s;

-- name: create
-- Without a password nobody can log in from elsewhere before one is set.
CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- name: revoke_all
-- What an earlier grant gave.
REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON TABLES FROM {role};
REVOKE ALL ON SCHEMA {schema} FROM {role};

-- name: reader
-- Reads everything, what later migrations add as well, and writes nothing.
GRANT CONNECT ON DATABASE {database} TO {role};
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role};
ALTER ROLE {role} IN DATABASE {database} SET default_transaction_read_only = on;

-- name: crawler
-- Adds stories, texts and progress, and changes what may change. It deletes no more than what is done
-- with (the ledger, the revisits, files that were packed), changes no text of the past, and migrates
-- nothing.
GRANT CONNECT ON DATABASE {database} TO {role};
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schema} TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE ON TABLES TO {role};
GRANT DELETE ON ledger, revisits, archive_files TO {role};
REVOKE UPDATE ON revisions FROM {role};
REVOKE INSERT, UPDATE ON migrations FROM {role};
ALTER ROLE {role} IN DATABASE {database} RESET default_transaction_read_only;
