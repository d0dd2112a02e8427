"""The feeds' spider over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crawling import crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Site

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("era", ["mixed", "today"])
def test_the_feeds_lead_to_the_newest_stories_of_all_sections(
    era: str, database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=60, era=era)) as site:
        where = {"SITE_URL": site.root, "DATABASE_URL": database_url}
        run = crawl("latest", home=tmp_path, environment=where)
        again = crawl("latest", home=tmp_path, environment=where)
        newest = site.site.story_id(site.site.last)
    assert run.status == 0, run.log
    assert newest in {item["id"] for item in run.items}
    assert len({item["section"] for item in run.items}) > 3
    assert again.items == []
    sections = select(
        database_url, "SELECT DISTINCT section[1] FROM listings WHERE list = 'latest'"
    )
    assert len(sections) > 3
