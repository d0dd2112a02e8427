"""How long does a search take in a large archive, and the index's upkeep?

Fills an embedded database of its own with invented stories (words as rare as in a language), and
searches it. Run from the project's folder:

    .venv/bin/python -m benchmarks.search [--stories N] [--home FOLDER]

Prints the milliseconds of each search, first and median, snippets included.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg import sql

from heraldcrawl.reading.search import search, update
from heraldcrawl.reading.selection import Selection
from heraldcrawl.store import migrate
from heraldcrawl.store.queries import load, parse
from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from heraldcrawl.reading.archive import Connection

_SEARCH = load("search")
_NORTH_KOREA = Selection(path=["National", "North Korea"])
_MONTH = Selection(since=date(2012, 5, 1), until=date(2012, 5, 31))

SEARCHES = {
    "a word of nearly all": ("korea", Selection()),
    "a common word": ("missile", Selection()),
    "two common words": ("missile economy", Selection()),
    "a phrase of common words": ('"north korea"', Selection()),
    "a phrase and an exclusion": ('"missile launch" -economy', Selection()),
    "one or the other": ("missile or economy", Selection()),
    "a rare word": ("{rare}", Selection()),
    "a word that is nowhere": ("zzyzx", Selection()),
    "a Korean word": ("미사일", Selection()),
    "a part of a Korean word": ("은행", Selection()),
    "a Korean syllable": ("핵", Selection()),
    "a common word in a section": ("missile", _NORTH_KOREA),
    "a common word in a month": ("missile", _MONTH),
}
_UPKEEP = 2000  # stories that change, for the job to index


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=100_000, help="[100000]")
    parser.add_argument("--home", type=Path, help="keep the database there, for another run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        with Server(home, settings={"fsync": "off", "maintenance_work_mem": "1GB"}).use() as url:
            migrate(url)
            with psycopg.connect(url, autocommit=True) as connection:
                measure(connection, options.stories)
    return 0


def measure(connection: Connection, stories: int) -> None:
    queries = parse(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    connection.execute(queries["vocabulary"])
    [waiting] = connection.execute(_SEARCH["count_waiting"]).fetchone() or (0,)
    if not waiting and not search(connection, "korea", Selection()):
        start = time.perf_counter()
        for name in ("korean", "sentences"):
            connection.execute(queries[name])
        connection.execute(queries["fill"], {"count": stories})
        print(f"{'stories filled in':32}{time.perf_counter() - start:10.0f} s", flush=True)
        start = time.perf_counter()
        index_at_once(connection, queries)
        print(f"{'indexed at once':32}{time.perf_counter() - start:10.0f} s", flush=True)
        connection.execute(queries["vacuum"])
    sizes = connection.execute(queries["sizes"]).fetchone()
    print("articles {}, words {}, their indexes {}".format(*(sizes or ())), flush=True)
    [rare] = connection.execute(queries["rare_word"]).fetchone() or ("",)
    upkeep(connection, queries)
    for what, (asked, selection) in SEARCHES.items():
        words = asked.format(rare=rare)
        times = []
        for _ in range(5):
            start = time.perf_counter()
            hits = search(connection, words, selection)
            times.append((time.perf_counter() - start) * 1000)
        first, median = times[0], statistics.median(times)
        print(f"{what:32}{first:8.0f} {median:8.0f} ms   {len(hits):3} hits   {words}", flush=True)


def index_at_once(connection: Connection, queries: dict[str, LiteralString]) -> None:
    """Fill the table first and make its indexes then, as no crawl would."""
    indexes = connection.execute(queries["index_definitions"]).fetchall()
    for name, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    ids = [row[0] for row in connection.execute(queries["all_waiting"])]
    for start in range(0, len(ids), 10_000):
        part = {"ids": ids[start : start + 10_000]}
        connection.execute(_SEARCH["index"], part)
        connection.execute(_SEARCH["settle"], part)
    for _, definition in indexes:
        connection.execute(definition)


def upkeep(connection: Connection, queries: dict[str, LiteralString]) -> None:
    """Change some stories, and see how fast the job follows."""
    connection.execute(queries["change"], {"count": _UPKEEP})
    start = time.perf_counter()
    done = update(connection, seconds=600)
    rate = done / (time.perf_counter() - start)
    print(f"{'taken in by the job':32}{rate:10.0f} stories/s", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
