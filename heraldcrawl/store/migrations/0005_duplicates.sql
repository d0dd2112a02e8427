-- Near-duplicates: signatures to find them by, and what analysts ask of them.

CREATE TABLE signatures (
    article_id    text NOT NULL,
    words         integer,  -- how many the text has, without dateline and credits
    bits          bit(640), -- how many differ tells how far two texts are apart; null for short ones
    bands         integer[], -- texts with one in common may be copies; null: not computed yet
    from_original real,     -- of a copy: share of its words that stand in the original
    of_original   real      -- of a copy: share of the original's words that stand in it
) WITH (fillfactor = 90); -- what a copy shares is told in place
COMMENT ON TABLE signatures IS 'By what near copies of a story''s text are found';
INSERT INTO signatures (article_id) SELECT id FROM articles; -- computed by a job of its own
-- After the rows: checked at once, not one by one.
ALTER TABLE signatures ADD PRIMARY KEY (article_id),
    ADD FOREIGN KEY (article_id) REFERENCES articles ON DELETE CASCADE;
CREATE INDEX signatures_missing ON signatures (article_id) WHERE bands IS NULL;
-- A list of what is to be entered yet would have to be read by every search.
CREATE INDEX signatures_bands ON signatures USING gin (bands) WITH (fastupdate = off)
    WHERE bands IS NOT NULL;
DROP INDEX articles_content_hash; -- which found exact copies only
CREATE INDEX articles_duplicate_of ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- In a table that is still small the planner would rather compare each with all others; in a large one
-- it reckons with thousands of candidates where there are six, and would prepare for them at length.
CREATE FUNCTION similar_signatures(ids text[]) RETURNS TABLE (id text, similar_id text)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0 AS $$
BEGIN
    RETURN QUERY
        SELECT s.article_id, c.article_id
        FROM signatures s CROSS JOIN LATERAL (
            SELECT o.article_id
            FROM signatures o
            WHERE o.bands && s.bands AND o.article_id <> s.article_id
              AND (s.bits IS NULL AND o.bits IS NULL
                   OR bit_count(o.bits # s.bits) <= 190 -- two in five pairs of words in common
                      AND 2 * least(o.words, s.words) >= greatest(o.words, s.words))
            ORDER BY bit_count(o.bits # s.bits), o.article_id COLLATE "C"
            LIMIT 30 -- as long as they have fewer, what is found depends on the texts alone
        ) c
        WHERE s.article_id = ANY(ids);
END
$$;
COMMENT ON FUNCTION similar_signatures IS
    'Stories that may be copies of these or their originals, the most similar thirty of each';

CREATE OR REPLACE VIEW duplicates AS
SELECT a.duplicate_of AS original_id, a.id, o.content_hash = a.content_hash AS is_same_text,
    a.date_published - o.date_published AS later_by, o.section AS original_section, a.section,
    o.headline AS original_headline, a.headline, a.source_organization,
    s.from_original, s.of_original
FROM articles a
JOIN articles o ON o.id = a.duplicate_of
LEFT JOIN signatures s ON s.article_id = a.id;
COMMENT ON VIEW duplicates IS 'Stories with the text of an earlier one, or nearly so';

CREATE VIEW duplicate_groups AS
SELECT o.id AS original_id, o.headline, o.section, o.source_organization,
    1 + count(*) AS stories,
    o.date_published AS first_published,
    max(a.date_published) AS last_published,
    array_agg(a.id ORDER BY a.date_published, a.id) AS copies,
    (SELECT array_agg(DISTINCT wire ORDER BY wire) FROM unnest(
        array_append(array_agg(a.source_organization), o.source_organization)) wire
        WHERE wire IS NOT NULL) AS wires,
    (SELECT array_agg(DISTINCT name ORDER BY name) FROM unnest(
        array_append(array_agg(a.section), o.section)) name WHERE name IS NOT NULL) AS sections,
    count(*) FILTER (WHERE s.from_original = 1 AND s.of_original = 1) AS same_words,
    min(least(s.from_original, s.of_original)) AS least_in_common
FROM articles a
JOIN articles o ON o.id = a.duplicate_of
LEFT JOIN signatures s ON s.article_id = a.id
GROUP BY o.id;
COMMENT ON VIEW duplicate_groups IS 'Each original that has copies, and how near they are to it';
