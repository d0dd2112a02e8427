-- How complete the archive is: what was announced, and what became of it.

-- name: count
-- What is known of the sections at and below a path.
SELECT section, month, state, reason, stories, only_here
FROM count_stories(%(since)s, %(until)s)
WHERE section[1:cardinality(%(path)s::text[])] = %(path)s;

-- name: unstored
-- The stories themselves, the latest first.
SELECT article_id
FROM unstored_stories
WHERE state = ANY(%(states)s)
  AND section[1:cardinality(%(path)s::text[])] = %(path)s
  AND (%(since)s::date IS NULL OR day >= %(since)s)
  AND (%(until)s::date IS NULL OR day <= %(until)s)
ORDER BY day DESC NULLS LAST, article_id DESC;

-- name: walks
-- How far each list was read without a gap. A walk that was finished had come to the list's end; of
-- one under way the page counts whose newest story is oldest, as an old story may stand on any page.
-- What a page announced first was recorded at one time.
WITH walk AS (
    SELECT list, max(finished_at) AS finished_at,
        max(next_page) FILTER (WHERE finished_at IS NULL) AS next_page
    FROM walks GROUP BY list
), page AS (
    SELECT list, min(date_published) AS oldest, max(date_published) AS newest
    FROM listings WHERE walk_id IS NOT NULL AND list = ANY(%(lists)s) GROUP BY list, first_seen_at
), reach AS (
    SELECT list, min(oldest) AS oldest, min(newest) AS newest FROM page GROUP BY list
)
SELECT list, finished_at, next_page,
    left(CASE WHEN finished_at IS NULL THEN newest ELSE oldest END, 10)::date AS back_to
FROM walk LEFT JOIN reach USING (list)
WHERE list = ANY(%(lists)s);
