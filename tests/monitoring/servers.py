"""Real servers on 127.0.0.1 that take messages, and sometimes do not."""

from __future__ import annotations

import asyncio
import itertools
import socket
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "127.0.0.1"


@dataclass
class Hook:
    """A webhook's server."""

    statuses: list[int]  # of the next answers, the last for ever; 0: never answer
    port: int = 0
    bodies: list[bytes] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/services/T0/s3cret-path"

    def next_status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextmanager
def webhook(*statuses: int) -> Iterator[Hook]:
    hook = Hook(list(statuses or (200,)))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = hook.next_status()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not status:
                hook.done.wait(30)
                return
            hook.bodies.append(body)
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        hook.done.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Post:
    """A mail server."""

    port: int = 0
    mails: list[Any] = field(default_factory=list)  # envelopes
    logins: list[bytes] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)


@contextmanager
def mail_server(folder: Path, *, password: str = "", implicit: bool = False) -> Iterator[Post]:
    """A mail server with STARTTLS, or with TLS from the beginning.

    :param folder: its certificate is in ``cert.pem`` there
    :param password: it asks for this one, of the user ``desk@example.org``
    """
    post = Post()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))

    class Handler:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802  (aiosmtpd's)
            post.mails.append(envelope)
            post.was_encrypted.append(session.ssl is not None or implicit)
            return "250 OK"

    def authenticate(*given: Any) -> AuthResult:
        data = given[-1]
        assert isinstance(data, LoginPassword)
        post.logins.append(data.login)
        is_right = data.password == password.encode()
        return AuthResult(success=is_right and data.login == b"desk@example.org", handled=False)

    loop = asyncio.new_event_loop()
    connections: list[SMTP] = []

    def protocol() -> SMTP:
        connection = SMTP(
            Handler(),
            hostname=HOST,
            tls_context=None if implicit else context,
            authenticator=authenticate,
            auth_required=bool(password),
            auth_require_tls=not implicit,
            loop=loop,
        )
        connections.append(connection)
        return connection

    def abort() -> None:
        for connection in connections:
            if isinstance(connection.transport, asyncio.WriteTransport):
                connection.transport.abort()

    made = loop.run_until_complete(
        loop.create_server(protocol, HOST, 0, ssl=context if implicit else None)
    )
    with serving(loop, made, abort) as post.port:
        yield post


@contextmanager
def lingering_mail_server(folder: Path) -> Iterator[int]:
    """The port of a mail server with TLS that takes one mail and never takes its leave.

    :param folder: its certificate is in ``cert.pem`` there
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))
    done = threading.Event()

    def serve(listening: socket.socket) -> None:
        with context.wrap_socket(listening.accept()[0], server_side=True) as connection:
            lines = connection.makefile("rw", newline="\r\n")
            with lines:
                is_mail = False
                for answer in itertools.chain(["220 here"], map(str.strip, lines)):
                    word = answer[:4].upper()
                    is_mail = word == "DATA" or (is_mail and answer != ".")
                    if not is_mail or word == "DATA":
                        answers = {"220 ": answer, "DATA": "354 go on", "QUIT": "221 bye"}
                        lines.write(answers.get(word, "250 fine") + "\r\n")
                        lines.flush()
                    if word == "QUIT":
                        break
                done.wait(60)

    with socket.create_server((HOST, 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            done.set()
            thread.join()


def certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 that signs itself, with its key."""
    file = folder / "cert.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file
