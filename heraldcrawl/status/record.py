"""The report as programs take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heraldcrawl.monitoring.habits import JobHabit
from heraldcrawl.status.numbers import counted, evidence, never_run

if TYPE_CHECKING:
    from collections.abc import Collection

    from heraldcrawl.status.report import Report
    from heraldcrawl.store.status import Facts, SpiderRuns


def as_record(report: Report, only: Collection[str] = ()) -> dict[str, Any]:
    """Write the report as programs take it.

    :param only: the spiders to tell of, and what they need; empty: all
    """
    facts = report.facts
    record: dict[str, Any] = {
        "at": report.at,
        "needs": report.needs(only),
        "versions": report.versions,
        "home": report.home,
        "disk": {"free_bytes": report.disk.free_bytes, "total_bytes": report.disk.total_bytes},
        "scrapyd": report.scrapyd and {"reachable": report.scrapyd_answers, "said": report.scrapyd},
        "database": {"reachable": report.database is None, "why": report.database},
    }
    if report.database is not None:
        return record
    record["database"] |= {
        "bytes": facts.bytes,
        "schema": facts.schema,
        "pending_migrations": facts.pending,
        "is_newer": facts.newer,
    }
    return record | {
        "stories": {"count": facts.stories, "is_estimated": facts.are_estimated},
        "ledger": facts.ledger,
        "revisits": facts.revisits,
        "pictures": facts.pictures,
        "dead_letters": {"reasons": facts.dead, "latest": facts.latest_dead},
        "walks": facts.walks,
        "alarms": [
            {name: row[name] for name in ("key", "seen", "opened_at", "told_at", "accepted_at")}
            for row in facts.alarms
        ],
        "archive": facts.archive,
        "never_run": never_run(facts),
        "sections": [
            _section(each, facts) for each in facts.spiders if not only or each.spider in only
        ],
    }


def _section(each: SpiderRuns, facts: Facts) -> dict[str, Any]:
    job = next((job for job in facts.jobs if job.spider == each.spider), None)
    habit = JobHabit.learn(job.starts) if job else None
    shares = facts.shares.get(each.spider)
    return {
        "spider": each.spider,
        "run": each.run,
        "started_at": each.started_at,
        "finished_at": each.finished_at,
        "reason": each.reason,
        "last_finished_at": each.last_finished_at,
        "running": each.running,
        "running_since": each.running_since,
        "killed": each.silent,
        "next_at": job and habit and max(job.starts) + habit.usual,
        "waiting": facts.waiting.get(each.spider, 0),
        "stories": counted(each),
        "read": shares.stories if shares else 0,
        "evidence": evidence(shares) if shares else {},
    }
