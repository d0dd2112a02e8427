"""The sample site from the command line; ``-h`` explains."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from tests.site.sample.server import serve
from tests.site.sample.site import ERAS, Site
from tests.site.sample.warc import write_warc


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.site.sample",
        description="A newspaper of invented stories in the markup of every era of the site.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--stories", type=int, default=150, help="how many; two in five are North Korea's [150]"
    )
    common.add_argument(
        "--era", choices=ERAS, default="mixed", help="whose markup; mixed has all [mixed]"
    )
    common.add_argument("--seed", type=int, default=1, help="another seed, other stories [1]")
    warc = commands.add_parser("warc", parents=[common], help="write the site as a WARC file")
    warc.add_argument("file", type=Path, metavar="FILE")
    server = commands.add_parser(
        "serve", parents=[common], help="serve it on 127.0.0.1; the first line is its address"
    )
    server.add_argument("--port", type=int, default=0, help="0 takes any free one [0]")
    server.add_argument("--delay", type=float, default=0.0, help="seconds before each answer [0]")
    server.add_argument(
        "--page-characters", type=int, default=0, help="how long pages are at least [0]"
    )
    server.add_argument("--keep-pages", action="store_true", help="render each page only once")
    options = parser.parse_args()
    site = Site(stories=options.stories, seed=options.seed, era=options.era)
    if options.command == "warc":
        options.file.parent.mkdir(parents=True, exist_ok=True)
        with options.file.open("wb") as out:
            count = write_warc(site, out)
        sys.stdout.write(f"{options.file}: {count} pages, {options.stories} stories\n")
        return 0
    site.keep_pages = options.keep_pages
    site.page_characters = options.page_characters
    with serve(site, options.port, options.delay) as running:
        sys.stdout.write(f"{running.root}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
