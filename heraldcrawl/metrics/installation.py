"""Metrics of the installation: the database, the ledger, the page archive, the disk, the alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from prometheus_client import Metric

    from heraldcrawl.status.report import Report
    from heraldcrawl.store.status import Facts


def of_installation(report: Report) -> Iterator[Metric]:
    """Everything that is no run's; of a database that is away, that it is."""
    versions = {**report.versions, "schema": str(report.facts.schema or "")}
    names = ("heraldcrawl", "scrapy", "postgresql", "schema")
    build = GaugeMetricFamily("heraldcrawl_build_info", "Versions; always 1.", labels=names)
    build.add_metric([versions.get(name, "") for name in names], 1)
    yield build
    yield _one("disk_free_bytes", "Free under HERALD_HOME.", report.disk.free_bytes)
    yield _one("disk_size_bytes", "Size of that disk.", report.disk.total_bytes)
    is_up = report.database is None
    yield _one("database_up", "1 where the database can be used.", int(is_up))
    if is_up:
        yield from _database(report.facts)
        yield from _ledger(report.facts)
        yield from _archive(report.facts)
        yield from _alarms(report.facts)


def _database(facts: Facts) -> Iterator[Metric]:
    yield _one("database_size_bytes", "Size of the database.", facts.bytes)
    tables = ((row["name"], row["bytes"]) for row in facts.tables)
    yield _many("table_size_bytes", "Size of a table with its indexes.", "table", tables)
    yield _one("migrations_pending", "Migrations that were not applied yet.", len(facts.pending))
    yield _one("stories_stored", "Stored stories; where many, estimated.", facts.stories)
    pace = ((row["host"], row["seconds"]) for row in facts.pace)
    words = "How far ahead the turns at the site are given away."
    yield _many("turns_ahead_seconds", words, "host", pace)


def _ledger(facts: Facts) -> Iterator[Metric]:
    states = {
        state: sum(row["stories"] for row in facts.ledger if row["state"] == state)
        for state in ("waiting", "dead", "elsewhere")
    }
    yield _many("ledger_stories", "Stories in the ledger.", "state", states.items())
    due = sum(row["due"] for row in facts.ledger)
    yield _one("ledger_due_stories", "Of those that wait, those that are due.", due)
    leased = sum(row["leased"] for row in facts.ledger)
    yield _one("ledger_leased_stories", "Stories that are being fetched.", leased)
    words = "Stories that a list has shown and that are still to be fetched."
    yield _many("list_waiting_stories", words, "list", facts.waiting.items())
    dead = ((row["reason"], row["stories"]) for row in facts.dead)
    yield _many("dead_letters", "Stories that failed for good.", "reason", dead)
    scheduled = facts.revisits.get("scheduled", 0)
    yield _one("revisits_scheduled", "Stories that will be looked at again.", scheduled)
    words = "Those that are due, and in no run's hands."
    yield _one("revisits_due", words, facts.revisits.get("due", 0))
    waiting = facts.pictures.get("waiting", 0)
    yield _one("pictures_waiting", "Pictures that are still to be fetched.", waiting)
    yield _one("walks_open", "Walks that have not come to their end.", len(facts.walks))


def _archive(facts: Facts) -> Iterator[Metric]:
    for name in ("files", "bytes", "captures"):
        words = f"{name.capitalize()} of the page archive, wherever they lie."
        yield _one(f"archive_{name}", words, facts.archive.get(name, 0))


def _alarms(facts: Facts) -> Iterator[Metric]:
    alarms = GaugeMetricFamily(
        "heraldcrawl_alarm", "An open alarm; always 1.", labels=["key", "accepted"]
    )
    for row in facts.alarms:
        alarms.add_metric([row["key"], str(row["accepted_at"] is not None).lower()], 1)
    yield _one("alarms_open", "Open alarms.", len(facts.alarms))
    yield alarms


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"heraldcrawl_{name}", words, value=value)


def _many(name: str, words: str, label: str, values: Iterable[tuple[Any, float]]) -> Metric:
    family = GaugeMetricFamily(f"heraldcrawl_{name}", words, labels=[label])
    for of, value in values:
        family.add_metric([str(of)], value)
    return family
