"""Every setting of the project, grouped; Scrapy's own default stands beside what we override.

A setting marked ENV is also read from the environment under the same name; ``-s NAME=VALUE`` wins.
Switches take 1, true, yes and on there, and 0, false, no and off.
What follows from other settings (feeds, replay, the browser) is derived in ``addon.py``.
"""

from __future__ import annotations

import importlib.util
import os

from heraldcrawl.environment import switch

BOT_NAME = "heraldcrawl"
SPIDER_MODULES = ["heraldcrawl.spiders"]
NEWSPIDER_MODULE = "heraldcrawl.spiders"
COMMANDS_MODULE = "heraldcrawl.commands"
ADDONS = {"heraldcrawl.addon.Heraldcrawl": 100}

# Where things are ---------------------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL", "")  # ENV; empty: embedded, HERALD_HOME/postgres
DATABASE_URL_FILE = os.environ.get("DATABASE_URL_FILE", "")  # ENV; a private file with that URL
HERALD_HOME = os.environ.get("HERALD_HOME", "data")  # ENV; database, page archive, feeds, logs
SITE_URL = os.environ.get("SITE_URL", "https://www.koreaherald.com")  # ENV; root of every request
REPLAY = os.environ.get("REPLAY", "")  # ENV; WARC files, globs allowed, that answer every request

# Where scrapy schedule finds Scrapyd. Its name and password are no settings, for those are logged:
# SCRAPYD_USERNAME and SCRAPYD_PASSWORD (or SCRAPYD_PASSWORD_FILE) of the environment.
_PORT = os.environ.get("SCRAPYD_HTTP_PORT", "6800")  # as Scrapyd itself reads it
SCRAPYD_URL = os.environ.get("SCRAPYD_URL", f"http://127.0.0.1:{_PORT}")  # ENV

# Who we are: one identity, with somebody to write to ----------------------------------------------
CONTACT = os.environ.get("CONTACT", "https://github.com/heraldcrawl/heraldcrawl")  # ENV
# USER_AGENT is "heraldcrawl/<version> (+CONTACT)" unless somebody sets another.
ROBOTSTXT_OBEY = True  # Scrapy: False
ROBOTSTXT_USER_AGENT = "heraldcrawl"
COOKIES_ENABLED = False  # Scrapy: True; the site needs none, and they would tell us apart

# How gently: one request at a time and a second apart, slower when the site is slow ---------------
CONCURRENT_REQUESTS = 2  # Scrapy: 16; few, so that a stopped crawl stops soon
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # Scrapy: 8
DOWNLOAD_DELAY = 1.0  # seconds, between the requests of all crawls of a database; Scrapy: 0
DOWNLOAD_DELAY_JITTER = 0  # Scrapy: 0.5; the crawls take turns, so that none comes too early
AUTOTHROTTLE_ENABLED = True  # Scrapy: False
AUTOTHROTTLE_START_DELAY = 1.0  # seconds; Scrapy: 5
AUTOTHROTTLE_MAX_DELAY = 60.0  # seconds
DOWNLOAD_TIMEOUT = 60  # seconds; Scrapy: 180
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024  # bytes; Scrapy: 1 GiB; no page of a newspaper is larger
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024  # bytes; Scrapy: 32 MiB
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy: False
METAREFRESH_ENABLED = False  # Scrapy: True; a page that refreshes itself is no redirect
REDIRECT_MAX_TIMES = 5  # Scrapy: 20
RETRY_TIMES = 2  # then the story waits in the ledger for a later run
BLOCK_LIMIT = 5  # so many refusals (403, 429, challenge pages) in a row end the crawl
DATABASE_PATIENCE_SECONDS = 300  # a database that stays away longer ends the crawl
DATABASE_SILENCE_SECONDS = 30  # a database that does not answer for so long is away

# The page archive: every response, as WARC files under HERALD_HOME/archive ----------------------
ARCHIVE_ENABLED = True  # without it a page that was read wrongly has to be fetched again
ARCHIVE_FILE_BYTES = 1024**3  # a file ends before it would grow larger

# How deep: a walk ends at the first list page that an earlier one had passed ----------------------
DEEP_WALK_DAYS = 7  # but once in so many days it goes on, for stories that appeared late,
DEEP_WALK_PAGES = 20  # until it has seen so many list pages without anything new

# How often: a story's age in hours when its page is looked at again, then no more -----------------
REVISIT_HOURS = [1, 6, 24, 168]  # empty: never

# What a failing story costs -----------------------------------------------------------------------
STORY_ATTEMPTS = 5  # then it is a dead letter
LEASE_SECONDS = 600  # how long a crawl that hangs keeps stories and its walk from the others

# Pictures of the stories, by Scrapy's ImagesPipeline, under HERALD_HOME/images --------------------
PICTURES = switch("PICTURES")  # ENV; fetch them, one after the other
PICTURES_MAXSIZE = 32 * 1024 * 1024  # bytes; a larger one is refused

