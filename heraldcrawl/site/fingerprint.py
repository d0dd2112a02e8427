"""What makes two fetches of a story the same story text."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heraldcrawl.items import Article


def content_hash(article: Article) -> str:
    """Hash headline, subtitle, authors, body and captions; white space and NFC do not count.

    Where the text was found, when, and the addresses of its pictures do not count either: a
    design that moves the same words is no new revision.
    """
    text = "".join("\0".join([*_parts(article), ""]).split())
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _parts(article: Article) -> Iterator[str]:
    yield article.headline
    yield article.alternative_headline or ""
    for author in article.authors:
        yield author.name
        yield author.email or ""
    yield ""
    yield article.article_body
    for image in article.images:
        yield image.caption or ""
        yield image.credit or ""
