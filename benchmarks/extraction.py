"""How fast articles are read, and how exactly, beside what else there is.

All readers see the same pages in the same run: stories of the sample site in every design, with as
much menu, script and other headlines around them as real pages have. What counts are the ratios:
they hold on a busy machine, where times do not. newspaper4k and news-please take part if they are
installed.

    python benchmarks/extraction.py [ROUNDS]
"""

from __future__ import annotations

import importlib
import statistics
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import trafilatura
from parsel import Selector
from selectolax.lexbor import LexborHTMLParser

from heraldcrawl.loaders import load_article
from heraldcrawl.site.page import Page
from tests.site.sample import Site

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[str, str], Any]

ERAS = ("e1", "e2a", "e2b", "e3", "e4")
STORIES = 12
#: A page of the site has about so many characters.
PAGE_CHARACTERS = 60_000
NOW = datetime(2026, 10, 5, tzinfo=UTC)


def pages(era: str) -> list[tuple[str, str, str]]:
    """Make pages of one design: address, text, and the body that a reader should find."""
    site = Site(stories=STORIES, era=era)
    made = []
    for n in range(1, STORIES + 1):
        text = site.get(site.story_address(n)).text
        around = "".join(
            f'<li class="item"><a href="/view.php?ud=2018010100{i:04}"><span>{i}</span> '
            f"Another headline of the day, number {i}</a></li>"
            for i in range(200)
        )
        script = 'var slot = {"id": "' + "x" * 60 + '"};\n'
        room = max(0, PAGE_CHARACTERS - len(text) - len(around)) // len(script)
        extra = f'<div class="rank"><ul>{around}</ul></div><script>{script * room}</script>'
        address = "https://www.koreaherald.com" + site.story_address(n)
        made.append(
            (address, text.replace("</body>", f"{extra}</body>"), site.truth(n)["article_body"])
        )
    return made


def readers() -> dict[str, Reader]:
    """List the readers, the yardstick first."""
    found: dict[str, Reader] = {
        "parsel.Selector alone": lambda _, text: Selector(text=text).root is None,
        "lexbor alone": lambda _, text: LexborHTMLParser(text).body is None,
        "heraldcrawl": lambda url, text: load_article(Page(url, text.encode(), NOW)).article_body,
        "trafilatura": lambda _, text: trafilatura.extract(text, include_comments=False),
        "trafilatura, metadata": lambda url, text: trafilatura.extract(
            text, url=url, with_metadata=True, include_comments=False, output_format="json"
        ),
    }
    try:
        newspaper = importlib.import_module("newspaper")
        found["newspaper4k"] = lambda url, text: (
            newspaper.article(url, input_html=text, fetch_images=False).text
        )
        newsplease = importlib.import_module("newsplease")
        found["news-please"] = lambda url, text: (
            newsplease.NewsPlease.from_html(text, url, fetch_images=False).maintext
        )
    except ImportError as missing:
        print(f"({missing.name} is not installed)")
    return found


def exact(body: Any, truth: str) -> bool:
    """Tell whether a reader found the text, whatever it does with paragraphs."""
    return isinstance(body, str) and body.split() == truth.split()


def main(rounds: int) -> None:
    competitors = readers()
    sample = {era: pages(era) for era in ERAS}
    every = [page for era in ERAS for page in sample[era]]
    seconds: dict[str, list[float]] = {name: [] for name in competitors}
    for _ in range(rounds):
        for name, reader in competitors.items():
            start = time.perf_counter()
            for url, text, _ in every:
                reader(url, text)
            seconds[name].append((time.perf_counter() - start) / len(every))
    base, *_ = seconds.values()
    print(f"{len(every)} pages of {PAGE_CHARACTERS // 1000} KB, {rounds} rounds")
    print(f"{'':24}{'ms/page':>9}{'x parsel':>10}{'exact bodies':>14}")
    for name, reader in competitors.items():
        ratio = statistics.median(own / of for own, of in zip(seconds[name], base, strict=True))
        right = sum(exact(reader(url, text), truth) for url, text, truth in every)
        bodies = "" if "alone" in name or "metadata" in name else f"{right}/{len(every)}"
        print(f"{name:24}{min(seconds[name]) * 1000:9.2f}{ratio:10.2f}{bodies:>14}")
    for era in ERAS:
        took = []
        for _ in range(rounds):
            start = time.perf_counter()
            for _, text, _ in sample[era]:
                Selector(text=text)
            middle = time.perf_counter()
            for url, text, _ in sample[era]:
                load_article(Page(url, text.encode(), NOW))
            took.append((time.perf_counter() - middle) / (middle - start))
        print(f"heraldcrawl on {era}: {statistics.median(took):.2f} x parsel")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
