"""How fast articles are read, and how exactly, beside what else there is.

All readers see the same pages in the same run. Speed is measured on stories of the sample site in
every design, with as much menu, script and other headlines around them as real pages have; what
counts are the ratios, which hold on a busy machine, where times do not. Accuracy is judged on the
saved pages of the tests: the headline, the minute and the day of publication, the whole body.

    python benchmarks/extraction.py [--rounds N] [--others PYTHON]

newspaper4k and news-please pull in a lot. Give them an environment of their own, and name its
Python::

    python -m venv /tmp/others
    /tmp/others/bin/pip install trafilatura newspaper4k news-please lxml_html_clean
    python benchmarks/extraction.py --others /tmp/others/bin/python
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from parsel import Selector
from selectolax.lexbor import LexborHTMLParser

from heraldcrawl.loaders import load_article
from heraldcrawl.site.page import Page
from tests.site.sample import Site
from tests.site.sample.surroundings import heavy

ERAS = ("e1", "e2a", "e2b", "e3", "e4")
STORIES = 12
#: A page of the site has about so many characters.
PAGE_CHARACTERS = 60_000
#: Once so much was freed, what one page's tree took is kept for the next, as it is in every crawl.
KEPT_BYTES = 16 * 1024 * 1024
#: The others take seconds for what we time in milliseconds.
ROUNDS_OF_OTHERS = 2
OURS = "heraldcrawl"
GOALS = {"trafilatura, metadata": 8, "newspaper4k": 50, "news-please": 50}
NOW = datetime(2026, 10, 5, tzinfo=UTC)
KST = timezone(timedelta(hours=9))
SAVED_PAGES = Path(__file__).parents[1] / "tests" / "site" / "pages"


def pages(era: str) -> list[tuple[str, str, str]]:
    """Make pages of one design: address, text, and the body that a reader should find."""
    site = Site(stories=STORIES, era=era)
    made = []
    for n in range(1, STORIES + 1):
        text = site.get(site.story_address(n)).text
        address = "https://www.koreaherald.com" + site.story_address(n)
        made.append((address, heavy(text, PAGE_CHARACTERS), site.truth(n)["article_body"]))
    return made


def seconds_by_page(made: list[tuple[str, bytes, str]], rounds: int) -> dict[str, list[float]]:
    """Time, for every page and in turn, what parsel and lexbor need for the tree, and we for all.

    Of all rounds the best counts, page by page: noise only ever adds.
    """
    best = {name: [float("inf")] * len(made) for name in ("parsel", "lexbor", OURS)}
    for _ in range(rounds):
        for number, (url, body, text) in enumerate(made):
            start = time.perf_counter()
            Selector(text=text)
            selected = time.perf_counter()
            LexborHTMLParser(text)
            parsed = time.perf_counter()
            load_article(Page(url, body, NOW))
            loaded = time.perf_counter()
            took = zip(best, (start, selected, parsed), (selected, parsed, loaded), strict=True)
            for name, before, after in took:
                best[name][number] = min(best[name][number], after - before)
    return best


def saved_pages() -> list[tuple[str, bytes, dict[str, Any]]]:
    """Read the pages whose stories are known field by field."""
    return [
        (
            json.loads((path.parent / "meta.json").read_text())["url"],
            path.read_bytes(),
            json.loads((path.parent / "expected.json").read_text()),
        )
        for path in sorted(SAVED_PAGES.glob("*/*/page.html"))
    ]


def others(python: str, timed: list[list[str]], judged: list[list[str]]) -> dict[str, Any]:
    """Have the other libraries read, in a Python that has them."""
    script = Path(__file__).with_name("other_readers.py")
    asked = json.dumps({"timed": timed, "judged": judged, "rounds": ROUNDS_OF_OTHERS})
    done = subprocess.run(
        [python, str(script)], input=asked, stdout=subprocess.PIPE, text=True, check=True
    )
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def judge(read: list[list[Any]], truths: list[dict[str, Any]]) -> list[int]:
    """Count the pages with exactly the headline, the minute, the day and the body."""
    right = [0, 0, 0, 0]
    for (title, published, body), truth in zip(read, truths, strict=True):
        minute, wanted = _minute(published), _minute(truth["date_published"])
        known = bool(minute) == bool(wanted)
        right[0] += (title or "").split() == truth["headline"].split()
        right[1] += known and minute[: len(wanted)] == wanted
        right[2] += known and minute[:10] == wanted[:10]
        right[3] += (body or "").split() == truth["article_body"].split()
    return right


def _minute(stamp: str | None) -> str:
    """Write a stamp as Korea time to the minute; one without a zone is taken for Korea time."""
    if not stamp:
        return ""
    when = datetime.fromisoformat(stamp)
    if when.tzinfo:
        when = when.astimezone(KST)
    return stamp if len(stamp) == len("2021-07-21") else when.isoformat()[:16]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--others", default=sys.executable, help="a Python with other readers")
    given = options.parse_args()

    sample = {era: [(url, text.encode(), text) for url, text, _ in pages(era)] for era in ERAS}
    every = [page for era in ERAS for page in sample[era]]
    bytearray(KEPT_BYTES)
    best = {era: seconds_by_page(sample[era], given.rounds) for era in ERAS}
    parsel, lexbor, ours = (
        statistics.fmean(took for era in ERAS for took in best[era][name])
        for name in ("parsel", "lexbor", OURS)
    )
    saved = saved_pages()
    answers = others(
        given.others,
        [[url, text] for url, _, text in every],
        [[url, body.decode(errors="replace")] for url, body, _ in saved],
    )
    print(f"{len(every)} pages of {PAGE_CHARACTERS // 1000} KB, from text to fields")
    print(f"{'':24}{'ms/page':>9}{'x parsel':>10}{'x ours':>9}   goal")
    for name, took in (("parsel.Selector alone", parsel), ("lexbor alone", lexbor), (OURS, ours)):
        print(f"{name:24}{took * 1000:9.2f}{took / parsel:10.2f}{took / ours:9.1f}")
    for name, answer in answers.items():
        took, goal = answer["seconds"], GOALS.get(name)
        wanted = f"   at least {goal}" if goal else ""
        print(f"{name:24}{took * 1000:9.2f}{took / parsel:10.2f}{took / ours:9.1f}{wanted}")
    for era in ERAS:
        ratio = sum(best[era][OURS]) / sum(best[era]["parsel"])
        print(f"{OURS} on {era}: {ratio:.2f} x parsel")

    articles = [load_article(Page(url, body, NOW)) for url, body, _ in saved]
    read = {OURS: [[a.headline, a.date_published, a.article_body] for a in articles]}
    read |= {name: answer["read"] for name, answer in answers.items() if name != "trafilatura"}
    print(f"\nexact on {len(saved)} saved pages")
    print(f"{'':24}{'headline':>9}{'minute':>9}{'day':>9}{'body':>9}")
    for name, found in read.items():
        right = judge(found, [truth for _, _, truth in saved])
        print(f"{name:24}" + "".join(f"{count:9}" for count in right))


if __name__ == "__main__":
    main()
