"""What a picture's file is called, what is in it, and how it gets onto the disk."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
import warnings
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from PIL import Image
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import deferred_from_coro

from heraldcrawl.store.pictures import PictureFile

if TYPE_CHECKING:
    from scrapy.pipelines.media import MediaPipeline
    from twisted.internet.defer import Deferred

#: What a picture may be, and the suffix of its file; no other of Pillow's readers is tried.
FORMATS = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp", "AVIF": ".avif"}
#: A picture that is being written; in the folder of all of them, where no other files are.
_PART = ".part"
#: Nobody writes a picture for so long.
_STALE_SECONDS = 86_400
_MODE = 0o644  # as other files; a temporary one is its user's alone


class PictureFailed(IgnoreRequest):
    """A picture was not to be had; Scrapy writes no traceback of a request that is ignored.

    :param reason: one word
    :param final: another attempt would find the same
    """

    def __init__(self, reason: str, detail: str = "", *, final: bool = False) -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail
        self.final = final


class NotWritten(Exception):  # noqa: N818  (an outcome, not a fault)
    """The disk did not take a picture, and will not take the next."""


class PictureFiles:
    """A file storage of Scrapy's media pipelines, in which each file is whole or not there.

    :param basedir: the folder of all pictures
    """

    def __init__(self, basedir: str) -> None:
        self._folder = Path(basedir)

    def persist_file(
        self,
        path: str,
        buf: BytesIO,
        info: MediaPipeline.SpiderInfo,  # noqa: ARG002  (the protocol's)
        meta: dict[str, Any] | None = None,  # noqa: ARG002  (likewise)
        headers: dict[str, str] | None = None,  # noqa: ARG002  (likewise)
    ) -> Deferred[None]:
        """Write a picture, unless it is there; in a thread.

        :raises NotWritten: it cannot be
        """
        return deferred_from_coro(asyncio.to_thread(self.write, path, buf.getvalue()))

    def write(self, name: str, body: bytes) -> None:
        """Write a picture, unless it is there.

        :raises NotWritten: it cannot be
        """
        path = self._folder / name
        aside: Path | None = None
        try:
            if path.exists() and path.stat().st_size == len(body):
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            # Two addresses of one picture may be fetched at the same time.
            with NamedTemporaryFile(
                dir=self._folder, prefix=".", suffix=_PART, delete=False
            ) as file:
                aside = Path(file.name)
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            aside.chmod(_MODE)
            aside.replace(path)
        except OSError as error:
            if aside is not None:
                aside.unlink(missing_ok=True)
            raise NotWritten(f"{error.strerror or error}: {path}") from error

    def remove_leftovers(self) -> None:
        """Remove what killed crawls have half written; others may be writing now."""
        for path in self._folder.glob(f".*{_PART}"):
            with suppress(OSError):  # another crawl came first, or it is another user's
                if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                    path.unlink()

    def stat_file(self, path: str, info: MediaPipeline.SpiderInfo) -> Any:  # noqa: ARG002  (likewise)
        """Tell nothing: what a file is called is only known when its content is."""
        return {}


def describe(body: bytes) -> PictureFile:
    """Find out what a picture is by its first bytes; none of its pixels are unpacked.

    :raises PictureFailed: it is none, or would be absurdly large when unpacked
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with open_picture(body) as image:
                kind, (width, height) = str(image.format), image.size
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise PictureFailed("too_large", str(error), final=True) from error
        except Exception as error:  # whatever a reader stumbles over
            raise PictureFailed("not_image", f"{type(error).__name__}: {error}"[:500]) from error
    checksum = hashlib.sha256(body).hexdigest()
    return PictureFile(
        path=f"{checksum[:2]}/{checksum}{FORMATS[kind]}",
        checksum=checksum,
        content_type=Image.MIME[kind],
        bytes=len(body),
        width=width,
        height=height,
    )


def open_picture(body: bytes) -> Image.Image:
    """Open a picture without unpacking it."""
    return Image.open(BytesIO(body), formats=[*FORMATS])
