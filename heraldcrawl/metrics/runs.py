"""Metrics of runs: each has the label ``spider``, so that each spider may have a file of its own.

Counters are the database's totals of all runs: they add up over kills and machines, and a spider's
stand still while its run is under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)

from heraldcrawl.monitoring.numbers import LATENCIES
from heraldcrawl.status.numbers import evidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prometheus_client import Metric

    from heraldcrawl.store.status import Facts, SpiderRuns


@dataclass(frozen=True, slots=True)
class Total:
    """A counter, and the statistics that it takes: one, or all that begin so."""

    name: str  # without the prefix and _total
    help: str
    stat: str  # ends in / where what follows makes the labels
    labels: tuple[str, ...] = ()


#: The order is that of the operator's page.
TOTALS: Final = (
    Total("runs", "Runs that ended, by the reason.", "runs/", ("reason",)),
    Total("run_seconds", "How long they took.", "elapsed_time_seconds"),
    Total("requests", "Requests to the site.", "downloader/request_count"),
    Total("responses", "Its answers.", "downloader/response_count"),
    Total("response_bytes", "Their size, as they travelled.", "downloader/response_bytes"),
    Total("refusals", "Answers that were refusals.", "refused/", ("kind",)),
    Total("turn_wait_seconds", "Time that requests waited for their turn.", "pace/waited_seconds"),
    Total("list_pages", "List pages that were read.", "list/pages"),
    Total("list_new", "Stories that lists showed for the first time.", "list/new"),
    Total("pages_read", "Pages of stories that were read.", "story/read"),
    Total("layout_pages", "By which layout.", "layout/", ("layout",)),
    Total("field_evidence", "Which evidence gave a field.", "evidence/", ("field", "source")),
    Total("issues", "What was missing or doubtful.", "issue/", ("issue",)),
    Total("story_failures", "Failed attempts at stories.", "story/failed/", ("reason",)),
    Total("captures", "Records of the page archive.", "archive/", ("type",)),
    Total("pictures", "Pictures that were fetched.", "picture/fetched"),
    Total("picture_bytes", "Their size.", "picture/bytes"),
    Total("picture_failures", "Failed attempts at pictures.", "picture/failed"),
    Total("browser_pages", "Pages that the browser rendered.", "browser/pages"),
)
OUTCOMES: Final = ("new", "changed", "unchanged", "gone", "failed", "dead", "duplicate")


def of_runs(facts: Facts) -> Iterator[Metric]:
    """Everything that is known of the spiders' runs."""
    yield from _last_runs(facts.spiders)
    yield _evidence(facts)
    for total in TOTALS:
        yield _total(total, facts.totals)
    stories = CounterMetricFamily(
        "heraldcrawl_stories", "What became of stories.", labels=["spider", "outcome"]
    )
    for spider, stats in facts.totals.items():
        for outcome in OUTCOMES:
            stories.add_metric([spider, outcome], stats.get(f"story/{outcome}", 0))
    yield stories
    yield _latency(facts.totals)


def _last_runs(spiders: list[SpiderRuns]) -> Iterator[Metric]:
    def gauge(name: str, words: str, *labels: str) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"heraldcrawl_{name}", words, labels=["spider", *labels])

    active = gauge("runs_active", "Runs under way.")
    start = gauge("last_run_start_timestamp_seconds", "When the last run that ended began.")
    end = gauge("last_run_end_timestamp_seconds", "When it ended.")
    duration = gauge("last_run_duration_seconds", "How long it took.")
    outcome = gauge("last_run_outcome", "Why it ended; 1 for that reason.", "reason")
    finished = gauge("last_finished_timestamp_seconds", "When a run last came to its end.")
    for each in spiders:
        active.add_metric([each.spider], each.running)
        if each.started_at and each.finished_at:
            start.add_metric([each.spider], each.started_at.timestamp())
            end.add_metric([each.spider], each.finished_at.timestamp())
            seconds = (each.finished_at - each.started_at).total_seconds()
            duration.add_metric([each.spider], seconds)
        if each.reason:
            outcome.add_metric([each.spider, each.reason], 1)
        if each.last_finished_at:
            finished.add_metric([each.spider], each.last_finished_at.timestamp())
    yield from (active, start, end, duration, outcome, finished)


def _evidence(facts: Facts) -> Metric:
    ratio = GaugeMetricFamily(
        "heraldcrawl_field_evidence_ratio",
        "Of the stories that the last 20 ordinary runs read, those whose field came from there.",
        labels=["spider", "field", "source"],
    )
    for spider, shares in facts.shares.items():
        for name, sources in evidence(shares).items():
            for source, share in sources.items():
                ratio.add_metric([spider, name, source], share)
    return ratio


def _total(total: Total, totals: Mapping[str, Mapping[str, float]]) -> Metric:
    family = CounterMetricFamily(
        f"heraldcrawl_{total.name}", total.help, labels=["spider", *total.labels]
    )
    for spider, stats in totals.items():
        if not total.labels:
            family.add_metric([spider], stats.get(total.stat, 0))
            continue
        for stat, value in stats.items():
            if stat.startswith(total.stat):
                names = stat.removeprefix(total.stat).split("/", len(total.labels) - 1)
                if len(names) == len(total.labels):
                    family.add_metric([spider, *names], value)
    return family


def _latency(totals: Mapping[str, Mapping[str, float]]) -> Metric:
    """How long the site took to answer; the last class has no upper bound."""
    family = HistogramMetricFamily(
        "heraldcrawl_response_seconds", "How long the site took to answer.", labels=["spider"]
    )
    for spider, stats in totals.items():
        answers, buckets = 0.0, []
        for bound in LATENCIES:
            answers += stats.get(f"latency/{bound:g}", 0)
            buckets.append(("+Inf" if bound == LATENCIES[-1] else str(bound), answers))
        family.add_metric([spider], buckets, stats.get("latency/total_seconds", 0.0))
    return family
