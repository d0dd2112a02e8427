"""Passwords from files, which must be closed to others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from heraldcrawl.errors import SecretError
from heraldcrawl.secret import read_secret
from tests.crawling import scrapy

PROJECT = Path(__file__).parents[1]
WORDS = "100% 'secret' $HOME 비밀"


def write(path: Path, text: str, mode: int) -> str:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return str(path)


def printed(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "heraldcrawl.secret", "WORD"],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_the_line_is_the_secret(tmp_path: Path, ending: str) -> None:
    assert read_secret("WORD_FILE", write(tmp_path / "word", WORDS + ending, 0o600)) == WORDS


@pytest.mark.parametrize("mode", [0o604, 0o601, 0o622, 0o662, 0o777])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path / "word", WORDS, mode)
    with pytest.raises(SecretError) as refused:
        read_secret("WORD_FILE", path)
    assert str(refused.value) == (
        f"WORD_FILE={path} is open to others (mode {mode:04o}); chmod 600 it"
    )


def test_the_group_may_read_what_is_root_s_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "word", WORDS, 0o440)
    if os.geteuid() == 0:
        assert read_secret("WORD_FILE", path) == WORDS
        os.chown(path, 65521, 65521)
    with pytest.raises(SecretError, match=r"open to others \(mode 0440\)"):
        read_secret("WORD_FILE", path)


@pytest.mark.parametrize("text", ["", "\n", "one\ntwo\n", "one\0two", "x" * 5000])
def test_what_is_not_one_line_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SecretError, match="must hold one line"):
        read_secret("WORD_FILE", write(tmp_path / "word", text, 0o600))


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="cannot be read: No such file or directory"):
        read_secret("WORD_FILE", str(tmp_path / "none"))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "bytes").chmod(0o600)
    with pytest.raises(SecretError, match="is not text"):
        read_secret("WORD_FILE", str(tmp_path / "bytes"))


def test_scripts_get_it_from_the_variable_or_its_file(tmp_path: Path) -> None:
    path = write(tmp_path / "word", f"{WORDS}\n", 0o600)
    assert printed(WORD=WORDS).stdout == f"{WORDS}\n"
    assert printed(WORD_FILE=path).stdout == f"{WORDS}\n"
    assert printed(WORD="first", WORD_FILE=path).stdout == "first\n"
    for refused, why in (
        (printed(), "WORD is not set, and WORD_FILE is not either"),
        (printed(WORD_FILE="/none"), "WORD_FILE=/none cannot be read: No such file or directory"),
    ):
        assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", f"{why}\n")


def test_a_database_s_url_comes_from_a_file(tmp_path: Path, database_url: str) -> None:
    path = write(tmp_path / "url", f"{database_url}\n", 0o600)
    shown = scrapy("db", "url", HERALD_HOME=str(tmp_path), DATABASE_URL_FILE=path)
    assert shown.stdout == f"{database_url}\n"
    nearer = scrapy("db", "url", DATABASE_URL="postgresql://x@y/z", DATABASE_URL_FILE=path)
    assert nearer.stdout == "postgresql://x@y/z\n"


@pytest.mark.parametrize(
    ("command", "status"), [("db status", 3), ("search ferry", 3), ("crawl article", 3)]
)
def test_a_url_that_others_can_read_is_one_sentence(
    tmp_path: Path, command: str, status: int
) -> None:
    path = write(tmp_path / "url", "postgresql://kim:h4ngul@db.example/archive", 0o644)
    arguments = ["-a", "url=https://www.koreaherald.com/article/1"] if "crawl" in command else []
    refused = scrapy(
        *command.split(), *arguments, HERALD_HOME=str(tmp_path), DATABASE_URL_FILE=path
    )
    assert refused.returncode == status
    assert f"DATABASE_URL_FILE={path} is open to others (mode 0644); chmod 600 it" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "h4ngul" not in refused.stderr
