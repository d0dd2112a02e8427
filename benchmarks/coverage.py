"""How long does it take to tell how complete a large archive is?

Fills an embedded database of its own with invented stories and counts them, beside what PostgreSQL
needs to count the stored stories alone by section and day (the view stories_by_day). Run from the
project's folder:

    .venv/bin/python -m benchmarks.coverage [--stories N] [--rounds N] [--home FOLDER]

Prints the seconds of both, of drawing the picture, and the ratio.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from heraldcrawl.reading.coverage import read_coverage
from heraldcrawl.reading.heatmap import draw
from heraldcrawl.reading.selection import Selection
from heraldcrawl.store import migrate
from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

FILL = Path(__file__).with_suffix(".sql")
EVERYTHING = Selection()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=1_000_000, help="[1000000]")
    parser.add_argument("--rounds", type=int, default=5, help="[5]")
    parser.add_argument("--home", type=Path, help="keep the database there, for another run")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(options.home or Path(folder), settings={"fsync": "off"}).use() as url,
    ):
        migrate(url)
        fill(url, options.stories)
        measure(url, options.rounds)
    return 0


def fill(url: str, stories: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM articles LIMIT 1").fetchone():
            return
        statements = FILL.read_text("utf-8").replace(":stories", str(stories))
        connection.execute(statements.encode())
        connection.execute("VACUUM ANALYZE")


def measure(url: str, rounds: int) -> None:
    def count() -> None:
        with psycopg.connect(url) as connection:
            read_coverage(connection, EVERYTHING)

    def count_stored() -> None:
        with psycopg.connect(url) as connection:
            connection.execute("SELECT * FROM stories_by_day").fetchall()

    times: dict[str, list[float]] = {"coverage": [], "stories_by_day": []}
    for _ in range(rounds):  # in turn: the machine may be busy with something else
        times["coverage"].append(_seconds(count))
        times["stories_by_day"].append(_seconds(count_stored))
    with psycopg.connect(url) as connection:
        coverage = read_coverage(connection, EVERYTHING)
    total = coverage.whole.total
    print(f"{total.announced:,} stories announced, {total.stored:,} stored")
    for form in ("svg", "png"):

        def picture(form: str = form) -> None:
            draw(coverage, EVERYTHING, date(2026, 11, 1), by="month", file=BytesIO(), form=form)

        times[form] = [_seconds(picture) for _ in range(2)]
    for name, seconds in times.items():
        print(f"{name:16} median {statistics.median(seconds):.2f} s, best {min(seconds):.2f} s")
    ratio = min(times["coverage"]) / min(times["stories_by_day"])
    print(f"coverage / stories_by_day: {ratio:.2f}")


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    raise SystemExit(main())
