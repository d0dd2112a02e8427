"""The ways on which an operator hears: a webhook, mail, a command. Each is tried twice, in time.

What is secret in an address (a webhook's path, a mail server's password) is told to nobody: errors
name the way and what went wrong, never the address.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from heraldcrawl.errors import ArgumentError, DeliveryError
from heraldcrawl.secret import read_secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.settings import BaseSettings

    from heraldcrawl.monitoring.message import Message

_TRIES: Final = 2
_PAUSE_SECONDS: Final = 1.0
_TRY_SECONDS: Final = 10.0
_MAIL_PORTS: Final = {"smtp": 587, "smtps": 465}
_RELAY_PORT: Final = 25


class Way(Protocol):
    """A way to deliver messages."""

    name: str

    async def send(self, message: Message) -> None:
        """Deliver a message.

        :raises DeliveryError: it was not taken, and why
        """


def ways(settings: BaseSettings) -> list[Way]:
    """Every way that the settings give.

    :raises HeraldError: one of them cannot be right
    """
    made: list[Way] = []
    if url := _secret(settings, "ALARM_WEBHOOK"):
        made.append(Webhook(url, settings.get("ALARM_WEBHOOK_FORMAT", "slack")))
    if url := _secret(settings, "ALARM_SMTP"):
        made.append(
            Mail(url, settings.get("ALARM_MAIL_FROM", ""), settings.getlist("ALARM_MAIL_TO"))
        )
    elif settings.getlist("ALARM_MAIL_TO"):
        raise ArgumentError(
            "ALARM_MAIL_TO needs a mail server: ALARM_SMTP=smtp://user:password@host"
        )
    if command := settings.get("ALARM_COMMAND"):
        made.append(Command(shlex.split(command) if isinstance(command, str) else list(command)))
    return made


async def deliver(to: Sequence[Way], message: Message, seconds: float) -> list[DeliveryError]:
    """Deliver a message on every way at once.

    :param seconds: in all, whatever happens
    :returns: what went wrong
    """
    sent = await asyncio.gather(*(_deliver(way, message, seconds) for way in to))
    return [error for error in sent if error is not None]


class Webhook:
    """POSTs JSON: Slack's ``{"text": …}``, or with the format ``json`` the alarms as data, too."""

    name = "webhook"

    def __init__(self, url: str, form: str = "slack") -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ArgumentError("ALARM_WEBHOOK is no http or https address")
        if form not in ("slack", "json"):
            raise ArgumentError(f"ALARM_WEBHOOK_FORMAT={form} is neither slack nor json")
        self._url = url
        self._form = form

    async def send(self, message: Message) -> None:
        import aiohttp  # noqa: PLC0415  (costs 0.2 s, and most runs have nothing to tell)

        try:
            async with (
                aiohttp.ClientSession(trust_env=True) as session,
                session.post(self._url, json=self._body(message), allow_redirects=False) as answer,
            ):
                status = answer.status
        except (aiohttp.ClientError, OSError) as error:  # their messages may quote the address
            raise DeliveryError(self.name, type(error).__name__) from None
        if status // 100 != 2:  # noqa: PLR2004  (HTTP's own)
            raise DeliveryError(self.name, f"the server answered {status}")

    def _body(self, message: Message) -> dict[str, Any]:
        if self._form == "json":
            return {"subject": message.subject, "text": message.text, "alarms": message.alarms}
        text = f"{message.subject}\n{message.text}"
        return {"text": slack(text), "mrkdwn": False, "unfurl_links": False}


def slack(text: str) -> str:
    """Escape a text for Slack, so that nothing in it is a link, a mention or a channel.

    >>> slack("<!channel> <https://example.org|R&D>")
    '&lt;!channel&gt; &lt;https://example.org|R&amp;D&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Mail:
    """Sends mail by SMTP: ``smtp://`` with STARTTLS, ``smtps://`` with TLS from the beginning.

    A password never goes out unencrypted. Without one, ``smtp://`` encrypts where the server can.
    """

    name = "mail"

    def __init__(self, url: str, sender: str, to: Sequence[str]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _MAIL_PORTS or not parts.hostname:
            raise ArgumentError("ALARM_SMTP is no address like smtp://user:password@host:587")
        if not to or not all("@" in address for address in to):
            raise ArgumentError("ALARM_MAIL_TO takes addresses of mail, separated by commas")
        self._parts = parts
        self._to = ", ".join(to)
        self._sender = sender or _sender(parts)

    async def send(self, message: Message) -> None:
        from aiosmtplib import SMTPException  # noqa: PLC0415  (most runs have nothing to tell)

        from heraldcrawl.monitoring.smtp import Client  # noqa: PLC0415  (likewise)

        parts = self._parts
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        try:
            client = Client(
                hostname=parts.hostname,
                port=parts.port or self._usual_port(),
                username=user or None,
                password=password or None,
                use_tls=parts.scheme == "smtps",
                start_tls=True if parts.scheme == "smtp" and user else None,
                timeout=_TRY_SECONDS,
            )
            async with client:
                await client.send_message(self._mail(message))
        except (SMTPException, OSError, ValueError) as error:
            raise DeliveryError(self.name, _smtp_words(error)) from None

    def _usual_port(self) -> int:
        is_relay = self._parts.scheme == "smtp" and not self._parts.username
        return _RELAY_PORT if is_relay else _MAIL_PORTS[self._parts.scheme]

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = message.subject
        mail["From"] = self._sender
        mail["To"] = self._to
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid(domain="heraldcrawl.invalid")
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail


def _sender(parts: SplitResult) -> str:
    user = unquote(parts.username or "")
    return user if "@" in user else f"heraldcrawl@{parts.hostname}"


def _smtp_words(error: Exception) -> str:
    code = getattr(error, "code", None)
    return type(error).__name__ + (f" {code}" if code else "")


@dataclass
class Command:
    """Starts a program, no shell between, with the message on its standard input."""

    vector: list[str]
    name: str = field(default="command", init=False)

    async def send(self, message: Message) -> None:
        process = None
        try:
            process = await asyncio.create_subprocess_exec(
                *self.vector,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env=os.environ | {"ALARM_SUBJECT": message.subject},
                start_new_session=True,
            )
            text = f"{message.subject}\n\n{message.text}\n".encode()
            await asyncio.wait_for(process.communicate(text), _TRY_SECONDS)
        except OSError as error:
            raise DeliveryError(self.name, error.strerror or type(error).__name__) from None
        finally:
            if process is not None and process.returncode is None:
                _kill(process.pid)
                await process.wait()
        if process.returncode:
            raise DeliveryError(self.name, f"it ended with status {process.returncode}")


def _kill(pid: int) -> None:
    """End a program and what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


async def _deliver(way: Way, message: Message, seconds: float) -> DeliveryError | None:
    error = DeliveryError(way.name, f"nothing within {seconds:g} s")
    try:
        async with asyncio.timeout(seconds):
            for left in reversed(range(_TRIES)):
                try:
                    async with asyncio.timeout(_TRY_SECONDS):
                        await way.send(message)
                except DeliveryError as failed:
                    error = failed
                except TimeoutError:
                    error = DeliveryError(way.name, f"no answer within {_TRY_SECONDS:g} s")
                else:
                    return None
                if left:
                    await asyncio.sleep(_PAUSE_SECONDS)
    except TimeoutError:
        pass
    return error


def _secret(settings: BaseSettings, name: str) -> str:
    """A setting, or what the private file holds that its ``_FILE`` names."""
    given = settings.get(name) or ""
    path = settings.get(f"{name}_FILE")
    return str(given) if given or not path else read_secret(f"{name}_FILE", path)
