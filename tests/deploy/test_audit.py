"""``make audit``: what it finds, and what it says when it cannot look."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
KNOWN = {
    "id": "PYSEC-2026-1",
    "summary": "invented",
    "affected": [
        {
            "package": {"name": "scrapy", "ecosystem": "PyPI"},
            "versions": ["2.19.0"],
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}],
        }
    ],
}


@contextmanager
def osv(vulnerable: str | None = None, status: int = 200) -> Iterator[tuple[str, set[str]]]:
    """A service that speaks OSV's language, and the packages that it was asked about."""
    asked: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(405, {})

        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.add(query["package"]["name"])
            found = [KNOWN] if query["package"]["name"] == vulnerable else []
            self._answer(status, {"vulns": found} if found else {})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
        finally:
            server.shutdown()


def audit(url: str, cache: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OSV_URL": url, "XDG_CACHE_HOME": str(cache), "HOME": str(cache)}
    return subprocess.run(
        [PROJECT / "deploy" / "audit.sh"],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_locked_is_asked_about_and_found_clean(tmp_path: Path) -> None:
    with osv() as (url, asked):
        done = audit(url, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "No known vulnerabilities found" in done.stderr
    assert {"scrapy", "psycopg", "scrapyd", "cronsim"} <= asked


def test_a_known_vulnerability_fails_and_is_named(tmp_path: Path) -> None:
    with osv("scrapy") as (url, _):
        done = audit(url, tmp_path)
    assert done.returncode == 1
    assert "scrapy" in done.stdout
    assert "PYSEC-2026-1" in done.stdout


def test_a_service_out_of_reach_is_said_and_is_no_failure(tmp_path: Path) -> None:
    done = audit("http://127.0.0.1:9/v1/query", tmp_path)
    assert done.returncode == 0
    assert done.stdout == (
        "NOT AUDITED for known vulnerabilities: http://127.0.0.1:9/v1/query cannot be reached"
        " ([Errno 111] Connection refused)\n"
    )


@pytest.mark.parametrize("status", [500, 403])
def test_a_service_that_fails_is_a_failure(tmp_path: Path, status: int) -> None:
    with osv(status=status) as (url, _):
        assert audit(url, tmp_path).returncode != 0