# The browser, for a page in which no reader found a story -----------------------------------------
BROWSER_PAGES = 20  # at most so many a run; 0 switches the browser off
BROWSER_EXECUTABLE = os.environ.get("BROWSER_EXECUTABLE", "")  # ENV; empty: found by itself

# Who hears of trouble: any of these ways, else the log and the table of alarms --------------------
ALARM_WEBHOOK = os.environ.get("ALARM_WEBHOOK", "")  # ENV; secret; POSTed to, Slack's or another
ALARM_WEBHOOK_FILE = os.environ.get("ALARM_WEBHOOK_FILE", "")  # ENV; a private file with it
ALARM_WEBHOOK_FORMAT = os.environ.get("ALARM_WEBHOOK_FORMAT", "slack")  # ENV; slack or json
ALARM_SMTP = os.environ.get("ALARM_SMTP", "")  # ENV; secret; smtp(s)://user:password@host:port
ALARM_SMTP_FILE = os.environ.get("ALARM_SMTP_FILE", "")  # ENV; a private file with it
ALARM_MAIL_TO = os.environ.get("ALARM_MAIL_TO", "")  # ENV; addresses, separated by commas
ALARM_MAIL_FROM = os.environ.get("ALARM_MAIL_FROM", "")  # ENV; empty: the mail server's user
ALARM_COMMAND = os.environ.get("ALARM_COMMAND", "")  # ENV; a program and its arguments, no shell
ALARM_SECONDS = 60  # judging and telling hold up the end of a crawl for no longer
ALARM_DISK_FREE = 2 * 1024**3  # bytes; PostgreSQL stops when there are none

# What programs read of it ------------------------------------------------------------------------
METRICS_TEXTFILE = os.environ.get(
    "METRICS_TEXTFILE", ""
)  # ENV; folder of node_exporter's textfiles
LOG_JSON = switch("LOG_JSON")  # ENV; each line of the log as JSON
# Statistics of runs that read no story are kept so long (scrapy db prune): more than the 60 days
# that the monitors look back.
RUN_STATS_DAYS = 90

# The machinery ------------------------------------------------------------------------------------
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ASYNCIO_EVENT_LOOP = "uvloop.Loop" if importlib.util.find_spec("uvloop") else None
CONCURRENT_ITEMS = 1  # Scrapy: 100; so many tasks a response, and no response has two items
# Bytes of pages in the works, at which no more are fetched; Scrapy: 5 MB, which may be fewer pages
# than share a transaction, so that a fast crawl would stand still until that is committed.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 16 * 1024 * 1024
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the ledger knows what was fetched
TELNETCONSOLE_ENABLED = False  # Scrapy: True
REMOTE_CONTROL_ENABLED = False  # Scrapy: True; runs code sent to a local port
LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO")  # ENV; Scrapy: DEBUG
LOGSTATS_INTERVAL = 60.0  # seconds
STATS_DUMP = False  # Scrapy: True; the table of runs keeps them

SPIDER_MIDDLEWARES = {  # Scrapy's that every item would pass in vain
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # no address grows on the way
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # the walk knows where it is
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # nothing copies meta
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # no spider has a password
    "heraldcrawl.middlewares.SiteRoot": 25,  # before robots.txt and offsite look at the address
    "heraldcrawl.conditional.ConditionalRequests": 30,  # the address is final by now
    "heraldcrawl.middlewares.Refusals": 560,  # sees a refusal before the retry middleware (550)
    "heraldcrawl.middlewares.OffsiteRedirects": 650,  # before the redirect middleware (600) follows
    # As it came: before anything decompresses it (590), follows it, retries it or refuses it.
    "heraldcrawl.archive.middleware.ArchiveMiddleware": 800,
}
ITEM_PIPELINES = {
    "heraldcrawl.pipelines.check.CheckPipeline": 100,  # first: what follows may trust the item
    "heraldcrawl.pipelines.count.CountPipeline": 800,  # what was read, stored or not
    "heraldcrawl.pipelines.store.StorePipeline": 900,  # last: what is stored is what is exported
}
FEED_EXPORTERS = dict.fromkeys(
    ("jsonlines", "jsonl", "jl"), "heraldcrawl.exporters.StoryLinesExporter"
)
EXTENSIONS = {
    "heraldcrawl.extensions.database.Database": 10,  # first: spiders and pipelines use its store
    "heraldcrawl.extensions.logs.JsonLogs": 20,
    "heraldcrawl.extensions.monitors.Monitors": 20,
    "heraldcrawl.extensions.metrics.Metrics": 30,
    "heraldcrawl.extensions.progress.Progress": 500,
    "heraldcrawl.extensions.search.SearchIndex": 600,
}
