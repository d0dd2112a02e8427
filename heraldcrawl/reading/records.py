"""A story as a record, the same as in the feeds."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC
from typing import Any

from heraldcrawl.items import Article, Author, Image
from heraldcrawl.site.dates import isoformat

#: The fields of a record, in order.
FIELDS = tuple(field.name for field in fields(Article))


def as_record(row: dict[str, Any]) -> dict[str, Any]:
    """Turn a row of the statements in ``export.sql`` into the feed's record.

    :param row: with the columns :data:`FIELDS`
    """
    record = {name: row[name] for name in FIELDS}
    for name in ("date_published", "date_modified"):
        if record[name] is not None:
            stamp = isoformat(record[name])
            is_day = f"{name}:day-only" in record["issues"]
            record[name] = stamp.partition("T")[0] if is_day else stamp
    for name, kind in (("authors", Author), ("images", Image)):  # jsonb has an order of its own
        record[name] = [{f.name: each[f.name] for f in fields(kind)} for each in record[name]]
    for name in ("first_seen_at", "fetched_at"):
        record[name] = record[name].astimezone(UTC).isoformat()
    return record
