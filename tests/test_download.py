from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psutil
import pytest

from heraldcrawl.browser import find_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parent.parent
WAIT_SECONDS = 60

PAGES = {
    "/robots.txt": "User-agent: *\nDisallow: /private/\n",
    # Its headline exists only after a script has fetched it.
    "/story": """<!DOCTYPE html><html><head><meta charset="euc-kr"><title>Waiting</title>
        <style>@font-face { font-family: F; src: url(/letters.woff2) } h1 { font-family: F }</style>
        <link rel="preconnect" href="//ELSEWHERE"><link rel="dns-prefetch" href="//ELSEWHERE">
        <script src="//ELSEWHERE/advert.js"></script></head><body>
        <img src="/picture.png"><img src="//ELSEWHERE/pixel.gif"><video src="/film.mp4" autoplay>
        </video><iframe src="//ELSEWHERE/frame"></iframe>
        <script>
        fetch("/headline.json").then(answer => answer.json()).then(story => {
            document.body.append(Object.assign(document.createElement("h1"),
                { textContent: story.headline + " " + navigator.userAgent }));
        });
        fetch("/private/readers.json");
        fetch("//ELSEWHERE/readers.json", { mode: "no-cors" });
        navigator.sendBeacon("//ELSEWHERE/beacon", "seen");
        new WebSocket("ws://ELSEWHERE/socket");
        fetch("/away/data").catch(() => {});
        </script></body></html>""",
    "/headline.json": '{"headline": "Ferry to Baengnyeong resumes after fog 백령도"}',
    "/goes-away-by-script": """<p>Here</p><script>location = "//ELSEWHERE/landing"</script>""",
    "/opens-a-window": """<p>Here</p><script>open("/opened")</script>""",
    "/opened": "<p>Opened</p>",
    "/sends-datagrams": """<p>Here</p><script>
        const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:DATAGRAMS" }] });
        peer.createDataChannel("x");
        peer.createOffer().then(offer => peer.setLocalDescription(offer));
        setTimeout(() => fetch("/headline.json"), 400);
        </script>""",
    "/never-idle": """<p id="p">Before</p><script>
        fetch("/hangs"); document.getElementById("p").textContent = "After"</script>""",
    "/busy-for-ever": """<p>Here</p><script>setTimeout(() => { while (true); }, 0)</script>""",
    "/grows": """<p>Here</p><script>document.body.append("x".repeat(2000000))</script>""",
    "/cookie": "<p>Here</p><script>document.cookie = 'who=reader; path=/'</script>",
    "/gone": "<p>Gone</p>",
    "/paper.pdf": "%PDF-1.4 is no page",
}


