-- One rate for all crawls.

-- name: take_turn
-- The next turn at a host is ours: how many seconds from now, by the one clock that all crawls share.
INSERT INTO pace AS p (host, next_at)
VALUES (%(host)s, clock_timestamp() + make_interval(secs => %(delay)s))
ON CONFLICT (host) DO UPDATE
    SET next_at = greatest(p.next_at, clock_timestamp()) + make_interval(secs => %(delay)s)
RETURNING extract(epoch FROM next_at - clock_timestamp())::float8 - %(delay)s AS seconds;
