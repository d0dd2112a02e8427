"""Takes the Herald's stories out of other people's archives into ours.

Every capture is copied into our own page archive first, so that reading it again needs the other
file no more. Then it is read, and its text goes where it belongs in time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg

from heraldcrawl import __version__
from heraldcrawl.archive.digests import digest
from heraldcrawl.archive.records import Copy, copy
from heraldcrawl.archive.shelf import this_host
from heraldcrawl.archive.writer import CONFORMS_TO, Writer
from heraldcrawl.errors import ArchiveError
from heraldcrawl.reparse.foreign import Foreign
from heraldcrawl.reparse.summary import Summary
from heraldcrawl.site.addresses import story_id
from heraldcrawl.site.page import NotAStory
from heraldcrawl.store.records import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from heraldcrawl.archive.reader import Record
    from heraldcrawl.reparse.pages import Reader, Reading
    from heraldcrawl.reparse.work import Files
    from heraldcrawl.store import Lease
    from heraldcrawl.store.imports import Imports, Original, Outcome
    from heraldcrawl.store.reparse import Rereads

#: Captures that are archived and stored at once; fewer, if they are long.
_BATCH = 100
_BATCH_BYTES = 1 << 24
#: A page may travel in chunks, and with headers.
_MORE_THAN_A_PAGE = 1 << 20  # bytes


@dataclass(slots=True)
class _Found:
    """A capture of a story in another archive."""

    article_id: str
    record: Record
    original: Original | None = None  # of a revisit

    @property
    def copy(self) -> Copy:
        record = self.record
        assert record.captured_at is not None
        original = self.original.payload if self.original else None
        return Copy(printable(record.url), self.article_id, record.captured_at, record, original)

    @property
    def digest(self) -> str:
        return self.original.payload_digest if self.original else digest(self.record.payload)


@dataclass
class Importer:
    """Imports file after file.

    :param writer: of this run's files; None: nothing is stored, only told
    :param files: of our page archive
    """

    imports: Imports
    rereads: Rereads
    reader: Reader
    files: Files
    writer: Writer | None
    tell: Callable[[Summary, int], None]
    _batch: list[_Found] = field(default_factory=list)
    _bytes: int = 0
    _is_open: bool = False

    async def take(self, address: str) -> None:
        """Import a file; what cannot be read is told."""
        told = Summary()
        foreign = Foreign(address, self.reader.max_bytes + _MORE_THAN_A_PAGE, told.records)
        try:
            for record in foreign.pages():
                await self._add(record)
            await self._flush()
            if foreign.has_revisits and self.writer is not None:
                for record in foreign.revisits():
                    await self._add_revisit(record, told)
        except ArchiveError as error:
            told.records["unreadable_files"] += 1
            told.fault(str(error))
        await self._flush()
        self.tell(told, 0)

    def close(self) -> None:
        if self.writer is not None and self._is_open:
            self.writer.close()

    async def _add(self, record: Record, original: Original | None = None) -> None:
        id_ = story_id(record.url)
        assert id_ is not None
        self._batch.append(_Found(id_, record, original))
        self._bytes += len(record.block) + len(record.payload)
        if len(self._batch) >= _BATCH or self._bytes >= _BATCH_BYTES:
            await self._flush()

    async def _add_revisit(self, record: Record, told: Summary) -> None:
        url, at = record.refers_to
        said = record.fields.get("warc-payload-digest", "")
        original = None
        if url == record.url:
            original = await self.imports.original(printable(url), at, said)
        response = None
        if original is not None:
            try:
                response = await self.files.at(original.file, original.record_offset)
            except OSError as error:
                why = f"{error.filename or original.file}: {error.strerror or error}"
                raise ArchiveError(why) from error
        if response is None:
            told.records["revisit_without_payload"] += 1
            return
        record.take_payload(response)
        await self._add(record, original)

    async def _flush(self) -> None:
        batch, self._batch, self._bytes = self._batch, [], 0
        if not batch:
            return
        told = Summary()
        ids = list({found.article_id for found in batch})
        known = await self.imports.known(ids)
        leases = await self.rereads.leases(ids)
        new: dict[tuple[object, ...], _Found] = {}
        readings: list[Reading] = []
        for found in batch:
            copy = found.copy
            key = (found.article_id, copy.captured_at, found.digest)
            if key in new:
                told.records["known"] += 1
                continue
            if key in known:  # and read all the same: its text may have found no place then
                told.records["known"] += 1
            else:
                new[key] = found
            lease = leases[found.article_id]
            try:
                reading = self.reader.read(found.record, copy.url, copy.captured_at, lease)
            except NotAStory as error:
                told.count("no_story", error.reason)
            else:
                readings.append(reading)
        readings += await self._later(new.values(), leases, told)
        told.records["copied" if self.writer else "found"] += len(new)
        self._archive(new.values())
        for outcome in (await self._outcomes(readings, told)).values():
            told.count(outcome)
        self.tell(told, len(batch))

    async def _later(
        self, new: Iterable[_Found], leases: Mapping[str, Lease], told: Summary
    ) -> list[Reading]:
        """Read what our own archive has of the same stories from later on.

        A text between two sights of another one ends the first; without the second, which added
        nothing when it came, it would count as the newest.
        """
        since: dict[str, datetime] = {}
        for found in new:
            at = found.copy.captured_at
            since[found.article_id] = min(at, since.get(found.article_id, at))
        readings = []
        for id_, places in (await self.rereads.places(list(since))).items():
            for place in places:
                if place.captured_at <= since[id_]:
                    break  # the newest come first
                try:
                    record = await self.files.record(place)
                    readings.append(
                        self.reader.read(record, place.url, place.captured_at, leases[id_])
                    )
                except NotAStory:  # told when it was fetched or imported
                    continue
                except (ArchiveError, OSError) as error:
                    told.count("unavailable")
                    told.fault(f"{id_}: {error}")
                    break
        return readings

    def _archive(self, found: Iterable[_Found]) -> None:
        """Write captures down; their rows travel with what is stored next.

        :raises OSError: they cannot be written
        """
        copies = [each.copy for each in found]
        if self.writer is None or not copies:
            return
        if not self._is_open:
            self.writer.open()
            self._is_open = True
        self.imports.add(self.writer.append((each, copy(each)) for each in copies))

    async def _outcomes(self, readings: list[Reading], told: Summary) -> dict[str, Outcome]:
        if self.writer is None:
            return await self.imports.judge(readings)
        try:
            return await self.imports.store(readings)
        except psycopg.Error as error:
            ids = list(dict.fromkeys(reading.article.id for reading in readings))
            if len(ids) > 1:  # one of them is at fault: each alone, so that the others are stored
                outcomes: dict[str, Outcome] = {}
                for id_ in ids:
                    of_it = [each for each in readings if each.article.id == id_]
                    outcomes |= await self._outcomes(of_it, told)
                return outcomes
            told.count("refused")
            told.fault(f"{', '.join(ids)}: {str(error).splitlines()[0]}")
            return {}


def writer_of(folder: Path, run: int, file_bytes: int, sources: list[str]) -> Writer:
    """The writer of an import's files.

    :param folder: the page archive's
    :param sources: where the captures come from
    """
    info = {
        "software": f"heraldcrawl/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS_TO,
        "description": "The Korea Herald, as other archives have it",
        "isPartOf": f"run {run} of reparse",
        "hostname": this_host(),
        "source": " ".join("".join(filter(str.isprintable, each)) for each in sources[:_NAMED]),
    }
    return Writer(folder, run, info, file_bytes)


#: Of so many sources a file names those that it was made of.
_NAMED = 20
