"""The formats of an export: each takes rows in parts, and keeps none of them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Protocol

from heraldcrawl.items import EVIDENT
from heraldcrawl.reading.records import FIELDS, as_record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

    import pyarrow as pa

    Rows = Sequence[dict[str, Any]]


class Writer(Protocol):
    """Writes rows to a file."""

    def write(self, rows: Rows) -> None: ...

    def finish(self) -> None:
        """Write what belongs at the end."""


class JsonLines:
    """The feeds' records, one a line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, rows: Rows) -> None:
        lines = (json.dumps(as_record(row), ensure_ascii=False) for row in rows)
        self._file.write("".join(f"{line}\n" for line in lines).encode())

    def finish(self) -> None:
        pass


class Csv:
    """The feeds' records with a line of names; lists and objects are JSON, null is empty."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._write([FIELDS])

    def write(self, rows: Rows) -> None:
        self._write([[_cell(value) for value in as_record(row).values()] for row in rows])

    def finish(self) -> None:
        pass

    def _write(self, lines: Sequence[Sequence[object]]) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        self._file.write(text.getvalue().encode())


class Parquet:
    """Typed columns: times with their zone, lists and structs as such.

    A day without a time is midnight in Korea, and ``issues`` says so. Each part is a row group.
    """

    def __init__(self, file: BinaryIO) -> None:
        import pyarrow.parquet  # noqa: PLC0415  (slow to load)

        self._schema = parquet_schema()
        self._writer = pyarrow.parquet.ParquetWriter(
            _Sink(file), self._schema, compression="zstd", write_statistics=True
        )

    def write(self, rows: Rows) -> None:
        import pyarrow as pa  # noqa: PLC0415  (slow to load)

        if rows:
            table = pa.Table.from_pylist(list(rows), schema=self._schema)
            self._writer.write_table(table, row_group_size=len(rows))

    def finish(self) -> None:
        self._writer.close()


FORMATS: dict[str, Callable[[BinaryIO], Writer]] = {
    "jsonl": JsonLines,
    "csv": Csv,
    "parquet": Parquet,
}


def parquet_schema() -> pa.Schema:
    """The columns' types."""
    import pyarrow as pa  # noqa: PLC0415  (slow to load)

    text = pa.string()
    types: dict[str, pa.DataType] = dict.fromkeys(FIELDS, text)
    for name in ("breadcrumbs", "keywords", "issues"):
        types[name] = pa.list_(text)
    types["authors"] = pa.list_(pa.struct({"name": text, "email": text}))
    types["images"] = pa.list_(pa.struct({"url": text, "caption": text, "credit": text}))
    types["sources"] = pa.struct(dict.fromkeys(EVIDENT, text))
    types["revision"] = pa.int32()
    for name in ("date_published", "date_modified"):
        types[name] = pa.timestamp("us", tz="Asia/Seoul")
    for name in ("first_seen_at", "fetched_at"):
        types[name] = pa.timestamp("us", tz="UTC")
    return pa.schema(types)


class _Sink:
    """A file that knows its place, which a pipe does not."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._place = 0

    def write(self, data: bytes) -> int:
        self._place += len(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """Leave the file open: it is somebody else's."""


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value
