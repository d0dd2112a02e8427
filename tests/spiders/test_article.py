"""Single stories over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.crawling import crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Site

if TYPE_CHECKING:
    from pathlib import Path


def test_stories_of_any_host_and_era_are_fetched_and_fetched_again_when_asked(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=60)) as site:
        where = {"SITE_URL": site.root, "DATABASE_URL": database_url}
        ids = [site.site.story_id(n) for n in range(1, 13)]
        hosts = ("www.koreaherald.com", "m.koreaherald.com", "khnews.heraldcorp.com")
        addresses = " ".join(
            f"http://{hosts[n % 3]}{site.site.story_address(n)}" for n in range(1, 13)
        )
        first = crawl("article", f"url={addresses}", home=tmp_path, environment=where)
        site.site.edit(5)
        second = crawl("article", f"url={addresses}", home=tmp_path, environment=where)
    assert first.status == 0, first.log
    assert {item["id"] for item in first.items} == set(ids)
    assert [(item["id"], item["revision"]) for item in second.items] == [(ids[4], 2)]
    assert second.stats["story/unchanged"] == 11
    assert select(database_url, "SELECT count(*) FROM revisions")[0]["count"] == 13