class Site:
    """A small site on 127.0.0.1; the same port of ``localhost`` plays the rest of the world."""

    def __init__(self) -> None:
        self.asked: list[str] = []  # host and path, in the order of arrival
        self.headers: dict[str, list[dict[str, str]]] = defaultdict(list)  # by path
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind(("127.0.0.1", 0))
        self.datagrams.setblocking(False)
        self.hanging = threading.Event()
        self.stopped = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.answer(self)

            def do_POST(self) -> None:
                site.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.elsewhere = f"localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers["Host"].partition(":")[0]
        self.asked.append(host + handler.path)
        self.headers[handler.path].append(
            {name.lower(): value for name, value in handler.headers.items()}
        )
        if handler.path == "/hangs":
            self.hanging.set()
            self.stopped.wait(WAIT_SECONDS)
        status = {"/gone": 410}.get(handler.path, 200 if handler.path in PAGES else 404)
        page = PAGES.get(handler.path, "").replace("ELSEWHERE", self.elsewhere)
        body = page.replace("DATAGRAMS", str(self.datagrams.getsockname()[1])).encode()
        location = {"/moved": "/story", "/goes-away": f"http://{self.elsewhere}/landing"}.get(
            handler.path
        )
        if handler.path in ("/ends-with-the-connection", "/breaks-off"):
            self.end_with_the_connection(handler)
            return
        if handler.path == "/away/data":
            location = f"http://{self.elsewhere}/data"
        with suppress(ConnectionError):  # a browser may hang up at any time
            handler.send_response(302 if location else status)
            kind = "application/pdf" if handler.path.endswith(".pdf") else "text/html"
            handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(body)))
            handler.send_header("ETag", '"1"')
            if location:
                handler.send_header("Location", location)
            handler.end_headers()
            handler.wfile.write(body)

    def end_with_the_connection(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer without a length: all of a page, or the half of it."""
        body = gzip.compress(b"<p>" + b"".join(b"%d, " % n for n in range(50_000)) + b"</p>")
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(body if handler.path == "/ends-with-the-connection" else body[:-99])

    def asked_elsewhere(self) -> list[str]:
        return [asked for asked in self.asked if not asked.startswith("127.0.0.1")]

    def stop(self) -> None:
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()
        self.datagrams.close()


class Crawled(NamedTuple):
    outcomes: dict[str, dict[str, Any]]  # by path
    stats: dict[str, int]
    modules: list[str]
    processes: list[int]
    log: str


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.stop()


def start_crawl(
    site: Site,
    home: Path,
    paths: list[str],
    settings: dict[str, object] | None = None,
    *,
    browser: bool = True,
    headers: dict[str, str] | None = None,
) -> subprocess.Popen[str]:
    job = {
        "requests": [
            {"url": site.url + path, "browser": browser, "headers": headers} for path in paths
        ],
        "settings": {"SITE_URL": site.url, "HERALD_HOME": str(home)} | (settings or {}),
    }
    crawl = subprocess.Popen(
        [sys.executable, "-m", "tests.download_crawl"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert crawl.stdin is not None
    crawl.stdin.write(json.dumps(job))
    crawl.stdin.close()
    crawl.stdin = None
    return crawl


def finish(crawl: subprocess.Popen[str], site: Site) -> Crawled:
    output, log = crawl.communicate(timeout=4 * WAIT_SECONDS)
    assert crawl.returncode == 0, log
    result = json.loads(output)
    return Crawled(
        {url.removeprefix(site.url): outcome for url, outcome in result["outcomes"].items()},
        result["stats"],
        result["modules"],
        result["processes"],
        log,
    )


def crawl(
    site: Site,
    home: Path,
    paths: list[str],
    settings: dict[str, object] | None = None,
    *,
    browser: bool = True,
    headers: dict[str, str] | None = None,
) -> Crawled:
    return finish(start_crawl(site, home, paths, settings, browser=browser, headers=headers), site)


def running(pids: list[int]) -> list[int]:
    """Those of the processes that do not end within a while."""
    deadline = time.monotonic() + WAIT_SECONDS
    while alive := [pid for pid in pids if is_alive(pid)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return alive


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE  # nobody's child may stay one
    except psutil.NoSuchProcess:
        return False


# Ordinary requests --------------------------------------------------------------------------------


def test_a_page_that_breaks_off_is_no_page_whatever_the_server_told_of_its_length(
    site: Site, tmp_path: Path
) -> None:
    paths = ["/ends-with-the-connection", "/breaks-off"]
    outcomes = crawl(
        site, tmp_path, paths, {"RETRY_ENABLED": True, "RETRY_TIMES": 1}, browser=False
    ).outcomes
    assert outcomes["/ends-with-the-connection"]["text"].endswith("49999, </p>")
    assert outcomes["/breaks-off"]["error"] == "ResponseDataLossError"
    assert site.asked.count("127.0.0.1/breaks-off") == 2


def test_an_ordinary_crawl_never_imports_playwright(site: Site, tmp_path: Path) -> None:
    crawled = crawl(site, tmp_path, ["/story"], browser=False)
    assert "Waiting" in crawled.outcomes["/story"]["text"]
    assert "headline.json" in crawled.outcomes["/story"]["text"]
    assert crawled.outcomes["/story"]["flags"] == []
    assert not [name for name in crawled.modules if "playwright" in name]
    assert "heraldcrawl.browser" not in crawled.modules
    assert crawled.processes == []


# Pages that need the browser ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def _site_of_module() -> Iterator[Site]:
    site = Site()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def rendered(
    _site_of_module: Site, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Site, Crawled]:
    """One crawl of the pages that do not need settings of their own."""
    paths = [
        "/cookie",
        "/story",
        "/moved",
        "/goes-away",
        "/goes-away-by-script",
        "/opens-a-window",
        "/sends-datagrams",
        "/never-idle",
        "/gone",
        "/paper.pdf",
    ]
    crawled = crawl(
        _site_of_module,
        tmp_path_factory.mktemp("home"),
        paths,
        headers={"If-None-Match": '"1"'},
    )
    return _site_of_module, crawled


@pytest.mark.browser
def test_a_page_built_by_script_is_read_as_the_browser_shows_it(
    rendered: tuple[Site, Crawled],
) -> None:
    site, crawled = rendered
    story = crawled.outcomes["/story"]
    assert "Ferry to Baengnyeong resumes after fog 백령도" in story["text"]
    assert story["url"] == f"{site.url}/story"
    assert story["status"] == 200
    assert story["type"] == "HtmlResponse"
    assert story["flags"] == ["browser"]
    assert story["headers"]["content-type"] == "text/html; charset=utf-8"
    assert story["headers"]["etag"] == '"1"'
    assert "content-length" not in story["headers"]


@pytest.mark.browser
def test_the_browser_goes_by_our_name(rendered: tuple[Site, Crawled]) -> None:
    site, crawled = rendered
    for path in ("/story", "/headline.json"):
        for headers in site.headers[path]:
            assert headers["user-agent"].startswith("heraldcrawl/")
    assert "백령도 heraldcrawl/" in crawled.outcomes["/story"]["text"]


@pytest.mark.browser
def test_nothing_off_the_site_is_requested(rendered: tuple[Site, Crawled]) -> None:
    site, _ = rendered
    assert "127.0.0.1/headline.json" in site.asked
    assert "127.0.0.1/away/data" in site.asked  # its redirect leads elsewhere
    assert site.asked_elsewhere() == []
    with pytest.raises(BlockingIOError):
        site.datagrams.recv(1)


@pytest.mark.browser
def test_pictures_letters_and_films_are_not_requested(rendered: tuple[Site, Crawled]) -> None:
    site, _ = rendered
    assert not {"/picture.png", "/letters.woff2", "/film.mp4"} & set(site.headers)


@pytest.mark.browser
def test_scripts_obey_robots_txt(rendered: tuple[Site, Crawled]) -> None:
    site, _ = rendered
    assert "/private/readers.json" not in site.headers


@pytest.mark.browser
def test_a_redirect_on_the_site_is_followed(rendered: tuple[Site, Crawled]) -> None:
    site, crawled = rendered
    assert crawled.outcomes["/moved"]["url"] == f"{site.url}/story"
    assert "백령도" in crawled.outcomes["/moved"]["text"]


@pytest.mark.browser
def test_a_redirect_off_the_site_is_refused(rendered: tuple[Site, Crawled]) -> None:
    site, crawled = rendered
    for path in ("/goes-away", "/goes-away-by-script"):
        assert crawled.outcomes[path] == {
            "error": "IgnoreRequest",
            "message": f"{site.url}{path} leads off the Herald's hosts,"
            f" to http://{site.elsewhere}/landing",
        }
    assert crawled.stats["offsite/redirects"] == 2


@pytest.mark.browser
def test_a_page_that_never_comes_to_rest_is_taken_as_it_is(rendered: tuple[Site, Crawled]) -> None:
    _, crawled = rendered
    assert '<p id="p">After</p>' in crawled.outcomes["/never-idle"]["text"]


@pytest.mark.browser
def test_an_error_page_keeps_its_status(rendered: tuple[Site, Crawled]) -> None:
    _, crawled = rendered
    assert crawled.outcomes["/gone"]["status"] == 410


@pytest.mark.browser
def test_what_is_no_page_is_a_failed_download(rendered: tuple[Site, Crawled]) -> None:
    _, crawled = rendered
    assert crawled.outcomes["/paper.pdf"]["error"] == "DownloadFailedError"


@pytest.mark.browser
def test_no_cookie_and_no_condition_travels_to_a_page(rendered: tuple[Site, Crawled]) -> None:
    site, _ = rendered
    sent = [headers for all_headers in site.headers.values() for headers in all_headers]
    assert not [headers for headers in sent if "cookie" in headers]
    assert not [headers for headers in sent if "if-none-match" in headers]


@pytest.mark.browser
def test_every_page_is_counted(rendered: tuple[Site, Crawled]) -> None:
    _, crawled = rendered
    assert crawled.stats["browser/pages"] == 10
    assert crawled.stats["playwright/browser_count"] == 1
    assert "browser/over_budget" not in crawled.stats
    assert "browser/unavailable" not in crawled.stats


@pytest.mark.browser
def test_no_process_is_left_after_the_crawl(rendered: tuple[Site, Crawled]) -> None:
    _, crawled = rendered
    assert len(crawled.processes) >= 2  # the driver, the browser and its parts
    assert running(crawled.processes) == []


@pytest.mark.browser
def test_a_page_that_keeps_the_browser_busy_times_out_alone(site: Site, tmp_path: Path) -> None:
    crawled = crawl(
        site,
        tmp_path,
        ["/busy-for-ever", "/story"],
        {"DOWNLOAD_TIMEOUT": 12},
    )
    assert crawled.outcomes["/busy-for-ever"]["error"] == "DownloadTimeoutError"
    assert "백령도" in crawled.outcomes["/story"]["text"]
    assert running(crawled.processes) == []


@pytest.mark.browser
def test_a_page_that_grows_too_large_is_refused(site: Site, tmp_path: Path) -> None:
    crawled = crawl(site, tmp_path, ["/grows"], {"DOWNLOAD_MAXSIZE": 1_000_000})
    assert crawled.outcomes["/grows"]["error"] == "DownloadCancelledError"


@pytest.mark.browser
def test_the_budget_of_a_run_is_kept(site: Site, tmp_path: Path) -> None:
    paths = ["/story", "/cookie", "/opened", "/opens-a-window"]
    crawled = crawl(
        site, tmp_path, paths, {"BROWSER_PAGES": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 4}
    )
    errors = [outcome.get("error") for outcome in crawled.outcomes.values()]
    assert sorted(map(str, errors)) == ["BrowserBudgetSpent"] * 3 + ["None"]
    assert crawled.stats["browser/pages"] == 1
    assert crawled.stats["browser/over_budget"] == 3
    assert crawled.log.count("BROWSER_PAGES=1 are spent; neither") == 1


def test_a_budget_of_nothing_switches_the_browser_off(site: Site, tmp_path: Path) -> None:
    crawled = crawl(site, tmp_path, ["/story"], {"BROWSER_PAGES": 0})
    assert crawled.outcomes["/story"]["error"] == "BrowserBudgetSpent"
    assert "heraldcrawl.browser" not in crawled.modules


# Without a browser that works ---------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["missing", "broken"])
def test_without_a_browser_the_crawl_says_so_once_and_goes_on(
    site: Site, tmp_path: Path, kind: str
) -> None:
    program = tmp_path / "chromium"
    if kind == "broken":
        program.write_text(
            "#!/bin/sh\necho error while loading shared libraries: libnss3.so >&2\nexit 127\n"
        )
        program.chmod(0o755)
    crawled = crawl(site, tmp_path, ["/story", "/cookie"], {"BROWSER_EXECUTABLE": str(program)})
    for path in ("/story", "/cookie"):
        assert crawled.outcomes[path]["error"] == "BrowserUnavailable"
        assert f"{program} did not start" in crawled.outcomes[path]["message"]
        assert 'install Debian\'s package "chromium"' in crawled.outcomes[path]["message"]
        assert ("libnss3.so" in crawled.outcomes[path]["message"]) == (kind == "broken")
    assert crawled.stats["browser/unavailable"] == 2
    assert crawled.stats["browser/pages"] == 0
    assert crawled.log.count("Pages that need the browser are not read") == 1
    assert "Traceback" not in crawled.log
    assert running(crawled.processes) == []


def test_a_driver_that_does_not_start_is_no_browser_either(site: Site, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PLAYWRIGHT_NODEJS_PATH", "/bin/false")
        crawled = crawl(site, tmp_path, ["/story"])
    assert crawled.outcomes["/story"]["error"] == "BrowserUnavailable"
    assert (
        "Playwright's driver does not run (exit status 1)" in crawled.outcomes["/story"]["message"]
    )
    assert "Traceback" not in crawled.log


def test_behind_a_proxy_the_browser_is_not_used(site: Site, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("http_proxy", site.url)
        environment.delenv("no_proxy", raising=False)
        crawled = crawl(site, tmp_path, ["/story"])
    assert crawled.outcomes["/story"]["error"] == "BrowserUnavailable"


def test_the_browser_of_the_setting_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "chromium-browser"
    shutil.copy("/bin/sh", program)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser("/opt/chrome") == "/opt/chrome"
    assert find_browser("") == str(program)
    program.unlink()
    assert find_browser("") is None


@pytest.mark.browser
def test_a_browser_that_dies_is_started_again(site: Site, tmp_path: Path) -> None:
    process = start_crawl(site, tmp_path, ["/never-idle", "/story"], {"CONCURRENT_REQUESTS": 1})
    assert site.hanging.wait(WAIT_SECONDS)
    for child in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "chrom" in child.name():
                child.kill()
    crawled = finish(process, site)
    # Whether its page is lost or opened once more depends on how far it had come.
    assert crawled.outcomes["/never-idle"].get("error") in (None, "DownloadFailedError")
    assert "백령도" in crawled.outcomes["/story"]["text"]
    assert crawled.stats["playwright/browser_count"] == 2
    assert running(crawled.processes) == []


# A crawl that is stopped --------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_crawl_leaves_no_browser_behind(
    site: Site, tmp_path: Path, how: signal.Signals
) -> None:
    process = start_crawl(site, tmp_path, ["/never-idle"])
    assert site.hanging.wait(WAIT_SECONDS)
    children = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    assert len(children) >= 2
    if how is signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal sends it
    else:
        process.send_signal(how)
    _, log = process.communicate(timeout=4 * WAIT_SECONDS)
    assert process.returncode == (-how if how is signal.SIGKILL else 0)
    assert "Traceback" not in log
    assert running(children) == []
