"""Pictures over real HTTP: what is asked for, what is kept, and what becomes of the rest."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from warcio import statusandheaders, warcwriter

from heraldcrawl.items import Image
from heraldcrawl.pipelines.picture_files import PictureFailed, PictureFiles, describe
from heraldcrawl.site.pictures import is_herald_picture, picture_at
from tests.crash.harness import NORTH_KOREA, Countdown, Crash, where
from tests.crawling import PROJECT, Crawl, crawl, select
from tests.site.sample.pictures import bomb, picture
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site
from tests.site.sample.warc import write_warc
from tests.stories import execute, store, story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site.sample.server import Server

ON = {"PICTURES": "1"}
RES = "http://res.heraldm.com/content/image"
WIMG = "https://wimg.heraldcorp.com/content/default"


def rows(url: str) -> dict[str, dict[str, Any]]:
    return {row["url"]: row for row in select(url, "SELECT * FROM pictures")}


def asked(site: Server) -> Counter[str]:
    """How often each picture was asked for."""
    return Counter(target for target in site.paths() if target.partition("?")[0].endswith(".jpg"))


def urls_of(site: Site, path: tuple[str, ...] = NORTH_KOREA) -> set[str]:
    return {image["url"] for truth in site.truths(path).values() for image in truth["images"]}


def path_of(url: str) -> str:
    return picture_at(url, "")


def of_story(url: str, *addresses: str, number: int = 1) -> None:
    """A stored story with pictures."""
    images = [Image(address, "The ferry", "Yonhap") for address in addresses]
    store(url, story(number, images=images))


@pytest.fixture
def site() -> Iterator[Server]:
    with serve(Site(stories=45)) as served:
        yield served


def crawled(
    site: Server, url: str, home: Path, spider: str = "northkorea", *arguments: str, **more: Any
) -> Crawl:
    settings = ON | more if spider != "pictures" else more
    return crawl(spider, *arguments, home=home, settings=settings, environment=where(site, url))


def assert_whole(url: str, home: Path) -> None:
    """Every picture of every stored story is there, byte for byte, or recorded as failed."""
    for row in select(url, "SELECT * FROM story_pictures"):
        assert row["state"] in ("fetched", "dead") or row["reason"], row
        if row["state"] == "fetched":
            body = (home / "images" / row["path"]).read_bytes()
            assert hashlib.sha256(body).hexdigest() == row["checksum"]
            assert len(body) == row["bytes"]


def test_a_story_s_pictures_are_kept_as_they_came_with_captions_and_credits(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    first = crawled(site, database_url, tmp_path)
    assert first.status == 0, first.log
    wanted = urls_of(site.site)
    found = rows(database_url)
    assert {url for url, row in found.items() if row["state"] == "fetched"} == wanted
    for url, row in found.items():
        body = site.site.get(path_of(url)).body
        assert (tmp_path / "images" / row["path"]).read_bytes() == body
        assert row["path"] == f"{row['checksum'][:2]}/{hashlib.sha256(body).hexdigest()}.jpg"
        assert (row["content_type"], row["bytes"]) == ("image/jpeg", len(body))
        assert (row["width"], row["height"], row["attempts"]) == (48, 32, 1)
    assert first.stats["picture/fetched"] == len(wanted)
    assert first.stats["picture/bytes"] == sum(row["bytes"] for row in found.values())
    assert "nothing is left to fetch" in first.log

    shown = select(database_url, "SELECT * FROM story_pictures ORDER BY article_id, place")
    assert [(row["article_id"], row["url"], row["caption"], row["credit"]) for row in shown] == [
        (id_, image["url"], image["caption"], image["credit"])
        for id_, truth in sorted(site.site.truths().items())
        for image in truth["images"]
    ]
    assert all(row["path"] == found[row["url"]]["path"] for row in shown)
    # The page archive has the pages, and not the pictures a second time.
    captured = select(database_url, "SELECT url FROM captures")
    assert len(captured) > len(site.site.truths())
    assert not [row for row in captured if row["url"].endswith(".jpg")]


def test_a_picture_is_asked_for_once_whatever_comes_later(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    crawled(site, database_url, tmp_path)
    with_picture = next(n for n in site.site.numbers(NORTH_KOREA) if site.site.story(n).pictures)
    site.site.edit(with_picture)
    address = f"url=https://www.koreaherald.com{site.site.story_address(with_picture)}"
    changed = crawled(site, database_url, tmp_path, "article", address)
    assert changed.stats["story/changed"] == 1
    crawled(site, database_url, tmp_path, "pictures")
    assert set(asked(site).values()) == {1}
    assert len(asked(site)) == len(urls_of(site.site))


def test_without_the_setting_nothing_is_imported_asked_for_or_written(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "modules" / "PIL").mkdir(parents=True)
    (tmp_path / "modules" / "PIL" / "__init__.py").write_text("raise SystemExit('Pillow')")
    environment = {**where(site, database_url), "PYTHONPATH": str(tmp_path / "modules")}
    run = crawl("northkorea", home=tmp_path, environment=environment)
    assert run.status == 0, run.log
    assert not asked(site)
    assert rows(database_url) == {}
    assert not (tmp_path / "images").exists()
    assert not any(key.startswith("picture/") for key in run.stats)
    writes = select(
        database_url,
        "SELECT n_tup_ins + n_tup_upd AS n FROM pg_stat_user_tables WHERE relname = 'pictures'",
    )
    assert writes == [{"n": 0}]
    broken = crawl("northkorea", home=tmp_path, settings=ON, environment=environment)
    assert broken.status != 0  # so the stand-in would have told


def test_pictures_of_stories_from_before_are_fetched_when_asked_for(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    total = len(urls_of(site.site))
    some = crawled(site, database_url, tmp_path, "pictures", "limit=3")
    assert some.status == 0, some.log
    assert some.stats["picture/fetched"] == 3
    assert f"{total - 3} pictures are still to be fetched" in some.log
    rest = crawled(site, database_url, tmp_path, "pictures")
    assert rest.stats["picture/fetched"] == total - 3
    assert "nothing is left to fetch" in rest.log
    assert not [target for target in site.paths() if "/view.php" in target][
        len(site.site.truths()) * 2 :
    ]
    assert_whole(database_url, tmp_path)


def test_two_addresses_of_one_picture_share_a_file(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    addresses = [f"{host}/2021/08/05/20210805000001_0.jpg" for host in (RES, WIMG)]
    of_story(database_url, *addresses)
    run = crawled(site, database_url, tmp_path, "pictures")
    assert run.stats["picture/fetched"] == 2
    found = rows(database_url)
    assert found[addresses[0]]["path"] == found[addresses[1]]["path"]
    files = [file for file in (tmp_path / "images").rglob("*") if file.is_file()]
    assert [file.read_bytes() for file in files] == [picture("20210805000001")]


def test_a_picture_that_fails_costs_no_story_and_is_tried_again_within_bounds(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    kinds = ["404", "410", "500", "no picture", "bomb", "empty", "soft 404", "reset", "cut"]
    urls = sorted(urls_of(site.site))
    faulty = dict(zip(urls, kinds, strict=False))
    for url, kind in faulty.items():
        site.site.faults[path_of(url)] = Fault(kind)  # type: ignore[arg-type]  # one of them
    run = crawled(site, database_url, tmp_path)
    assert run.status == 0, run.log
    assert run.stats["story/new"] == len(site.site.truths())
    assert "Traceback" not in run.log
    found = rows(database_url)
    reasons = {kind: (found[url]["state"], found[url]["reason"]) for url, kind in faulty.items()}
    assert reasons | {"reset": None, "cut": None} == {
        "404": ("dead", "http_404"),
        "410": ("dead", "http_410"),
        "500": ("waiting", "http_500"),
        "no picture": ("waiting", "not_image"),
        "bomb": ("dead", "too_large"),
        "empty": ("waiting", "not_image"),
        "soft 404": ("waiting", "not_image"),
        "reset": None,
        "cut": None,
    }
    for kind in ("reset", "cut"):
        assert reasons[kind][0] == "waiting"
        assert reasons[kind][1].isidentifier()
    assert run.stats["picture/failed"] == len(kinds)
    assert run.stats["picture/failed/not_image"] == 3
    assert run.stats["picture/dead"] == 3
    assert run.stats["picture/waiting"] == 6
    assert all(state == "fetched" for state in (found[u]["state"] for u in urls[len(kinds) :]))

    before = asked(site)
    crawled(site, database_url, tmp_path)  # too early for any of them
    assert asked(site) == before

    site.site.faults.clear()
    execute(database_url, "UPDATE pictures SET due_at = now() WHERE state = 'waiting'")
    again = crawled(site, database_url, tmp_path)
    assert again.stats["picture/fetched"] == 6
    retried = crawled(site, database_url, tmp_path, "pictures", "retry=1")
    assert retried.stats["picture/fetched"] == 3
    assert {row["state"] for row in rows(database_url).values()} == {"fetched"}
    assert_whole(database_url, tmp_path)


def test_a_picture_that_keeps_failing_is_given_up(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    url = f"{RES}/2021/08/05/20210805000001_0.jpg"
    of_story(database_url, url)
    site.site.faults[path_of(url)] = Fault("500")
    for attempt in (1, 2, 3):
        execute(database_url, "UPDATE pictures SET due_at = now()")
        run = crawled(site, database_url, tmp_path, "pictures", STORY_ATTEMPTS=3)
        assert run.status == 0, run.log
        row = rows(database_url)[url]
        assert (row["attempts"], row["state"]) == (attempt, "dead" if attempt == 3 else "waiting")
    assert run.stats["picture/dead"] == 1


def test_a_picture_of_too_many_bytes_is_not_downloaded(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    url = f"{RES}/2021/08/05/20210805000001_0.jpg"
    of_story(database_url, url)
    run = crawled(site, database_url, tmp_path, "pictures", PICTURES_MAXSIZE=500)
    assert run.stats["picture/failed/too_large"] == 1
    assert rows(database_url)[url]["state"] == "dead"
    assert "Traceback" not in run.log


def test_nothing_but_the_herald_s_hosts_is_asked_for_a_picture(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    foreign = [
        "https://img.yonhapnews.example/1.jpg",
        "http://127.0.0.1:9/1.jpg",
        "https://res.heraldm.com@elsewhere.example/1.jpg",
        "https://res.heraldm.com.elsewhere.example/1.jpg",
        "https://res.heraldm.com:8080/1.jpg",
        "file:///etc/passwd",
        "s3://bucket/1.jpg",
        "https://img.example/" + "x" * 3000,
    ]
    off_site = f"{RES}/2021/08/05/20210805000002_0.jpg"
    site.site.faults[path_of(off_site)] = Fault("off-site")
    of_story(database_url, *foreign, off_site)
    run = crawled(site, database_url, tmp_path, "pictures")
    assert run.status == 0, run.log
    found = rows(database_url)
    assert {(found[url]["state"], found[url]["reason"]) for url in foreign} == {("dead", "foreign")}
    assert (found[off_site]["state"], found[off_site]["reason"]) == ("dead", "forbidden")
    assert site.paths() == ["/robots.txt", path_of(off_site)]


def test_a_picture_that_has_moved_on_the_herald_s_hosts_is_followed(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    url = f"{RES}/2021/08/05/20210805000001_0.jpg"
    site.site.faults[path_of(url)] = Fault("moved")
    of_story(database_url, url)
    crawled(site, database_url, tmp_path, "pictures")
    assert rows(database_url)[url]["state"] == "fetched"
    assert [*asked(site)] == [path_of(url), f"{path_of(url)}?moved=1"]


def test_robots_txt_of_the_pictures_own_host_is_obeyed(database_url: str, tmp_path: Path) -> None:
    allowed = f"{RES}/2021/08/05/20210805000001_0.jpg"
    forbidden = f"{WIMG}/2021/08/05/20210805000002_0.jpg"
    warc = tmp_path / "sample.warc.gz"
    robots = b"User-agent: *\nDisallow: /content/\n"
    with warc.open("wb") as out:
        write_warc(Site(stories=20), out)
        writer: Any = warcwriter.WARCWriter(out, gzip=True)
        for url, kind, body in (
            ("https://wimg.heraldcorp.com/robots.txt", "text/plain", robots),
            (allowed, "image/jpeg", picture("20210805000001")),
            (forbidden, "image/jpeg", picture("20210805000002")),
        ):
            headers = statusandheaders.StatusAndHeaders(
                "200 OK", [("Content-Type", kind)], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                url, "response", payload=BytesIO(body), length=len(body), http_headers=headers
            )
            writer.write_record(record)
    of_story(database_url, allowed, forbidden)
    environment = {"REPLAY": str(warc), "DATABASE_URL": database_url}
    run = crawl("pictures", home=tmp_path, environment=environment)
    assert run.status == 0, run.log
    found = rows(database_url)
    assert found[allowed]["state"] == "fetched"
    assert (found[forbidden]["state"], found[forbidden]["reason"]) == ("dead", "forbidden")
    assert run.stats["robotstxt/forbidden"] == 1


def test_pictures_and_pages_take_turns_at_a_host(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=12)) as site:
        run = crawled(site, database_url, tmp_path, DOWNLOAD_DELAY=0.3)
        assert run.status == 0, run.log
        assert len(asked(site)) >= 3
        times = [request.at for request in site.log]
    # Counted from when they were sent, which is a little before they are logged.
    assert all(later - earlier > 0.2 for earlier, later in pairwise(times))


def test_refused_pictures_stop_the_pictures_and_not_the_stories(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    for url in urls_of(site.site):
        site.site.faults[path_of(url)] = Fault("403")
    run = crawled(site, database_url, tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert run.status == 0, run.log
    assert run.stats["story/new"] == len(site.site.truths())
    assert run.stats["picture/failed/http_403"] == 5 == len(asked(site))
    assert "Pictures are refused (http_403); the rest waits for the next run" in run.log
    alone = crawled(site, database_url, tmp_path, "pictures", CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert alone.status == 4, alone.log


def test_a_disk_that_takes_no_pictures_costs_no_story_and_no_attempt(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "images").write_text("in the way")
    run = crawled(site, database_url, tmp_path)
    assert run.status == 0, run.log
    assert run.stats["story/new"] == len(site.site.truths())
    assert "Pictures cannot be written (Not a directory" in run.log
    assert {(row["state"], row["attempts"]) for row in rows(database_url).values()} == {
        ("waiting", 0)
    }
    assert crawled(site, database_url, tmp_path, "pictures").status == 1
    (tmp_path / "images").unlink()
    assert crawled(site, database_url, tmp_path).status == 0
    assert {row["state"] for row in rows(database_url).values()} == {"fetched"}


def test_what_a_killed_crawl_has_half_written_is_removed_when_it_is_old(
    site: Server, database_url: str, tmp_path: Path
) -> None:
    old, fresh, other = (tmp_path / "images" / name for name in (".a.part", ".b.part", "c.part"))
    old.parent.mkdir()
    for path in (old, fresh, other):
        path.write_bytes(b"half a pic")
    for path in (old, other):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert crawled(site, database_url, tmp_path).status == 0
    assert [path.exists() for path in (old, fresh, other)] == [False, True, True]


def test_half_a_picture_lies_where_the_next_crawl_looks_for_it(tmp_path: Path) -> None:
    """That is one folder, for there may be millions of pictures in the others."""
    folder = tmp_path / "images"
    program = (
        "import resource, signal, sys\n"
        "from heraldcrawl.pipelines.picture_files import PictureFiles\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5, 5))\n"
        "PictureFiles(sys.argv[1]).write('ab/ab.jpg', b'half a pic')\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, folder], cwd=PROJECT, check=False)
    assert killed.returncode == -signal.SIGXFSZ
    [left] = [path for path in folder.rglob("*") if path.is_file()]
    assert left.parent == folder
    files = PictureFiles(str(folder))
    files.remove_leftovers()
    assert left.exists()
    os.utime(left, (time.time() - 90_000,) * 2)
    files.remove_leftovers()
    assert not left.exists()


def test_crawls_killed_again_and_again_leave_no_picture_out_and_none_broken(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=150)) as site:
        countdown = Countdown(site)
        environment = where(site, database_url)
        kills = 0
        for requests in (9, 30, 21, 44, 17, 60):
            countdown.start(requests)
            run = Crash("northkorea", home=tmp_path, settings=ON, environment=environment)
            if countdown.wait(run):
                kills += run.end(signal.SIGKILL) == -signal.SIGKILL
            else:
                run.wait()
        site.on_request = None
        last = crawled(site, database_url, tmp_path)
        assert last.status == 0, last.log
        found = rows(database_url)
        assert found.keys() == urls_of(site.site)
        assert {row["state"] for row in found.values()} == {"fetched"}
        assert sum(asked(site).values()) - len(found) <= kills * 8  # those that were under way
    assert kills >= 3
    assert_whole(database_url, tmp_path)


def test_a_crawl_that_is_stopped_gives_its_pictures_back(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=90), delay_seconds=0.02) as site:
        environment = where(site, database_url)
        crawl("northkorea", home=tmp_path, environment=environment)
        countdown = Countdown(site)
        countdown.start(10)
        run = Crash("pictures", home=tmp_path, environment=environment)
        assert countdown.wait(run)
        assert run.end(signal.SIGTERM, 30) == 6, run.log
        assert select(database_url, "SELECT 1 FROM pictures WHERE leased_by IS NOT NULL") == []
        assert sum(row["state"] == "fetched" for row in rows(database_url).values()) > 0
        crawled(site, database_url, tmp_path, "pictures")
        assert {row["state"] for row in rows(database_url).values()} == {"fetched"}
        assert set(asked(site).values()) == {1}


def test_two_crawls_share_the_pictures(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=120), delay_seconds=0.01) as site:
        environment = where(site, database_url)
        crawl("northkorea", home=tmp_path, environment=environment)
        runs = [Crash("pictures", home=tmp_path, environment=environment) for _ in range(2)]
        assert [run.wait() for run in runs] == [0, 0]
        assert {row["state"] for row in rows(database_url).values()} == {"fetched"}
        assert set(asked(site).values()) == {1}
        stats = [row["stats"] for row in select(database_url, "SELECT stats FROM runs")]
    assert sum(each.get("picture/fetched", 0) for each in stats) == len(asked(site))


def test_a_picture_s_form_is_read_from_its_bytes() -> None:
    for kind, suffix in (("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp")):
        file = BytesIO()
        Pillow.new("RGB", (3, 2)).save(file, kind)
        found = describe(file.getvalue())
        assert (found.path.rpartition(".")[2], found.width, found.height) == (suffix, 3, 2)
        assert found.content_type == f"image/{kind.lower()}"
    with pytest.raises(PictureFailed, match="too_large"):
        describe(bomb())
    file = BytesIO()
    Pillow.new("RGB", (3, 2)).save(file, "TIFF")
    with pytest.raises(PictureFailed, match="not_image"):  # a form that no page shows
        describe(file.getvalue())


@given(st.sampled_from([b"", picture("1")[:90], bomb()[:33], b"GIF89a"]), st.binary(max_size=300))
def test_any_bytes_are_a_picture_or_said_to_be_none(start: bytes, rest: bytes) -> None:
    with suppress(PictureFailed):
        assert describe(start + rest).bytes == len(start + rest)


@given(
    st.text(max_size=60), st.sampled_from(["", "http://", "https://", "https://res.heraldm.com"])
)
def test_what_may_be_asked_for_stays_on_the_herald_s_hosts(text: str, start: str) -> None:
    url = start + text
    if is_herald_picture(url):
        moved = picture_at(url, "http://127.0.0.1:8080/mirror")
        assert moved.startswith("http://127.0.0.1:8080/mirror/")
