"""The mail client, which holds nobody up when all is said."""

from __future__ import annotations

import asyncio

import aiosmtplib


class Client(aiosmtplib.SMTP):
    """aiosmtplib's, but that it cuts the connection instead of seeing TLS to its end.

    For that the server would have to answer once more, and by then the loop may have ended.
    """

    def close(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        super().close()
