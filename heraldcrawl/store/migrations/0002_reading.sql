-- What readers need: which stories changed when, full-text search, views.

-- Changes ---------------------------------------------------------------------------------------

CREATE TABLE changes (
    article_id text PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    changed_at timestamptz NOT NULL,
    -- The clock cannot tell what an export saw: a change is made before it is committed.
    changed_in xid8        NOT NULL,
    is_indexed boolean     NOT NULL DEFAULT false -- search_texts has it as it is now
);
COMMENT ON TABLE changes IS 'When each story''s row last changed in more than last_seen_at';
INSERT INTO changes (article_id, changed_at, changed_in)
SELECT id, fetched_at, pg_current_xact_id() FROM articles;
CREATE INDEX changes_changed_at ON changes (changed_at);
CREATE INDEX changes_changed_in ON changes (changed_in);
CREATE INDEX changes_not_indexed ON changes (article_id) WHERE NOT is_indexed;

CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (article_id, changed_at, changed_in)
    VALUES (NEW.id, clock_timestamp(), pg_current_xact_id())
    ON CONFLICT (article_id) DO UPDATE SET
        changed_at = excluded.changed_at, changed_in = excluded.changed_in, is_indexed = false;
    RETURN NULL;
END
$$;
CREATE TRIGGER articles_inserted AFTER INSERT ON articles
    FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER articles_changed AFTER UPDATE ON articles
    FOR EACH ROW
    WHEN ((OLD.url, OLD.headline, OLD.alternative_headline, OLD.authors, OLD.source_organization,
           OLD.date_published, OLD.date_modified, OLD.breadcrumbs, OLD.section, OLD.description,
           OLD.article_body, OLD.images, OLD.keywords, OLD.in_language, OLD.layout, OLD.sources,
           OLD.issues, OLD.content_hash, OLD.duplicate_of, OLD.revision, OLD.first_seen_at,
           OLD.fetched_at)
          IS DISTINCT FROM
          (NEW.url, NEW.headline, NEW.alternative_headline, NEW.authors, NEW.source_organization,
           NEW.date_published, NEW.date_modified, NEW.breadcrumbs, NEW.section, NEW.description,
           NEW.article_body, NEW.images, NEW.keywords, NEW.in_language, NEW.layout, NEW.sources,
           NEW.issues, NEW.content_hash, NEW.duplicate_of, NEW.revision, NEW.first_seen_at,
           NEW.fetched_at))
    EXECUTE FUNCTION record_change();

-- Search ----------------------------------------------------------------------------------------

-- Filled by a job of its own from what changes tells, for a story should not wait for it.
CREATE TABLE search_texts (
    article_id     text PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    date_published timestamptz,
    breadcrumbs    text[]   NOT NULL,
    headline       tsvector NOT NULL,
    words          tsvector NOT NULL -- A headline, B subtitle and keywords, C names, D body
);
COMMENT ON TABLE search_texts IS 'The words of the stories, for search_stories()';
CREATE INDEX search_texts_date_published
    ON search_texts ((coalesce(date_published, '-infinity')) DESC);
CREATE INDEX search_texts_headline ON search_texts USING gin (headline, breadcrumbs);
CREATE INDEX search_texts_words ON search_texts USING gin (words, breadcrumbs);

