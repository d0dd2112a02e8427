"""What the archive knows of a capture: one response, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

#: The revisit profiles of WARC 1.1: the server said so, or sent the very same payload.
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True)
class Capture:
    """A row of ``captures``, and a record of type response, revisit or conversion."""

    file: str  # below the archive's folder
    record_offset: int  # bytes, where its gzip member begins
    record_length: int  # bytes, of its gzip member
    url: str  # on www.koreaherald.com
    article_id: str | None  # the story it was fetched for
    captured_at: datetime
    record_type: str
    status: int | None
    payload_digest: str | None
    refers_to_at: datetime | None  # when the response was captured that has the payload
    record_id: str = ""  # WARC-Record-ID

    @property
    def place(self) -> str:
        """File and offset, as dead letters name it."""
        return f"{self.file}:{self.record_offset}"


@dataclass(frozen=True, slots=True)
class Payload:
    """A response that is archived, for later ones of its address to refer to."""

    digest: str
    status: int | None
    captured_at: datetime
