"""``scrapy duplicates``, and what the end of a crawl leaves it to do."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from tests.crawling import crawl
from tests.duplicates.language import Writer
from tests.site.sample.site import Site
from tests.site.sample.warc import write_warc
from tests.stories import command, execute, store, story

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

WRITER = Writer(Random(2))
SENTENCES = [WRITER.sentence() for _ in range(16)]
FIRST = story(1, article_body=" ".join(SENTENCES[:12]), source_organization="Yonhap")
CUT = story(2, article_body=" ".join(SENTENCES[:9]), section="Defense", source_organization=None)
SAME = replace(
    FIRST, id="10000003", headline="Ferry\x1b[2J", date_published="2026-03-09T07:00:00+09:00"
)
ALONE = story(4)


def test_groups_are_shown_with_what_the_copies_share(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(database_url, FIRST, CUT, SAME, ALONE)
    assert command("duplicates", DATABASE_URL=database_url) == 0
    lines = capsys.readouterr().out.splitlines()
    [(shared,)] = execute(database_url, "SELECT of_original FROM duplicates WHERE id = %s", CUT.id)
    assert lines == [
        FIRST.headline,
        f"original       2026-03-02 09:30  {FIRST.id}  North Korea  Yonhap",
        f"100 %  {int(shared * 100)} %    2026-03-03 09:30  {CUT.id}  Defense",
        "100 % 100 %    2026-03-09 07:00  10000003  North Korea  Yonhap",
    ]


def test_any_story_of_a_group_leads_to_it(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(database_url, FIRST, SAME, ALONE)
    for id_ in (FIRST.id, SAME.id, FIRST.url):
        assert command("duplicates", id_, "--json", DATABASE_URL=database_url) == 0
        [group] = json.loads(capsys.readouterr().out)
        assert group["original"]["id"] == FIRST.id
        assert [copy["id"] for copy in group["copies"]] == [SAME.id]
        assert group["copies"][0]["from_original"] == 1
        assert "from_original" not in group["original"]
    assert command("duplicates", ALONE.id, DATABASE_URL=database_url) == 1
    assert capsys.readouterr() == ("", "")
    assert command("duplicates", "99999999", DATABASE_URL=database_url) == 1
    assert "the archive has no story 99999999" in capsys.readouterr().err


def test_wrong_usage_is_status_2_and_no_database_3(tmp_path: Path) -> None:
    assert command("duplicates", "--limit", "0") == 2
    assert command("duplicates", "no id") == 2
    assert command("duplicates", HERALD_HOME=str(tmp_path)) == 3


def test_what_was_not_compared_yet_is_said_and_done(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(database_url, FIRST, SAME)
    execute(database_url, "UPDATE articles SET duplicate_of = NULL")
    execute(database_url, "UPDATE signatures SET bands = NULL")
    assert command("duplicates", DATABASE_URL=database_url) == 1
    assert "2 stories were not compared with others yet" in capsys.readouterr().err
    assert command("duplicates", "--update", DATABASE_URL=database_url) == 0
    assert command("duplicates", SAME.id, DATABASE_URL=database_url) == 0
    assert capsys.readouterr().err == ""


def test_a_crawl_that_is_done_compares_what_an_older_version_stored(
    database_url: str, tmp_path: Path
) -> None:
    store(database_url, FIRST, SAME)
    execute(database_url, "UPDATE articles SET duplicate_of = NULL")
    execute(database_url, "UPDATE signatures SET bands = NULL")
    warc = tmp_path / "sample.warc.gz"
    with warc.open("wb") as out:
        write_warc(Site(stories=20), out)
    environment = {"REPLAY": str(warc), "DATABASE_URL": database_url}
    run = crawl("northkorea", home=tmp_path, environment=environment)
    assert run.status == 0, run.log
    assert run.stats["duplicates/signed"] == 2
    [(original,)] = execute(
        database_url, "SELECT duplicate_of FROM articles WHERE id = %s", SAME.id
    )
    assert original == FIRST.id


def test_a_crawl_links_the_site_s_re_posts(database_url: str, tmp_path: Path) -> None:
    site = Site(stories=150)
    warc = tmp_path / "sample.warc.gz"
    with warc.open("wb") as out:
        write_warc(site, out)
    environment = {"REPLAY": str(warc), "DATABASE_URL": database_url}
    run = crawl("northkorea", home=tmp_path, environment=environment)
    assert run.status == 0, run.log
    of = dict(execute(database_url, "SELECT id, duplicate_of FROM articles"))
    either = (
        (n, id_) for n in range(1, 151) for id_ in (site.world.ud(n), str(site.world.number(n)))
    )
    ids = {n: id_ for n, id_ in either if id_ in of}
    re_posts = {n: site.world.story(n).repost_of for n in ids}
    assert {id_ for id_, original in of.items() if original} == {
        ids[n] for n, original in re_posts.items() if original in ids
    }
    assert any(original in ids for original in re_posts.values())
    told = [item for item in run.items if item["duplicate_of"]]
    assert run.stats.get("story/duplicate", 0) == len(told)
    assert all(of[item["id"]] for item in told)
