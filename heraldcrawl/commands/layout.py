"""``scrapy layout``: the three files that a new layout begins with."""

from __future__ import annotations

import argparse
import json
import keyword
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

import heraldcrawl
from heraldcrawl.loaders import load_article
from heraldcrawl.site.addresses import story_id
from heraldcrawl.site.page import NotAStory, Page

PACKAGE = Path(heraldcrawl.__file__).parent
MODULE = '''\
"""Which years this design was served, and what is odd about it.

{url}
"""

from heraldcrawl.site.layouts.base import Layout

{constant} = Layout(
    name="{name}",
    marks=("div.what-only-this-design-has",),
    headline="h1",
    body=("#articleText",),
)
'''
#: Not of the page, and so not among what is expected of it.
LEFT_OUT = ("content_hash", "duplicate_of", "revision", "first_seen_at", "fetched_at")


class Command(ScrapyCommand):
    """Writes a module, a saved page and its expected story, all to be edited."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "NAME --page FILE --url URL [options]"

    def short_desc(self) -> str:
        return "Begin a new layout: a module, a saved page, its expected story"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--page", required=True, type=Path, help="a page of the new design")
        parser.add_argument("--url", required=True, help="the address it was fetched from")
        parser.add_argument("--case", default="first", help="name of the saved page (%(default)s)")
        parser.add_argument("--root", type=Path, default=PACKAGE.parent, help=argparse.SUPPRESS)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1 or not args[0].isidentifier() or keyword.iskeyword(args[0]):
            raise UsageError("A layout has one name, in the letters of a module's name.")
        if story_id(opts.url) is None:
            raise UsageError(f"--url {opts.url} is no address of a Korea Herald story.")
        name = args[0].lower()
        module = opts.root / "heraldcrawl/site/layouts" / f"{name}.py"
        folder = opts.root / "tests/site/pages" / name / opts.case
        if folder.exists():
            raise UsageError(f"{folder} is there already.")
        try:
            body = opts.page.read_bytes()
        except OSError as error:
            raise UsageError(f"{opts.page} cannot be read: {error.strerror}.") from error
        fetched_at = datetime.now(UTC).replace(microsecond=0)
        try:
            story = asdict(load_article(Page(opts.url, body, fetched_at)))
        except NotAStory as outcome:
            print(f"No layout of today finds a story there ({outcome}); fill in what to expect.")
            story = {"headline": "", "article_body": ""}
        story = {key: value for key, value in story.items() if key not in LEFT_OUT}
        story["layout"] = name
        meta = {"url": opts.url, "fetched_at": fetched_at.isoformat(), "about": "What it shows."}
        folder.mkdir(parents=True)
        (folder / "page.html").write_bytes(body)
        (folder / "meta.json").write_text(_written(meta))
        (folder / "expected.json").write_text(_written(story))
        if not module.exists():
            module.write_text(MODULE.format(url=opts.url, constant=name.upper(), name=name))
        print(f"{module}: say what marks the design and where its parts are.")
        print(f"{folder / 'expected.json'}: correct it by reading the page, not by running it.")
        print(f"Then add {name.upper()} to LAYOUTS in heraldcrawl/site/layouts/__init__.py.")


def _written(record: dict[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
