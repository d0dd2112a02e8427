"""What other libraries read from pages, and how fast: run by ``extraction.py``, by any Python.

Standard input holds pages as JSON; standard output gets, for each reader that this Python can
import, the seconds that a page took at best and what was read. Nothing of heraldcrawl is imported,
so that newspaper4k and news-please can live in an environment of their own. No reader may fetch.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
import time
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    #: From address and text of a page to its headline, date and body.
    Reader = Callable[[str, str], tuple[str | None, str | None, str | None]]


def with_trafilatura() -> dict[str, Reader]:
    trafilatura = importlib.import_module("trafilatura")

    def text(_: str, page: str) -> tuple[None, None, str | None]:
        return None, None, trafilatura.extract(page, include_comments=False)

    def everything(url: str, page: str) -> tuple[str | None, str | None, str | None]:
        told = trafilatura.extract(
            page, url=url, with_metadata=True, include_comments=False, output_format="json"
        )
        found = json.loads(told) if told else {}
        return found.get("title"), found.get("date"), found.get("text")

    return {"trafilatura": text, "trafilatura, metadata": everything}


def with_newspaper() -> dict[str, Reader]:
    newspaper = importlib.import_module("newspaper")

    def read(url: str, page: str) -> tuple[str | None, str | None, str | None]:
        found = newspaper.article(url, input_html=page, fetch_images=False)
        return found.title, _written(found.publish_date), found.text

    return {"newspaper4k": read}


def with_newsplease() -> dict[str, Reader]:
    newsplease = importlib.import_module("newsplease")

    def read(url: str, page: str) -> tuple[str | None, str | None, str | None]:
        found = newsplease.NewsPlease.from_html(page, url, fetch_images=False)
        return found.title, _written(found.date_publish), found.maintext

    return {"news-please": read}


def readers() -> dict[str, Reader]:
    """Find the readers that this Python has."""
    found: dict[str, Reader] = {}
    for library in (with_trafilatura, with_newspaper, with_newsplease):
        try:
            found |= library()
        except ImportError as missing:
            print(f"({missing.name} is not installed)", file=sys.stderr)
    return found


def best_seconds(reader: Reader, pages: list[list[str]], rounds: int) -> float:
    """Measure the best round, for one page."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for url, text in pages:
            reader(url, text)
        best = min(best, time.perf_counter() - start)
    return best / len(pages)


def _written(stamp: Any) -> str | None:
    return stamp.isoformat() if stamp else None


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable()
    asked = json.load(sys.stdin)
    answers = {
        name: {
            "seconds": best_seconds(reader, asked["timed"], asked["rounds"]),
            "read": [reader(url, text) for url, text in asked["judged"]],
        }
        for name, reader in readers().items()
    }
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
