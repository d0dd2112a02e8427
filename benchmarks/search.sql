-- A large invented archive for benchmarks/search.py.

-- name: vocabulary
-- The n-th word is n times as rare as the first.
CREATE TEMPORARY TABLE vocabulary AS
SELECT row_number() OVER (ORDER BY place, random())::int AS id, word
FROM (
    SELECT place, word FROM unnest(array['korea', 'seoul', 'said', 'north', 'government', 'president',
        'missile', 'launch', 'minister', 'economy']) WITH ORDINALITY common(word, place)
    UNION ALL
    SELECT DISTINCT 1000, translate(substr(md5(n::text), 1, 4 + n % 5), '0123456789', 'oaeiultnrs')
    FROM generate_series(1, 40000) n
) words;

-- name: korean
-- Words of one sentence in fifty.
CREATE TEMPORARY TABLE korean AS
SELECT id::int, word FROM unnest(array['북한', '미사일', '정부', '대통령이', '경제', '서울에서', '핵',
    '발사했다', '회담을', '한국은행']) WITH ORDINALITY words(word, id);

-- name: sentences
-- Twenty words each.
CREATE TEMPORARY TABLE sentences AS
SELECT n AS id, string_agg(coalesce(k.word, v.word), ' ') AS sentence
FROM (
    SELECT n, floor(exp(random() * 10.5))::int AS common, 1 + floor(random() * 10)::int AS korean
    FROM generate_series(1, 16384) n, generate_series(1, 20)
) picked
LEFT JOIN vocabulary v ON v.id = picked.common
LEFT JOIN korean k ON k.id = picked.korean AND n % 50 = 0
GROUP BY n;
CREATE UNIQUE INDEX ON sentences (id) INCLUDE (sentence);
ANALYZE sentences;

-- name: fill
-- So many stories of ten sentences, 180 a day.
INSERT INTO articles (id, url, headline, authors, date_published, breadcrumbs, section,
    article_body, images, keywords, in_language, layout, sources, issues, content_hash, revision,
    first_seen_at, fetched_at, last_seen_at)
SELECT n::text, 'https://www.koreaherald.com/article/' || n, left(h.sentence, 60), '[]',
    '2010-01-01+09'::timestamptz + n * interval '8 minutes', section, section[cardinality(section)],
    body, '[]', '{}', 'en', 'e4', '{}', '{}', md5(n::text), 1, now(), now(), now()
FROM generate_series(1, %(count)s) n
JOIN sentences h ON h.id = 1 + (hashint4(n) & 16383),
LATERAL (SELECT CASE mod(n, 10) WHEN 0 THEN '{National,North Korea}'::text[]
                WHEN 1 THEN '{Business,Retail}' ELSE '{National}' END) sections(section),
LATERAL (SELECT string_agg(sentence, '. ') FROM generate_series(1, 10) k
         JOIN sentences s ON s.id = 1 + (hashint4(n * 16 + k) & 16383)) bodies(body);

-- name: index_definitions
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'search_texts' AND indexname <> 'search_texts_pkey';

-- name: all_waiting
SELECT article_id FROM changes WHERE NOT is_indexed;

-- name: vacuum
VACUUM ANALYZE;

-- name: sizes
SELECT pg_size_pretty(pg_total_relation_size('articles')),
    pg_size_pretty(pg_table_size('search_texts')), pg_size_pretty(pg_indexes_size('search_texts'));

-- name: rare_word
-- A word of a sentence, from the far end of the vocabulary.
SELECT word FROM vocabulary WHERE id > 20000 AND length(word) = 8 ORDER BY id LIMIT 1;

-- name: change
UPDATE articles SET headline = headline || ' again'
WHERE id IN (SELECT (n * 7)::text FROM generate_series(1, %(count)s) n);