-- A Korean word carries its particles and joins others without a blank, so any two syllables that
-- stand together are a word of the index, and so is a word's last syllable: 미사일이 is 미사 사일
-- 일이 이. Every part of a word can then be found. Hanja likewise; other scripts stay as they are.
CREATE FUNCTION search_syllables(string text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN string ~ '[가-힣一-鿿]' THEN
    regexp_replace(
        regexp_replace(
            regexp_replace(string, '([A-Za-z0-9])(?=[가-힣一-鿿])', '\1 ', 'g'),
            '([가-힣一-鿿])(?=[A-Za-z0-9])', '\1 ', 'g'),
        '(?<=[가-힣一-鿿])([가-힣一-鿿])', '\1 \1', 'g')
    ELSE string END;
COMMENT ON FUNCTION search_syllables IS 'A text with its Korean words in pairs of syllables';

CREATE FUNCTION search_query(words text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    part text;
    token text;
    written text := '';
    is_phrase boolean := false;
BEGIN
    FOREACH part IN ARRAY string_to_array(words, '"') LOOP
        IF is_phrase THEN
            -- Particles may follow the last word, so its last syllable may be any pair's first.
            written := written || '"'
                || regexp_replace(search_syllables(part), '([가-힣一-鿿]) \1\s*$', '\1') || '"';
        ELSE
            FOR token IN SELECT (regexp_matches(part, '[가-힣一-鿿]+|[^가-힣一-鿿]+', 'g'))[1] LOOP
                IF written ~ '[[:alnum:]"]$' THEN
                    written := written || ' ';
                END IF;
                IF token ~ '^[가-힣一-鿿]{2}' THEN
                    token := '"' || regexp_replace(search_syllables(token), ' .$', '') || '"';
                END IF;
                written := written || token;
            END LOOP;
        END IF;
        is_phrase := NOT is_phrase;
    END LOOP;
    RETURN regexp_replace(
        websearch_to_tsquery('pg_catalog.english', written)::text,
        '''([가-힣一-鿿])''', '''\1'':*', 'g')::tsquery;
END
$$;
COMMENT ON FUNCTION search_query IS
    'What is searched for: words, "a phrase", -without, or; in English and Korean';

CREATE FUNCTION search_snippet(string text, words text, start_mark text, stop_mark text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    marks text := format('StartSel="%s", StopSel="%s"',
        replace(start_mark, '"', '""'), replace(stop_mark, '"', '""'));
    latin constant text := regexp_replace(words, '-?"?[가-힣一-鿿]+', ' ', 'g');
    english constant tsquery := CASE WHEN latin ~ '[[:alnum:]]'
        THEN websearch_to_tsquery('pg_catalog.english', latin) ELSE '' END;
    korean text;
    place integer;
BEGIN
    string := regexp_replace(left(string, 60000), '\s+', ' ', 'g');
    SELECT string_agg(term[2], '|') INTO korean
    FROM regexp_matches(words, '(-"?)?([가-힣一-鿿]+)', 'g') term WHERE term[1] IS NULL;
    place := regexp_instr(string, korean);
    IF korean IS NULL OR place = 0 THEN
        RETURN ts_headline('pg_catalog.english', string, english, marks
            || CASE WHEN length(string) < 240 THEN ', HighlightAll=true'
                ELSE ', MaxFragments=2, MinWords=8, MaxWords=20, FragmentDelimiter=" … "' END);
    END IF;
    string := CASE WHEN place > 60 THEN '… ' ELSE '' END
        || substr(string, greatest(1, place - 60), 180)
        || CASE WHEN length(string) > place + 120 THEN ' …' ELSE '' END;
    IF numnode(english) > 0 THEN
        string := ts_headline('pg_catalog.english', string, english, marks || ', HighlightAll=true');
    END IF;
    RETURN regexp_replace(string, '(' || korean || ')',
        replace(start_mark, '\', '\\') || '\1' || replace(stop_mark, '\', '\\'), 'g');
END
$$;
COMMENT ON FUNCTION search_snippet IS 'The places of a text that a search found, marked';

-- Always true, and dear: to look at a story's words means to fetch them from afar, which the planner
-- does not reckon with. Without this it would read all of them in search of a rare word.
CREATE FUNCTION search_fetches(article_id text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 2000 AS $$ BEGIN RETURN true; END $$;

-- Of any number of stories, the newest thousand with the words in the headline and the newest
-- thousand with them anywhere are ranked: as many as anybody looks at, in the same time always. The
-- index does not know where in a text a word stands, so a phrase is looked for in the newest ten
-- thousand stories that have all its words; should that be too few, a notice says so.
CREATE FUNCTION search_stories(
    words text,
    path text[] DEFAULT NULL,
    since date DEFAULT NULL,
    until date DEFAULT NULL,
    most integer DEFAULT 10,
    start_mark text DEFAULT '**',
    stop_mark text DEFAULT '**')
RETURNS TABLE (rank real, id text, url text, date_published timestamptz, section text,
    headline text, snippet text)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    -- Planned anew for each search: which index is best depends on how common the words are.
    candidates constant text := $statement$
        SELECT t.article_id, t.words, coalesce(t.date_published, '-infinity') AS published
        FROM search_texts t
        WHERE t.%I @@ $1 AND search_fetches(t.article_id)
          -- In this form the planner takes it for as likely as not, and else for next to never.
          AND ($2 IS NULL OR t.breadcrumbs @> $2
               AND CASE t.breadcrumbs[1:cardinality($2)] WHEN $2 THEN true ELSE false END)
          AND ($3 IS NULL OR coalesce(t.date_published, '-infinity') >= $3)
          AND ($4 IS NULL OR coalesce(t.date_published, '-infinity') < $4)
        ORDER BY published DESC $statement$;
    found constant text := 'SELECT article_id FROM (SELECT * FROM (%s LIMIT $5) c'
        ' WHERE words @@ $6 ORDER BY published DESC LIMIT $7) f';
    query constant tsquery := search_query(words);
    has_phrase constant boolean := query::text ~ '<';
    indexed tsquery := query; -- what the index can tell
    first constant timestamptz := since::timestamp AT TIME ZONE 'Asia/Seoul';
    last constant timestamptz := (until + 1)::timestamp AT TIME ZONE 'Asia/Seoul';
    considered constant integer := greatest(1000, most);
    examined constant integer := CASE WHEN has_phrase THEN 10 ELSE 1 END * considered;
    ids text[];
    oldest timestamptz;
BEGIN
    IF has_phrase AND querytree(query) <> 'T' THEN
        indexed := regexp_replace(querytree(query), '<(-|\d+)>', '&', 'g')::tsquery;
    END IF;
    EXECUTE format('SELECT array_agg(article_id) FROM (%s UNION %s) either',
            format(found, format(candidates, 'headline')), format(found, format(candidates, 'words')))
        INTO ids USING indexed, path, first, last, examined, query, considered;
    IF has_phrase AND coalesce(cardinality(ids), 0) < considered THEN
        EXECUTE format('SELECT published FROM (%s OFFSET $5 - 1 LIMIT 1) c',
                format(candidates, 'words'))
            INTO oldest USING indexed, path, first, last, examined;
        IF oldest IS NOT NULL THEN
            RAISE NOTICE 'the phrase was looked for in stories since % only',
                (oldest AT TIME ZONE 'Asia/Seoul')::date
                USING HINT = 'Search the time before with until.';
        END IF;
    END IF;
    RETURN QUERY
        WITH shown AS MATERIALIZED (
            SELECT t.article_id, ts_rank(t.words, query, 1) AS rank
            FROM search_texts t WHERE t.article_id = ANY(ids)
            ORDER BY 2 DESC, coalesce(t.date_published, '-infinity') DESC, 1
            LIMIT most
        )
        SELECT s.rank, a.id, a.url, a.date_published, a.section,
            a.headline, search_snippet(a.article_body, words, start_mark, stop_mark)
        FROM shown s JOIN articles a ON a.id = s.article_id
        ORDER BY s.rank DESC, coalesce(a.date_published, '-infinity') DESC, a.id;
END
$$;
COMMENT ON FUNCTION search_stories IS
    'Stories with these words, the best first: words, "a phrase", -without, or';

-- Views -----------------------------------------------------------------------------------------

CREATE VIEW stories_by_day AS
SELECT (date_published AT TIME ZONE 'Asia/Seoul')::date AS day, breadcrumbs, section,
    count(*) AS stories,
    count(*) FILTER (WHERE duplicate_of IS NULL) AS originals
FROM articles
GROUP BY 1, 2, 3;
COMMENT ON VIEW stories_by_day IS 'How many stories a day in Korea and a section';

CREATE VIEW wires_by_month AS
SELECT date_trunc('month', date_published AT TIME ZONE 'Asia/Seoul')::date AS month,
    breadcrumbs[1] AS top_section, source_organization, count(*) AS stories,
    round(count(*) / sum(count(*)) OVER (
        PARTITION BY date_trunc('month', date_published AT TIME ZONE 'Asia/Seoul'), breadcrumbs[1]
    ), 4) AS share
FROM articles
GROUP BY date_trunc('month', date_published AT TIME ZONE 'Asia/Seoul'), breadcrumbs[1],
    source_organization;
COMMENT ON VIEW wires_by_month IS
    'The share of each wire, and of the staff (null), in a month''s stories of a top section';

CREATE VIEW bylines AS
SELECT a.id, a.date_published, a.breadcrumbs, a.section, author->>'name' AS name,
    author->>'email' AS email, place::integer AS place, a.headline
FROM articles a, jsonb_array_elements(a.authors) WITH ORDINALITY AS listed(author, place);
COMMENT ON VIEW bylines IS 'One row for each person that signed a story';

CREATE VIEW authors AS
SELECT name, array_agg(DISTINCT email) FILTER (WHERE email IS NOT NULL) AS emails,
    count(*) AS stories,
    min(date_published AT TIME ZONE 'Asia/Seoul')::date AS first_day,
    max(date_published AT TIME ZONE 'Asia/Seoul')::date AS last_day,
    mode() WITHIN GROUP (ORDER BY section) AS usual_section
FROM bylines
GROUP BY name;
COMMENT ON VIEW authors IS 'Who wrote how much, when, and mostly where';

CREATE VIEW edits AS
SELECT r.article_id, r.revision, r.fetched_at AS seen_at,
    r.fetched_at - r.date_published AS after_publication,
    r.reason, r.section, b.headline AS headline_before, r.headline,
    b.headline <> r.headline AS is_new_headline,
    b.article_body <> r.article_body AS is_new_body,
    length(r.article_body) - length(b.article_body) AS characters_more
FROM revisions r
JOIN revisions b ON b.article_id = r.article_id AND b.revision = r.revision - 1;
COMMENT ON VIEW edits IS 'Each change of a story''s text after it was first stored';

CREATE VIEW duplicates AS
SELECT a.duplicate_of AS original_id, a.id, o.content_hash = a.content_hash AS is_same_text,
    a.date_published - o.date_published AS later_by, o.section AS original_section, a.section,
    o.headline AS original_headline, a.headline, a.source_organization
FROM articles a JOIN articles o ON o.id = a.duplicate_of;
COMMENT ON VIEW duplicates IS 'Stories with the text of an earlier one';
