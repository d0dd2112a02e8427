"""How the crawls are doing, as the database knows it: one look, as plain values.

Nothing is written, and nothing is migrated. What an older database does not have yet is left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  (dataclass fields are inspected at run time)
from typing import TYPE_CHECKING, Any, Final

from psycopg import errors
from psycopg.rows import dict_row

from heraldcrawl.monitoring.installation import Job
from heraldcrawl.monitoring.traits import Shares, total
from heraldcrawl.store.locks import RUN_LOCK
from heraldcrawl.store.migrate import migrations
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import LiteralString

    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

_QUERIES: Final = load("status")
_READING: Final = load("reading")
_LEDGER: Final = load("ledger")
_MONITORS: Final = load("monitors")
_ALARMS: Final = load("alarms")

#: Where there are more, the planner's estimate will do.
_COUNTED: Final = 100_000
_USUAL_RUNS: Final = 20
_LATEST_DEAD: Final = 5
#: What an older version's tables lack.
LACKING: Final = (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SpiderRuns:
    """The last runs of a spider."""

    spider: str
    run: int | None  # the last that ended,
    started_at: datetime | None
    finished_at: datetime | None
    reason: str | None
    stats: Mapping[str, Any] | None
    last_finished_at: datetime | None  # when one last came to its end, with nothing left to do
    running: int
    running_since: datetime | None
    silent: int  # runs without an end and without a sign of life: killed, and not noticed yet


@dataclass
class Facts:
    """What one look at a database has found; empty where the database lacks it."""

    version: str = ""  # of PostgreSQL
    now: datetime | None = None
    bytes: int = 0  # of the database
    schema: int = 0
    pending: list[str] = field(default_factory=list)  # migrations
    newer: bool = False  # it was migrated by a newer heraldcrawl
    stories: int = 0
    are_estimated: bool = False
    tables: list[Row] = field(default_factory=list)
    spiders: list[SpiderRuns] = field(default_factory=list)
    shares: dict[str, Shares] = field(default_factory=dict)  # spider -> of its usual runs
    jobs: list[Job] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)  # list -> stories to be fetched
    ledger: list[Row] = field(default_factory=list)
    dead: list[Row] = field(default_factory=list)  # by reason
    latest_dead: list[Row] = field(default_factory=list)
    revisits: Row = field(default_factory=dict)
    pictures: Row = field(default_factory=dict)
    walks: list[Row] = field(default_factory=list)
    alarms: list[Row] = field(default_factory=list)
    archive: Row = field(default_factory=dict)
    pace: list[Row] = field(default_factory=list)
    totals: dict[str, dict[str, float]] = field(default_factory=dict)  # spider -> statistic


def look(connection: Connection) -> Facts:
    """Ask everything that there is to ask."""
    facts = Facts()
    [server] = _rows(connection, _QUERIES["server"])
    facts.version, facts.now, facts.bytes = server["version"], server["now"], server["bytes"]
    facts.version = facts.version.split(" ")[0]
    facts.schema, facts.pending, facts.newer = versions(connection)
    if not facts.schema:
        return facts
    facts.tables = _rows(connection, _QUERIES["tables"])
    _count_stories(connection, facts)
    look_at_runs(connection, facts)
    facts.jobs = [Job(**row) for row in _rows(connection, _MONITORS["jobs"])]
    pending = _rows(connection, _QUERIES["pending"])
    facts.waiting = {row["list"]: row["stories"] for row in pending}
    facts.ledger = _rows(connection, _QUERIES["ledger"])
    facts.dead = _rows(connection, _LEDGER["count_dead_letters"])
    latest = {"count": _LATEST_DEAD}
    facts.latest_dead = _rows(connection, _QUERIES["latest_dead_letters"], latest)
    facts.walks = _rows(connection, _QUERIES["walks"])
    facts.alarms = _rows(connection, _ALARMS["open_alarms"])
    facts.pace = _rows(connection, _QUERIES["pace"])
    facts.revisits = next(iter(_rows(connection, _QUERIES["revisits"])), {})
    facts.pictures = next(iter(_rows(connection, _QUERIES["pictures"])), {})
    facts.archive = next(iter(_rows(connection, _QUERIES["archive"])), {})
    return facts


def versions(connection: Connection) -> tuple[int, list[str], bool]:
    """The schema's version, the migrations that are pending, and whether it is newer than known."""
    known = migrations()
    applied: set[int] = set()
    if _rows(connection, _READING["has_archive"])[0]["yes"]:
        applied = {row["version"] for row in _rows(connection, _QUERIES["migrations"])}
    pending = [f"{n:04}_{known[n][0]}" for n in sorted(known.keys() - applied)]
    return max(applied, default=0), pending, bool(applied - known.keys())


def look_at_runs(connection: Connection, facts: Facts, spider: str | None = None) -> None:
    """Ask for the runs, of one spider or of all."""
    which = {"lock": RUN_LOCK, "spider": spider}
    facts.spiders = [SpiderRuns(**row) for row in _rows(connection, _QUERIES["spiders"], which)]
    for each in facts.spiders:
        usual = {"spider": each.spider, "count": _USUAL_RUNS}
        rows = _rows(connection, _QUERIES["usual_stats"], usual)
        if rows:
            facts.shares[each.spider] = Shares.of(total(row["stats"] for row in rows))
    totals: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for row in _rows(connection, _QUERIES["totals"], {"spider": spider}):
        totals[row["spider"]][row["stat"]] = row["value"]
    facts.totals = dict(totals)


def _count_stories(connection: Connection, facts: Facts) -> None:
    articles = next((row for row in facts.tables if row["name"] == "articles"), None)
    if articles is not None and articles["estimate"] >= _COUNTED:
        facts.stories, facts.are_estimated = articles["estimate"], True
    else:
        facts.stories = sum(row["stories"] for row in _rows(connection, _QUERIES["count_stories"]))


def _rows(
    connection: Connection, statement: LiteralString, which: dict[str, Any] | None = None
) -> list[Row]:
    """Rows by the columns' names; none where the database is too old to have them."""
    try:
        with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement, which).fetchall()
    except LACKING:
        return []
