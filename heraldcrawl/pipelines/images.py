"""Scrapy's ImagesPipeline for an archive: the original, named by what is in it.

The file is what the site sent, byte for byte, although Scrapy's own pipeline would write it anew as
JPEG: an archive keeps the original, and its checksum proves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.pipelines.images import ImagesPipeline
from scrapy.pipelines.media import FileException
from twisted.python.failure import Failure

from heraldcrawl.archive.replay import MISS
from heraldcrawl.errors import GONE
from heraldcrawl.middlewares import PICTURE
from heraldcrawl.pipelines.picture_files import (
    PictureFailed,
    PictureFiles,
    describe,
    open_picture,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from PIL.Image import Image
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.pipelines.files import FilesStoreProtocol
    from scrapy.pipelines.media import FileInfo, FileInfoOrError, MediaPipeline

    from heraldcrawl.store.pictures import PictureFile


@dataclass(slots=True)
class Picture:
    """A picture on its way, which is this pipeline's item."""

    url: str
    file: PictureFile | None = None  # once it was looked at
    failure: BaseException | None = None  # why it is not stored


class OriginalImagesPipeline(ImagesPipeline):
    """Downloads a picture and stores it; what went wrong is left in :attr:`Picture.failure`."""

    STORE_SCHEMES: ClassVar[dict[str, type[FilesStoreProtocol]]] = {
        **ImagesPipeline.STORE_SCHEMES,
        "": PictureFiles,
        "file": PictureFiles,
    }

    def __init__(self, store_uri: str | PathLike[str], *, crawler: Crawler) -> None:
        super().__init__(store_uri, crawler=crawler)
        self._maxsize = crawler.settings.getint("PICTURES_MAXSIZE")

    def get_media_requests(self, item: Picture, info: MediaPipeline.SpiderInfo) -> list[Request]:  # noqa: ARG002  (Scrapy's)
        meta = {
            PICTURE: item,
            "allow_offsite": True,  # is_herald_picture() has looked at the address
            "download_maxsize": self._maxsize,
            "download_warnsize": 0,
        }
        headers = {"Accept": "image/*"}  # no form in particular: the original
        return [Request(item.url, callback=NO_CALLBACK, headers=headers, meta=meta)]

    async def media_downloaded(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> FileInfo:
        """Look at what came before it is stored.

        :raises PictureFailed: it is no picture
        """
        if MISS in response.flags:
            raise PictureFailed("replay_miss")  # which says nothing of the site
        if response.status != HTTPStatus.OK:
            raise PictureFailed(f"http_{response.status}", final=response.status in GONE)
        item.file = describe(response.body)
        return await super().media_downloaded(response, request, info, item=item)

    def file_path(
        self,
        request: Request,  # noqa: ARG002  (Scrapy's)
        response: Response | None = None,  # noqa: ARG002  (likewise)
        info: MediaPipeline.SpiderInfo | None = None,  # noqa: ARG002  (likewise)
        *,
        item: Any = None,
    ) -> str:
        """Name the file by its content."""
        return item.file.path if item.file is not None else "not known before the download"

    def get_images(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> Iterator[tuple[str, Image, BytesIO]]:
        """Yield the picture as it came."""
        path = self.file_path(request, response, info, item=item)
        with open_picture(response.body) as image:
            yield path, image, BytesIO(response.body)

    def media_failed(
        self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo
    ) -> NoReturn:
        """Keep the reason, and let Scrapy pass over it: the table of pictures has it."""
        error = failure.value
        if isinstance(error, FileException) and error.__cause__ is not None:
            error = error.__cause__
        request.meta[PICTURE].failure = error
        ignored = Failure(IgnoreRequest(str(error)))  # type: ignore[no-untyped-call]  # Twisted's
        super().media_failed(ignored, request, info)

    def item_completed(
        self, results: list[FileInfoOrError], item: Any, info: MediaPipeline.SpiderInfo
    ) -> Any:
        info.downloaded.clear()  # it would grow with every picture, and hide a second attempt
        for is_stored, failure in results:
            if not is_stored and item.failure is None:
                item.failure = failure.value  # type: ignore[union-attr]  # a Failure, then
        return item
