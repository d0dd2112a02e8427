"""Writes a sample site down as a WARC file, as if it had been crawled: same site, same bytes."""

from __future__ import annotations

import uuid
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from warcio import statusandheaders, warcwriter

from tests.site.sample import menu
from tests.site.sample.site import OLD_HOSTS, ROOT
from tests.site.sample.stories import picture_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site.sample.site import Answer, Site

# warcio has no annotations.
WARCWriter: Any = warcwriter.WARCWriter
StatusAndHeaders: Any = statusandheaders.StatusAndHeaders

SOFTWARE = "heraldcrawl sample site"


def write_warc(site: Site, out: BinaryIO) -> int:
    """Write front page, robots.txt, every list page, every story, its pictures and all feeds.

    :returns: the number of responses written
    """
    writer = WARCWriter(out, gzip=True)
    date = f"{site.today.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    info = BytesIO(f"software: {SOFTWARE}\r\nformat: WARC File Format 1.0\r\n".encode())
    writer.write_record(
        writer.create_warc_record(
            "urn:sample-site",
            "warcinfo",
            payload=info,
            length=len(info.getvalue()),
            warc_content_type="application/warc-fields",
            warc_headers_dict={"WARC-Date": date, "WARC-Record-ID": _record_id("warcinfo")},
        )
    )
    count = 0
    for url in addresses(site):
        answer = site.get(url)
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=BytesIO(answer.body),
                length=len(answer.body),
                http_headers=_http_headers(answer),
                warc_headers_dict={"WARC-Date": date, "WARC-Record-ID": _record_id(url)},
            )
        )
        count += 1
    return count


def addresses(site: Site) -> Iterator[str]:
    """Everything of a site that a crawl could reach, each address once."""
    yield f"{ROOT}/robots.txt"
    yield f"{ROOT}/sitemap.xml"
    yield f"{ROOT}/"
    for feed in menu.FEEDS:
        yield ROOT + feed
    for section in menu.SECTIONS:
        address = site.list_address(section.path)
        if address == "#":
            continue
        for page in range(1, site.last_page(section.path) + 2):  # and one past the end
            yield ROOT + site.list_address(section.path, page)
    for n in site.numbers():
        yield ROOT + site.story_address(n)
    yield from dict.fromkeys(
        picture_url(story, each, site.dress(n))
        for n in site.numbers()
        for story in [site.story(n)]
        for each in story.pictures
    )
    for i, n in enumerate(site.numbers()):
        if i % 10 == 0 and site.lists != "e4":
            yield f"http://{OLD_HOSTS[i // 10 % len(OLD_HOSTS)]}/view.php?ud={site.world.ud(n)}"


def _http_headers(answer: Answer) -> Any:
    headers = [*answer.headers, ("Content-Length", str(len(answer.body)))]
    status = f"{answer.status} {'OK' if answer.status == 200 else 'Status'}"
    return StatusAndHeaders(status, headers, protocol="HTTP/1.1")


def _record_id(name: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"
