"""Requests answered from real WARC files."""

from __future__ import annotations

import gzip
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import HtmlResponse
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from heraldcrawl.archive.replay import files, index, read
from heraldcrawl.errors import ReplayError
from heraldcrawl.site.addresses import resource_key

if TYPE_CHECKING:
    from pathlib import Path

    from scrapy.http import Response

STORY = "https://www.koreaherald.com/view.php?ud=20260101000001"


def write(
    file: Path,
    *captures: tuple[str, str, bytes],
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),),
    status: str = "200 OK",
) -> Path:
    """Captures of (address, WARC-Date, body)."""
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, date, body in captures:
            record = writer.create_warc_record(
                url,
                "response",
                payload=BytesIO(body),
                length=len(body),
                http_headers=StatusAndHeaders(status, list(headers), protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": date},
            )
            writer.write_record(record)
    return file


def answer(file: Path, url: str, max_bytes: int = 1_000_000) -> Response:
    answers = index(str(file), max_bytes)
    return read(answers[resource_key(url)], Request(url), max_bytes)


def test_a_capture_answers_whatever_host_and_parameters_it_was_made_with(tmp_path: Path) -> None:
    url = "http://khview.heraldm.com/view.php?np=2&ud=20260101000001&mp=1"
    file = write(tmp_path / "a.warc.gz", (url, "2026-01-01T00:00:00Z", b"<p>story</p>"))
    response = answer(file, STORY)
    assert isinstance(response, HtmlResponse)
    assert (response.url, response.status, response.body) == (STORY, 200, b"<p>story</p>")


def test_the_latest_capture_answers(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.warc.gz",
        (STORY, "2026-01-02T00:00:00Z", b"second"),
        (STORY, "2026-01-01T00:00:00Z", b"first"),
    )
    assert answer(file, STORY).body == b"second"


def test_a_compressed_body_comes_out_decoded_and_says_so(tmp_path: Path) -> None:
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"))
    body = gzip.compress("<p>북한</p>".encode())
    file = write(tmp_path / "a.warc.gz", (STORY, "2026-01-01T00:00:00Z", body), headers=headers)
    response = answer(file, STORY)
    assert response.body == "<p>북한</p>".encode()
    assert b"Content-Encoding" not in response.headers


def test_a_body_beyond_the_limit_is_refused_as_it_would_be_by_a_download(tmp_path: Path) -> None:
    body = gzip.compress(b"0" * 10_000_000)
    headers = (("Content-Encoding", "gzip"),)
    file = write(tmp_path / "a.warc.gz", (STORY, "2026-01-01T00:00:00Z", body), headers=headers)
    with pytest.raises(DownloadCancelledError, match="more than DOWNLOAD_MAXSIZE"):
        answer(file, STORY, max_bytes=50_000)


def test_a_status_is_kept(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.warc.gz", (STORY, "2026-01-01T00:00:00Z", b""), status="404 Not Found"
    )
    assert answer(file, STORY).status == 404


def test_a_file_cut_in_a_record_gives_the_records_before(tmp_path: Path) -> None:
    other = STORY.replace("01000001", "01000002")
    file = write(
        tmp_path / "a.warc.gz",
        (STORY, "2026-01-01T00:00:00Z", b"whole"),
        (other, "2026-01-01T00:00:00Z", bytes(range(256)) * 40),
    )
    file.write_bytes(file.read_bytes()[:-300])
    assert answer(file, STORY).body == b"whole"


def test_several_files_and_globs_are_found(tmp_path: Path) -> None:
    for name in ("a b.warc.gz", "c.warc.gz"):
        write(tmp_path / name, (STORY, "2026-01-01T00:00:00Z", b""))
    assert files(f"{tmp_path}/*.warc.gz") == [f"{tmp_path}/a b.warc.gz", f"{tmp_path}/c.warc.gz"]
    assert files(f"{tmp_path}/a b.warc.gz") == [f"{tmp_path}/a b.warc.gz"]
    assert files(f"{tmp_path}/c.warc.gz {tmp_path}/[a]*") == [
        f"{tmp_path}/c.warc.gz",
        f"{tmp_path}/a b.warc.gz",
    ]


def test_a_missing_file_and_one_of_another_kind_are_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match=r"names no file: .*/none\.warc"):
        files(str(tmp_path / "none.warc"))
    other = tmp_path / "page.html"
    other.write_text("<html></html>")
    with pytest.raises(ReplayError, match=r"page\.html is no readable WARC file"):
        index(str(other), 1_000_000)


def test_a_redirect_from_an_old_host_to_the_same_story_is_no_answer(tmp_path: Path) -> None:
    moved = (("Location", STORY),)
    old = STORY.replace("www.", "")
    write(tmp_path / "a.warc.gz", (STORY, "2026-01-01T00:00:00Z", b"<p>story</p>"))
    write(tmp_path / "b.warc.gz", (old, "2026-01-02T00:00:00Z", b""), headers=moved, status="301 X")
    assert answer(tmp_path / "*.warc.gz", STORY).body == b"<p>story</p>"


def test_of_revisits_that_name_nothing_each_has_the_payload_of_the_response_before(
    tmp_path: Path,
) -> None:
    """WARC 1.0 lets a revisit say no more than that the payload came before."""
    file = write(tmp_path / "a.warc.gz", (STORY, "2026-01-01T00:00:00Z", b"<p>story</p>"))
    html = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    with file.open("ab") as stream:
        writer = WARCWriter(stream, gzip=True)
        for day in (2, 3):
            date = {"WARC-Date": f"2026-01-0{day}T00:00:00Z"}
            record = writer.create_warc_record(
                STORY, "revisit", http_headers=html, warc_headers_dict=date
            )
            writer.write_record(record)
    assert answer(file, STORY).body == b"<p>story</p>"
