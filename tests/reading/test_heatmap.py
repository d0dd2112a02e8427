"""The picture of coverage, read as a browser or a viewer reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from heraldcrawl.reading.coverage import Coverage, Reading, SectionCoverage
from heraldcrawl.reading.heatmap import CLASSES, draw
from heraldcrawl.reading.selection import Selection

TODAY = date(2026, 11, 26)
SVG = "{http://www.w3.org/2000/svg}"


def covered(*states: str | None, path: tuple[str, ...] = ("National",)) -> SectionCoverage:
    """A section whose months from January 2025 on have ten stories in each of these states."""
    made = SectionCoverage(path, "national")
    for n, state in enumerate(states):
        if state:
            month = date(2025 + n // 12, n % 12 + 1, 1)
            for what in state.split():
                made.add(month, what, "http_500", 10)
    return made


def drawn(*sections: SectionCoverage, form: str = "svg", by: str = "month") -> bytes:
    file = BytesIO()
    whole = SectionCoverage(())
    for section in sections:
        for month, counts in section.months.items():
            whole.months[month] = whole.months.get(month, type(counts)()) + counts
    coverage = Coverage(whole, [*sections], [("World",)])
    draw(coverage, Selection(), TODAY, by=by, file=file, form=form)
    return file.getvalue()


def parsed(svg: bytes) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  (what was just drawn)


def texts(svg: bytes) -> list[str]:
    return ["".join(text.itertext()).strip() for text in parsed(svg).iter(f"{SVG}text")]


def titles(svg: bytes) -> dict[str, str]:
    """What a pointer that rests on a cell is told, and the cell's colour."""
    found = {}
    for shape in parsed(svg).iter():
        title = shape.find(f"{SVG}title")
        if title is not None and title.text:
            style = dict(part.split(": ") for part in shape.attrib["style"].split("; "))
            found[title.text] = style["fill"]
    return found


def test_a_cell_tells_its_numbers_and_its_colour_the_share() -> None:
    colors = [color for _, color, _ in CLASSES]
    told = titles(drawn(covered("stored", "stored missing", "failed", "stored elsewhere")))
    assert {title: told[title] for title in told if title.startswith("National")} == {
        "National, 2025-01: 10 announced, 10 stored (100 %)": colors[0],
        "National, 2025-02: 20 announced, 10 stored (50.0 %), 10 missing": colors[3],
        "National, 2025-03: 10 announced, 0 stored (0 %), 10 failed": colors[-1],
        "National, 2025-04: 20 announced, 10 stored (100 %), 10 elsewhere": colors[0],
    }


def test_where_nothing_is_known_nothing_is_drawn_and_a_list_without_stories_is_grey() -> None:
    unread = covered("stored", None, "stored")
    was_read = covered(None, "stored", None, "stored", path=("World",))
    was_read.reading = Reading(datetime(2026, 11, 1, tzinfo=UTC), None, date(2025, 2, 1))
    told = titles(drawn(unread, was_read))
    assert [title for title in told if title.startswith("National")] == [
        "National, 2025-01: 10 announced, 10 stored (100 %)",
        "National, 2025-03: 10 announced, 10 stored (100 %)",
    ]
    assert told["World, 2025-03: its list was read and has none"] not in {c for _, c, _ in CLASSES}
    assert not any(title.startswith("World, 2025-01") for title in told)


@pytest.mark.parametrize("months", [0, 1, 2, 3, 60])
def test_any_number_of_cells_is_drawn_with_its_titles(months: int) -> None:
    told = titles(drawn(covered(*["stored"] * months)))
    assert len(told) == 2 * months  # once in the section's row, once in that of all sections


def test_the_same_numbers_give_the_same_file() -> None:
    assert drawn(covered("stored", "missing")) == drawn(covered("stored", "missing"))


def test_a_section_s_name_is_text_and_nothing_else() -> None:
    name = "<script> $x^2$ &amp; 북한"
    svg = drawn(covered("stored", path=(name,)))
    assert name in texts(svg)
    assert b"<script>" not in svg


def test_a_png_has_the_colours_and_the_numbers_where_there_is_room() -> None:
    with Image.open(BytesIO(drawn(covered("stored", "failed"), form="png", by="year"))) as image:
        assert image.format == "PNG"
        pixels = {color for _, color in image.convert("RGB").getcolors(1 << 24) or []}
    half = CLASSES[3][1]
    assert tuple(int(half[place : place + 2], 16) for place in (1, 3, 5)) in pixels
    assert "20" in texts(drawn(covered("stored", "failed"), by="year"))
