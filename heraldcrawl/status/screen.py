"""The report on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from heraldcrawl.monitoring.habits import JobHabit
from heraldcrawl.monitoring.verdict import many
from heraldcrawl.reading.terminal import BOLD, GREEN, RED, YELLOW, harmless, styled
from heraldcrawl.status.numbers import counted, evidence, is_in_order, kinds, never_run

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime, timedelta

    from heraldcrawl.status.report import Report
    from heraldcrawl.store.status import Facts, SpiderRuns

_HEAD: Final = (
    f"{'section':18} {'last run':>9} {'outcome':16} {'new':>5} {'chg':>4} {'fail':>4}"
    f" {'waits':>7} {'next':>7}  evidence"
)
_DAY_HOURS: Final = 48
_PERCENT: Final = 0.005
_NAMED: Final = 8


def screen(report: Report, *, coloured: bool, only: Collection[str] = ()) -> Iterator[str]:
    """Write the report as lines.

    :param only: tell of these spiders, and of each field's evidence; empty: of all
    """
    style = _Style(coloured=coloured)
    if only and report.database is None:
        yield from _sections(report, style, only, detailed=True)
        known = {each.spider for each in report.facts.spiders}
        for name in sorted(set(only) - known):
            yield f"{name:18} no run yet"
    else:
        yield from _installation(report, style)
        if report.database is None:
            yield from _work(report.facts, report.at, style)
            yield ""
            yield from _sections(report, style, only, detailed=False)
            if missing := never_run(report.facts):
                yield f"{'no run yet':18} {_some(missing)}"
    needs = report.needs(only)
    if needs:
        yield ""
    for each in needs:
        yield style("! ", RED) + harmless(each)


class _Style:
    def __init__(self, *, coloured: bool) -> None:
        self._coloured = coloured

    def __call__(self, text: str, *styles: str) -> str:
        return styled(text, *styles) if self._coloured and styles else text


def _installation(report: Report, style: _Style) -> Iterator[str]:
    facts, disk = report.facts, report.disk
    names = {"heraldcrawl": "heraldcrawl", "scrapy": "Scrapy", "postgresql": "PostgreSQL"}
    versions = [
        f"{name} {report.versions[key]}" for key, name in names.items() if key in report.versions
    ]
    yield style(f"{', '.join(versions)}  {report.at:%Y-%m-%d %H:%M} UTC", BOLD)
    if report.database is not None:
        yield f"database  {style('away', RED, BOLD)}: {harmless(report.database)}"
    else:
        schema = f"schema {facts.schema}"
        if facts.newer:
            schema += style(", newer than this heraldcrawl", RED)
        elif facts.pending:
            schema += style(f", pending: {', '.join(facts.pending)}", YELLOW)
        about = "about " if facts.are_estimated else ""
        yield (
            f"database  {style('reachable', GREEN)}, {schema}; {about}{facts.stories:,} stories,"
            f" {_bytes(facts.bytes)}"
        )
    archive = ""
    if facts.archive:
        archive = (
            f"; page archive {_bytes(facts.archive['bytes'])} in {facts.archive['files']:,} files,"
            f" {_bytes(facts.archive['week_bytes'])} in the last week"
        )
    yield f"disk      {_bytes(disk.free_bytes)} of {_bytes(disk.total_bytes)} free{archive}"
    if report.scrapyd is not None:
        colour = GREEN if report.scrapyd_answers else RED
        yield f"Scrapyd   {style(harmless(report.scrapyd), colour)}"


def _work(facts: Facts, now: datetime, style: _Style) -> Iterator[str]:
    new = [row for row in facts.ledger if not row["is_revisit"]]
    states = {
        state: sum(row["stories"] for row in new if row["state"] == state)
        for state in ("waiting", "dead", "elsewhere")
    }
    due = sum(row["due"] for row in new)
    leased = sum(row["leased"] for row in facts.ledger)
    yield (
        f"ledger    {states['waiting']:,} stories wait, {due:,} of them due; {leased:,} being"
        f" fetched; {states['elsewhere']:,} set aside"
    )
    again = sum(row["due"] for row in facts.ledger if row["is_revisit"])
    if facts.revisits:
        next_at = facts.revisits["next_at"]
        soon = f"; the next {_until(next_at, now)}" if next_at and next_at > now else ""
        yield (
            f"revisits  {facts.revisits['scheduled']:,} scheduled,"
            f" {facts.revisits['due'] + again:,} due{soon}"
        )
    if facts.pictures.get("waiting"):
        yield f"pictures  {facts.pictures['waiting']:,} wait, {facts.pictures['due']:,} of them due"
    dead = sum(row["stories"] for row in facts.dead)
    reasons = ", ".join(f"{row['stories']:,} × {row['reason']}" for row in facts.dead[:6])
    pointer = f" ({reasons}): scrapy status --dead, scrapy ledger retry" if dead else ""
    yield f"dead      {style(many(dead, 'letter'), *((YELLOW,) if dead else ()))}{pointer}"
    for row in facts.latest_dead[:3]:
        page = f"  page {row['page']}" if row["page"] else ""
        yield f"          {row['id']} {row['reason']} {harmless(row['url'])}{page}"
    walks = [
        f"{row['list']}{' (full)' if row['is_full'] else ''} at page {row['next_page']}"
        + ("" if row["walked_by"] else ", interrupted")
        for row in facts.walks
    ]
    yield f"walks     {'; '.join(walks) or 'none under way'}"
    keys = [harmless(row["key"]) for row in facts.alarms]
    yield f"alarms    {style(', '.join(keys), RED) if keys else style('none open', GREEN)}"


def _sections(
    report: Report, style: _Style, only: Collection[str], *, detailed: bool
) -> Iterator[str]:
    facts = report.facts
    chosen = [each for each in facts.spiders if not only or each.spider in only]
    if chosen:
        yield style(_HEAD, BOLD)
    for each in chosen:
        yield _line(each, facts, report.at, style)
        if detailed and (shares := facts.shares.get(each.spider)):
            yield f"  of the {shares.stories:,} stories that its last runs read:"
            for name, sources in evidence(shares).items():
                said = ", ".join(f"{source} {share:.0%}" for source, share in sources.items())
                yield f"    {name:22} {sum(sources.values()):>4.0%}  {said}"


def _line(each: SpiderRuns, facts: Facts, now: datetime, style: _Style) -> str:
    outcome, colour = _outcome(each)
    counts = counted(each)
    job = next((job for job in facts.jobs if job.spider == each.spider), None)
    habit = JobHabit.learn(job.starts) if job else None
    following = _until(max(job.starts) + habit.usual, now) if job and habit else "-"
    shares = facts.shares.get(each.spider)
    known = kinds(shares) if shares else {}
    told = " ".join(f"{kind} {share:.0%}" for kind, share in known.items() if share >= _PERCENT)
    failed = f"{counts['failed']:>4}"
    return (
        f"{each.spider:18} {_ago(each.running_since or each.finished_at, now):>9}"
        f" {style(f'{outcome:16}', colour)} {counts['new']:>5} {counts['changed']:>4}"
        f" {style(failed, *((YELLOW,) if counts['failed'] else ()))}"
        f" {facts.waiting.get(each.spider, 0):>7,} {following:>7}  {told}"
    ).rstrip()


def _outcome(each: SpiderRuns) -> tuple[str, str]:
    if each.running:
        return "running", GREEN
    if each.silent:
        return "killed", RED
    reason = each.reason or "-"
    if not is_in_order(reason):
        return reason[:16], RED
    return reason, GREEN if reason == "finished" else YELLOW


def _some(names: list[str]) -> str:
    """The first names, and how many more there are.

    >>> _some(["national", "politics"])
    'national, politics'
    """
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _ago(at: datetime | None, now: datetime) -> str:
    return f"{_span(now - at)} ago" if at else "-"


def _until(at: datetime, now: datetime) -> str:
    return f"in {_span(at - now)}" if at > now else "due"


def _span(span: timedelta) -> str:
    """A length of time in its unit.

    >>> from datetime import timedelta
    >>> _span(timedelta(seconds=50)), _span(timedelta(minutes=90)), _span(timedelta(days=3))
    ('50s', '90m', '3d')
    """
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 2 * 60:
        return f"{seconds}s"
    if seconds < 2 * 3600:
        return f"{seconds // 60}m"
    hours = seconds // 3600
    return f"{hours}h" if hours < _DAY_HOURS else f"{hours // 24}d"


def _bytes(count: int) -> str:
    """A size in its unit.

    >>> _bytes(720), _bytes(720_113), _bytes(61_249_970_176)
    ('720 B', '720.1 kB', '61.2 GB')
    """
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:  # noqa: PLR2004  (the next unit)
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
