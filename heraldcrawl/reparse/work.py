"""Reads the archived pages of some stories again, and stores what is new in them."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import psycopg
from psycopg.rows import class_row

from heraldcrawl.archive.reader import Place as RecordPlace
from heraldcrawl.archive.reader import opened, record_at, remote
from heraldcrawl.archive.shelf import Shelf, Whereabouts
from heraldcrawl.errors import ArchiveError
from heraldcrawl.reparse.changes import compare
from heraldcrawl.reparse.summary import Summary
from heraldcrawl.site.page import NotAStory
from heraldcrawl.store.identity import Partner, identify
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heraldcrawl.archive.reader import Record
    from heraldcrawl.items import Article
    from heraldcrawl.reparse.changes import Change
    from heraldcrawl.reparse.pages import Reader, Reading
    from heraldcrawl.store import Lease
    from heraldcrawl.store.link import Link
    from heraldcrawl.store.reparse import Fate, Place, Rereads

_FILES = load("archive_files")

_OPEN_FILES = 16
#: A record has its page, perhaps once more as its chunks' marks, and headers.
_MORE_THAN_A_PAGE = 1 << 20  # bytes


class Files:
    """The page archive's files, the last ones used kept open.

    :param link: for what the database knows of where they lie
    """

    def __init__(self, link: Link, shelf: Shelf, max_bytes: int) -> None:
        self._link = link
        self._shelf = shelf
        self._max_bytes = max_bytes + _MORE_THAN_A_PAGE
        self._open: OrderedDict[str, tuple[BinaryIO, ExitStack]] = OrderedDict()

    async def record(self, place: Place) -> Record:
        """The record of a capture; of a revisit with the payload that it refers to.

        :raises ArchiveError: its file is missing, or has no such record, or none with a payload
        :raises OSError: its file cannot be read
        """
        record = await self.at(place.file, place.offset)
        if record is not None and place.record_type == "revisit":
            payload = await self.at(*place.payload) if place.payload else None
            if payload is None:
                record = None
            else:
                record.take_payload(payload)
        if record is None:
            raise ArchiveError(f"{place.name} holds no page that can be read")
        return record

    def close(self) -> None:
        while self._open:
            self._open.popitem()[1][1].close()

    async def at(self, name: str, offset: int) -> Record | None:
        """The record that begins at a place of a file; None if none does."""
        if name not in self._open:
            await self._add(name)
        self._open.move_to_end(name)
        with remote(name):
            return record_at(self._open[name][0], RecordPlace(name, offset), self._max_bytes)

    async def _add(self, name: str) -> None:
        async def work(connection: psycopg.AsyncConnection[Any]) -> Whereabouts | None:
            cursor = connection.cursor(row_factory=class_row(Whereabouts))
            await cursor.execute(_FILES["whereabouts"], {"name": name})
            return await cursor.fetchone()

        file = await self._link.do(work)
        if file is None:
            raise ArchiveError(f"the database does not know {name}")
        stack = ExitStack()
        stream = stack.enter_context(opened(self._shelf.address(file)))
        self._open[name] = (stream, stack)
        while len(self._open) > _OPEN_FILES:
            self._open.popitem(last=False)[1][1].close()


@dataclass(frozen=True, slots=True)
class Rereader:
    """Does batch after batch.

    :param is_dry: nothing is stored, only told
    """

    rereads: Rereads
    files: Files
    reader: Reader
    is_dry: bool

    async def batch(self, ids: Sequence[str]) -> Summary:
        """Read the stories' newest pages again.

        :param ids: under which they are stored, or would be
        """
        summary = Summary()
        leases = await self.rereads.leases(ids)
        stored = await self.rereads.stored(ids)
        places = await self.rereads.places(ids)
        told: list[Reading] = []
        judge = Judge()
        readable: dict[str, Place] = {}
        for id_ in ids:
            row = stored.get(id_)
            found = await self._reading(id_, row, leases[id_], places.get(id_, []), summary)
            if found is None:
                continue
            reading, readable[id_] = found
            if _is_anothers(row, reading):
                summary.count("another_story")
            elif judge(row, reading.article) == "unchanged":
                summary.count("unchanged")
            else:
                told.append(reading)
        if told:
            for id_, fate in (await self._fates(told, stored, judge, summary)).items():
                if fate in ("revised", "updated"):
                    summary.changed(fate, id_, judge.changes(id_))
                else:
                    summary.count(fate or "another_story")
        if not self.is_dry:
            await self.rereads.settle_revisits(readable)
        return summary

    async def _reading(
        self,
        id_: str,
        row: dict[str, Any] | None,
        lease: Lease,
        places: Sequence[Place],
        summary: Summary,
    ) -> tuple[Reading, Place] | None:
        """Read the newest page that can be read; what is stored may be from a newer one."""
        if not places:
            summary.count("not_archived")
            return None
        newer = [each for each in places if row is None or each.captured_at >= row["fetched_at"]]
        if not newer:
            summary.count("older")
            return None
        outcome = None
        for place in newer:
            try:
                record = await self.files.record(place)
                return self.reader.read(record, place.url, place.captured_at, lease), place
            except NotAStory as error:
                outcome = outcome or ("unreadable" if row else "no_story", error.reason, str(error))
            except (ArchiveError, OSError) as error:
                outcome = ("unavailable", "", str(error))
                break
        assert outcome is not None
        what, reason, said = outcome
        summary.count(what, reason)
        if what != "no_story":
            summary.fault(f"{id_}: {said.splitlines()[0]}")
        return None

    async def _fates(
        self,
        told: list[Reading],
        stored: dict[str, dict[str, Any]],
        judge: Judge,
        summary: Summary,
    ) -> dict[str, Fate | None]:
        if self.is_dry:
            articles = [reading.article for reading in told]
            return {each.id: judge(stored.get(each.id), each) for each in articles}
        try:
            return await self.rereads.store(told, judge)
        except psycopg.Error as error:
            if len(told) > 1:  # one of them is at fault: each alone, so that the others are stored
                fates: dict[str, Fate | None] = {}
                for reading in told:
                    fates |= await self._fates([reading], stored, judge, summary)
                return fates
            summary.count("refused")
            summary.fault(f"{told[0].article.id}: {str(error).splitlines()[0]}")
            return {}


class Judge:
    """Tells what becomes of stories; a second time at once, where nothing changed meanwhile."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[dict[str, Any] | None, Fate, list[Change]]] = {}

    def __call__(self, row: dict[str, Any] | None, article: Article) -> Fate:
        """Tell it of one.

        :param row: what is stored of it
        """
        known = self._known.get(article.id)
        if known is None or known[0] != row:
            known = self._known[article.id] = (row, *_judge(row, article))
        return known[1]

    def changes(self, id_: str) -> list[Change]:
        """What changes of a story that was judged."""
        return self._known[id_][2]


def _judge(row: dict[str, Any] | None, article: Article) -> tuple[Fate, list[Change]]:
    if row is None:
        return "recovered", []
    assert article.fetched_at is not None
    if article.fetched_at < row["fetched_at"]:
        return "older", []
    changes = compare(row, article)
    if article.content_hash != row["content_hash"]:
        return "revised", changes
    return ("updated" if changes else "unchanged"), changes


def _is_anothers(row: dict[str, Any] | None, reading: Reading) -> bool:
    """Whether the site had led from a stored story to another one, by which nothing is proven."""
    article, visit = reading.article, reading.visit
    if row is None or visit.arrived_at in (None, row["alias"]):
        return False
    partner = Partner(
        article.id,
        "itself",
        article.id,
        None,
        row["alias"],
        row["headline"],
        row["article_body"],
        row["date_published"],
    )
    return identify([article], {article.id: visit}, [partner])[article.id].article_id is None
