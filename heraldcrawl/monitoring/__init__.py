"""What a run's numbers say beside those of the runs before it, and who hears of it.

Numbers in, alarms out: the judges are plain functions over plain values, so that a hundred days of
runs can be tried in seconds. The extension and ``scrapy alarms`` bring them what the database has.
Not spidermon: it knows no earlier runs, holds no repeats back and announces no recovery.
"""
