"""Asking for a page only if it has changed, by what the server gave with it (RFC 9110, 13)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Headers, Response

NOT_MODIFIED: Final = 304

#: What is sent again must be what a server may send, and nothing that reads as another header.
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{1,250}"').fullmatch
_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}(?::[0-9]{2}){2} GMT")
_CONDITIONS: Final = {"If-None-Match": "etag", "If-Modified-Since": "last_modified"}


def read_validators(headers: Headers) -> dict[str, str | None]:
    """Read what a server gave to ask again by; what is malformed, it did not give.

    >>> from scrapy.http import Headers
    >>> read_validators(Headers({"ETag": 'W/"5f3a"', "Last-Modified": "yesterday"}))
    {'etag': 'W/"5f3a"', 'last_modified': None}
    """
    etag = (headers.get("ETag") or b"").decode("latin-1").strip(" \t")
    date = (headers.get("Last-Modified") or b"").decode("latin-1").strip(" \t")
    return {
        "etag": etag if _ETAG(etag) else None,
        "last_modified": date if _DATE.fullmatch(date) else None,
    }


def conditional(etag: str | None, last_modified: str | None) -> dict[str, object]:
    """Write the meta of a request for a page that is wanted only if it has changed."""
    given = {"etag": etag, "last_modified": last_modified}
    if not any(given.values()):
        return {}
    return {"validators": given, "handle_httpstatus_list": [NOT_MODIFIED]}


def is_not_modified(response: Response) -> bool:
    """Whether the server says that the page is as it was, having been asked just that."""
    asked = response.request is not None and any(
        name in response.request.headers for name in _CONDITIONS
    )
    return response.status == NOT_MODIFIED and asked


class ConditionalRequests:
    """Sends a request's validators to the address that had given them, and not after a redirect."""

    def process_request(self, request: Request) -> None:
        validators = request.meta.get("validators") or {}
        if request.meta.get("redirect_times"):
            validators = {}
        for name, key in _CONDITIONS.items():
            request.headers.pop(name, None)
            if value := validators.get(key):
                request.headers[name] = value
