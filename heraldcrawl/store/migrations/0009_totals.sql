-- What all runs have counted together, so that no reader of numbers adds up all runs that ever were.

CREATE TABLE totals (
    spider text  NOT NULL,
    stat   text  NOT NULL, -- a run's statistic, or runs/<reason>
    value  float8 NOT NULL,
    PRIMARY KEY (spider, stat)
);
COMMENT ON TABLE totals IS 'Sums of what all runs of a spider counted, each added when the run ends';

INSERT INTO totals
SELECT spider, key, sum(value::text::float8) FROM runs, jsonb_each(stats)
WHERE jsonb_typeof(value) = 'number'
  AND key ~ ('^(story|list|feed|layout|evidence|issue|latency|refused|revisit|retry|archive|browser'
      '|picture)/'
      '|^downloader/(request_count|response_count|response_bytes|exception_count)$'
      '|^elapsed_time_seconds$')
  AND key NOT IN ('list/deepest', 'retry/max_reached', 'picture/waiting')
GROUP BY 1, 2
UNION ALL
SELECT spider, 'runs/' || reason, count(*) FROM runs WHERE reason IS NOT NULL GROUP BY 1, 2;
