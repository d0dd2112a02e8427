"""Messages arrive, or it is said why not; against real servers on 127.0.0.1."""

from __future__ import annotations

import asyncio
import email
import email.policy
import gc
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.settings import Settings

from heraldcrawl.errors import ArgumentError, HeraldError
from heraldcrawl.monitoring import delivery
from heraldcrawl.monitoring.delivery import deliver, ways
from heraldcrawl.monitoring.message import Message
from tests.monitoring.servers import HOST, lingering_mail_server, mail_server, webhook

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = Message(
    "heraldcrawl: list, kpop <!channel>",
    "Seen: nothing <https://example.org|click> & *bold*\n여객선",
    ({"key": "kpop/list", "state": "new"},),
)
PASSWORD = "pass:w@rd/%"  # noqa: S105  (of the test's mail server)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "_TRY_SECONDS", 2.0)


def send(seconds: float = 20, **settings: Any) -> list[str]:
    """Deliver the message; what went wrong."""
    made = Settings({"ALARM_MAIL_TO": "", **settings})
    return [str(error) for error in asyncio.run(deliver(ways(made), MESSAGE, seconds))]


def test_slack_gets_text_in_which_nothing_is_a_link_or_a_mention() -> None:
    with webhook() as hook:
        assert send(ALARM_WEBHOOK=hook.url) == []
    [body] = map(json.loads, hook.bodies)
    assert body.keys() == {"text", "mrkdwn", "unfurl_links"}
    assert body["text"] == (
        "heraldcrawl: list, kpop &lt;!channel&gt;\n"
        "Seen: nothing &lt;https://example.org|click&gt; &amp; *bold*\n여객선"
    )
    assert body["mrkdwn"] is False


def test_another_program_gets_the_alarms_as_data() -> None:
    with webhook() as hook:
        assert send(ALARM_WEBHOOK=hook.url, ALARM_WEBHOOK_FORMAT="json") == []
    [body] = map(json.loads, hook.bodies)
    assert body == {
        "subject": MESSAGE.subject,
        "text": MESSAGE.text,
        "alarms": [{"key": "kpop/list", "state": "new"}],
    }


def test_a_server_that_fails_once_is_asked_twice() -> None:
    with webhook(500, 200) as hook:
        assert send(ALARM_WEBHOOK=hook.url) == []
    assert len(hook.bodies) == 2


def test_a_server_that_fails_is_asked_twice_and_no_more() -> None:
    with webhook(500) as hook:
        assert send(ALARM_WEBHOOK=hook.url) == ["webhook: the server answered 500"]
    assert len(hook.bodies) == 2


def test_a_redirect_is_not_followed() -> None:
    with webhook(302) as hook:
        assert send(ALARM_WEBHOOK=hook.url) == ["webhook: the server answered 302"]


def test_a_server_that_hangs_costs_no_more_than_it_may() -> None:
    with webhook(0) as hook:
        began = time.monotonic()
        [error] = send(ALARM_WEBHOOK=hook.url, seconds=1)
        assert time.monotonic() - began < 10
        assert error.startswith("webhook: ")
        assert send(ALARM_WEBHOOK=hook.url) == ["webhook: no answer within 2 s"]


def test_nobody_there_is_said_without_the_address() -> None:
    [error] = send(ALARM_WEBHOOK="http://127.0.0.1:9/T0/s3cret-path")
    assert "s3cret" not in error
    assert "webhook: " in error


def test_mail_goes_out_encrypted_and_with_a_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(tmp_path, password=PASSWORD) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        url = f"smtp://desk%40example.org:pass%3Aw%40rd%2F%25@{HOST}:{post.port}"
        assert send(ALARM_SMTP=url, ALARM_MAIL_TO="a@example.org,b@example.org") == []
    [envelope] = post.mails
    assert post.was_encrypted == [True]
    assert post.logins == [b"desk@example.org"]
    assert envelope.rcpt_tos == ["a@example.org", "b@example.org"]
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert mail["Subject"] == MESSAGE.subject
    assert mail["From"] == "desk@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n").strip() == MESSAGE.text


