-- Signatures for benchmarks/duplicates.py, of the stories that benchmarks/fill.sql has made.

-- name: sign
-- Any two of them have one of the 20 bands in common as often as two real stories on different things
-- do (six times in a million), and nothing else.
INSERT INTO signatures (article_id, words, bits, bands)
SELECT id, 100 + (hashtext(id) & 255),
    ('x' || md5(id || 1) || md5(id || 2) || md5(id || 3) || md5(id || 4) || md5(id || 5))::bit(640),
    ARRAY(
        SELECT hashint8(band * 10000000 + floor(random() * 3500000)::bigint)
        FROM generate_series(1, 20) band
        WHERE id <> '') -- so that they are others for each story
FROM articles;

-- name: index_definitions
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'signatures' AND indexname <> 'signatures_pkey';

-- name: plant
-- Stories of the archive that have a band in common with one that is still to come.
WITH planted AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS p(id text, place int, band int, bits bit(640))
)
UPDATE signatures s SET bands[p.place] = p.band, bits = coalesce(p.bits, s.bits)
FROM planted p WHERE s.article_id = p.id;

-- name: sizes
SELECT count(*), pg_table_size('signatures')::float / count(*),
    pg_indexes_size('signatures')::float / count(*),
    pg_table_size('articles')::float / count(*)
FROM signatures;
