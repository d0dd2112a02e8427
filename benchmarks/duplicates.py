"""Which copies are found, which stories are taken for copies wrongly, and what does it cost?

Stores a labelled set of invented stories (``tests/duplicates/labelled.py``) as a crawl does, in any
order, and compares whose copies they became with what they are. Then stores new stories in turn in
an archive with 1,000 stories and one with 1,000,000, whose signatures collide with the new ones as
often as those of real stories do. Run from the project's folder:

    .venv/bin/python -m benchmarks.duplicates [--seed N] [--scale N] [--small N] [--large N]

Prints precision and recall; recall of each kind of copy, and for each kind of different stories
how many became copies; milliseconds a story, their ratio, and bytes a story.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg

from heraldcrawl.duplicates.signature import sign
from heraldcrawl.duplicates.text import Text
from heraldcrawl.items import Article
from heraldcrawl.store import Store, duplicates, migrate
from heraldcrawl.store.queries import parse
from heraldcrawl.store.server import Server
from tests.duplicates.labelled import BEYOND, COPIES, Labelled, build, pairs
from tests.duplicates.language import Writer
from tests.duplicates.series import SERIES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

_BATCH = 50
_FILL = Path(__file__).with_name("fill.sql")
_SQL = parse(Path(__file__).with_suffix(".sql").read_text("utf-8"))
_COMMON = 2.8e-7  # how often two real stories on different things have a certain band in common
_BANDS = 20
_TEMPLATED = 20  # one of so many new stories is of a series
_SERIES = 200  # whose other reports are in the large archive, this many


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=7, help="another seed, another set [7]")
    parser.add_argument("--scale", type=int, default=4, help="times 50 copies of each kind [4]")
    parser.add_argument("--small", type=int, default=1_000, help="stories of one archive [1000]")
    parser.add_argument("--large", type=int, default=1_000_000, help="of the other [1000000]")
    parser.add_argument("--rounds", type=int, default=20, help=f"batches of {_BATCH} for each [20]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)).use() as server:
        quality(database(server, "labelled"), options.seed, options.scale)
        new = [article(number) for number in range(options.rounds * _BATCH)]
        archives = {size: archive(server, size, new) for size in (options.small, options.large)}
        cost(archives, new)
    return 0


# Quality -----------------------------------------------------------------------------------------


def quality(url: str, seed: int, scale: int) -> None:
    stories = build(seed, scale)
    originals = asyncio.run(store_all(url, stories))
    kinds = {story.id: story.kind for story in stories}
    groups = {story.id: story.group for story in stories}
    wrong = Counter(kinds[id_] for id_, of in originals.items() if of and groups[id_] != groups[of])
    found: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for copy, original in pairs(stories):
        there[copy.kind] += 1
        found[copy.kind] += originals[copy.id] == original.id
    linked = sum(found[kind] for kind in COPIES)
    print(f"{len(stories):,} stories, {sum(there[k] for k in COPIES)} copies (seed {seed})")
    print(f"precision {linked / (linked + sum(wrong.values())):.4f}", end=", ")
    print(f"recall {linked / sum(there[kind] for kind in COPIES):.4f}")
    for title, names in (("promised", COPIES), ("not promised", BEYOND)):
        for kind in names:
            print(f"  {title:13}{kind:38}{found[kind]:4} of {there[kind]}")
    count = Counter(kinds.values())
    for kind in SERIES:
        print(f"  {'apart':13}{kind:38}{wrong[kind]:4} of {count[kind]} linked", flush=True)


async def store_all(url: str, stories: Sequence[Labelled]) -> dict[str, str | None]:
    async with opened(url) as store:
        for start in range(0, len(stories), _BATCH):
            await store.store([as_article(story) for story in stories[start : start + _BATCH]])
    with psycopg.connect(url) as connection:
        return dict(connection.execute("SELECT id, duplicate_of FROM articles").fetchall())


# Cost --------------------------------------------------------------------------------------------


def cost(archives: dict[int, str], new: Sequence[Article]) -> None:
    seconds = asyncio.run(store_in_turn(archives, new))
    medians = {}
    for size, times in seconds.items():
        storing, linking = (
            statistics.median(each) * 1000 / _BATCH for each in zip(*times, strict=True)
        )
        medians[size] = storing, linking
        print(
            f"{size:>9,} stories: {storing:.3f} ms to store one, {linking:.3f} of them to link it"
        )
    (small, link_small), (large, link_large) = medians.values()
    print(f"large / small: {large / small:.2f} storing, {link_large / link_small:.2f} linking")
    with psycopg.connect(list(archives.values())[-1]) as connection:
        row = connection.execute(_SQL["sizes"]).fetchone()
    print(
        "bytes a story: {1:.0f} signature, {2:.0f} its indexes ({3:.0f} the text)".format(
            *row or ()
        )
    )


async def store_in_turn(
    archives: dict[int, str], new: Sequence[Article]
) -> dict[int, list[tuple[float, float]]]:
    linking = 0.0
    link = duplicates.link

    async def timed(*arguments: Any, **options: Any) -> None:
        nonlocal linking
        start = time.perf_counter()
        await link(*arguments, **options)
        linking += time.perf_counter() - start

    seconds: dict[int, list[tuple[float, float]]] = {size: [] for size in archives}
    duplicates.link = timed
    small, large = archives
    async with opened(archives[small]) as one, opened(archives[large]) as other:
        for start in range(0, len(new), _BATCH):
            for size, store in ((small, one), (large, other)):
                linking, began = 0.0, time.perf_counter()
                await store.store(new[start : start + _BATCH])
                seconds[size].append((time.perf_counter() - began, linking))
    duplicates.link = link
    return seconds


def archive(server: str, size: int, new: Sequence[Article]) -> str:
    """Make a database with so many signed stories, of which some may be like those to come."""
    url = database(server, f"archive_{size}")
    rng = random.Random(size)
    rows = []
    for number, article in enumerate(new):
        signature = sign(Text(article.article_body))
        for place, band in enumerate(signature.bands, start=1):
            rows += [
                {"id": f"f{rng.randint(1, size)}", "place": place, "band": band}
                for _ in range(int(size * _COMMON + rng.random()))
            ]
        if number % _TEMPLATED == 0:
            rows += [
                {
                    "id": f"f{rng.randint(1, size)}",
                    "place": rng.randint(1, _BANDS),
                    "band": rng.choice(signature.bands),
                    "bits": near(signature.bits or "", rng),
                }
                for _ in range(size * _SERIES // 1_000_000)
            ]
    with psycopg.connect(url, autocommit=True) as connection:
        fill = _FILL.read_text("utf-8").replace(":stories", str(size))
        connection.execute(fill.encode())
        indexes = connection.execute(_SQL["index_definitions"]).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        connection.execute(_SQL["sign"])
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute(_SQL["plant"], {"rows": json.dumps(rows)})
        connection.execute("VACUUM ANALYZE")
    return url


def near(bits: str, rng: random.Random) -> str:
    """The bits of a text with as much in common as reports of one form have."""
    flips = sum(1 << place for place in rng.sample(range(640), rng.randint(150, 230)))
    return f"{int(bits[1:], 16) ^ flips:0640b}"


def database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    migrate(url)
    return url


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = Store(url)
    await store.open("benchmark", {})
    try:
        yield store
    finally:
        await store.close("finished", {})


# What they are made of ---------------------------------------------------------------------------


def article(number: int) -> Article:
    writer = Writer(random.Random(f"new {number}"))
    body = "\n\n".join(writer.paragraph() for _ in range(12))
    return as_article(Labelled(f"n{number}", datetime.now(UTC), f"New {number}", body, "", 0))


def as_article(story: Labelled) -> Article:
    return Article(
        id=story.id,
        url=f"https://www.koreaherald.com/article/{story.id}",
        headline=story.headline,
        date_published=story.published.isoformat(),
        article_body=story.body,
        content_hash=f"{story.headline}\n{story.body}",
        fetched_at=datetime.now(UTC),
    )


if __name__ == "__main__":
    raise SystemExit(main())