def test_mail_by_tls_from_the_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(tmp_path, implicit=True) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        url = f"smtps://{HOST}:{post.port}"
        sender = "desk@example.org"
        assert send(ALARM_SMTP=url, ALARM_MAIL_TO="a@example.org", ALARM_MAIL_FROM=sender) == []
    assert post.was_encrypted == [True]
    assert post.mails[0].mail_from == "desk@example.org"


def test_a_mail_server_that_lingers_holds_nobody_up_and_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lingering_mail_server(tmp_path) as port:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert send(ALARM_SMTP=f"smtps://{HOST}:{port}", ALARM_MAIL_TO="a@example.org") == []
        gc.collect()  # a socket that nobody closed warns here, and a warning fails the test


def test_a_wrong_password_is_said_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(tmp_path, password=PASSWORD[::-1]) as post:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        url = f"smtp://desk%40example.org:s3cret@{HOST}:{post.port}"
        [error] = send(ALARM_SMTP=url, ALARM_MAIL_TO="a@example.org")
    assert error == "mail: SMTPAuthenticationError 535"
    assert post.mails == []


def test_a_password_never_goes_to_a_server_that_nobody_vouches_for(tmp_path: Path) -> None:
    with mail_server(tmp_path, password=PASSWORD) as post:
        url = f"smtp://desk%40example.org:s3cret@{HOST}:{post.port}"
        [error] = send(ALARM_SMTP=url, ALARM_MAIL_TO="a@example.org")
    assert error.startswith("mail: ")
    assert (post.logins, post.mails) == ([], [])


def test_a_command_gets_the_message_on_its_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "a file; $(touch nothing)"
    code = "import os, sys; out = open(sys.argv[1], 'w'); "
    code += "print(os.environ['ALARM_SUBJECT'], sys.stdin.read(), file=out)"
    assert send(ALARM_COMMAND=[sys.executable, "-c", code, str(file)]) == []
    assert file.read_text() == f"{MESSAGE.subject} {MESSAGE.subject}\n\n{MESSAGE.text}\n\n"
    quoted = f"{sys.executable} -c 'import sys; sys.exit(3)'"
    assert send(ALARM_COMMAND=quoted) == ["command: it ended with status 3"]
    assert send(ALARM_COMMAND="/no/such/program") == ["command: No such file or directory"]


def test_a_command_that_hangs_is_ended_with_what_it_started() -> None:
    began = time.monotonic()
    [error] = send(ALARM_COMMAND="sh -c 'sleep 60 & sleep 60'", seconds=1)
    assert error.startswith("command: ")
    assert time.monotonic() - began < 10


def test_a_command_that_does_not_read_has_heard_as_well() -> None:
    assert send(ALARM_COMMAND="true") == []


def test_every_way_gets_it_whatever_becomes_of_the_others(tmp_path: Path) -> None:
    file = tmp_path / "told"
    with webhook(500) as hook:
        errors = send(ALARM_WEBHOOK=hook.url, ALARM_COMMAND=f"tee {file}")
    assert errors == ["webhook: the server answered 500"]
    assert file.exists()


@pytest.mark.parametrize(
    "settings",
    [
        {"ALARM_WEBHOOK": "hooks.example.org/s3cret"},
        {"ALARM_WEBHOOK": "http://h/s3cret", "ALARM_WEBHOOK_FORMAT": "xml"},
        {"ALARM_SMTP": "imap://desk:s3cret@h", "ALARM_MAIL_TO": "a@example.org"},
        {"ALARM_SMTP": "smtp://desk:s3cret@h"},
        {"ALARM_SMTP": "smtp://desk:s3cret@h", "ALARM_MAIL_TO": "nobody"},
        {"ALARM_MAIL_TO": "a@example.org"},
    ],
)
def test_a_wrong_setting_is_one_sentence_without_the_secret(settings: dict[str, str]) -> None:
    with pytest.raises(ArgumentError) as raised:
        ways(Settings(settings))
    assert "s3cret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_secret_may_come_from_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "webhook"
    with webhook() as hook:
        file.write_text(hook.url)
        file.chmod(0o644)
        with pytest.raises(HeraldError, match="chmod 600"):
            ways(Settings({"ALARM_WEBHOOK_FILE": str(file)}))
        file.chmod(0o600)
        assert send(ALARM_WEBHOOK_FILE=str(file)) == []
    assert len(hook.bodies) == 1


def test_nothing_configured_is_no_way() -> None:
    assert ways(Settings()) == []
