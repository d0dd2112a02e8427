"""Coverage as a picture: sections by months, the colour the share that is stored.

White is not nought: where nothing is known nothing is drawn, and where a list was read and had no
story the cell is grey. The colours are told apart by people who see red and green alike, and all
but the extremes by their lightness too. The same numbers give the same bytes of SVG.
"""

from __future__ import annotations

import textwrap
import warnings
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from heraldcrawl.reading.coverage import Counts
from heraldcrawl.reading.coverage_text import section_name, share_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from heraldcrawl.reading.coverage import Coverage, SectionCoverage
    from heraldcrawl.reading.selection import Selection

#: Least share of each class, its colour, its name.
CLASSES = (
    (1.0, "#08519c", "all"),
    (0.99, "#4292c6", "99 % and more"),
    (0.9, "#9ecae1", "90 % and more"),
    (0.5, "#fdd0a2", "half and more"),
    (0.000001, "#f16913", "less than half"),
    (0.0, "#8c2d04", "none"),
)
_QUIET = "#dddddd"
_INK, _PALE = "#222222", "#767676"
#: Beside matplotlib's own, for a label that is not in Latin letters; where one is installed.
_KOREAN_FONTS = ("Noto Sans CJK KR", "NanumGothic", "Malgun Gothic", "Apple SD Gothic Neo")

_NAMESPACES = {
    "": "http://www.w3.org/2000/svg",
    "xlink": "http://www.w3.org/1999/xlink",
    "cc": "http://creativecommons.org/ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}

# Inches.
_ROW, _GROUP_GAP = 0.2, 0.09
_WIDEST_CELL, _NARROWEST_CELL, _WIDTH = 0.62, 0.085, 15.5
_LEFT, _RIGHT, _TOP, _BOTTOM = 2.3, 3.6, 1.15, 0.95
_CELL_WITH_NUMBER = 0.36
_LEAST_WIDTH = 12.2  # for the legend


def draw(
    coverage: Coverage, selection: Selection, day: date, *, by: str, file: BinaryIO, form: str
) -> None:
    """Draw it.

    :param day: on which these are the numbers
    :param by: ``year``, or else by month
    :param form: ``svg`` or ``png``
    """
    fonts = {*font_manager.get_font_names()}
    settings: Any = {
        "font.family": ["DejaVu Sans", *(name for name in _KOREAN_FONTS if name in fonts)],
        "font.size": 8,
        "text.parse_math": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "heraldcrawl",
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        HeatMap(coverage, selection, day, by="year" if by == "year" else "month").save(file, form)


@dataclass(frozen=True, slots=True)
class _Cell:
    x: float
    y: float
    color: str
    title: str
    number: str


class HeatMap:
    """The picture under way; lengths are inches, from the upper left corner of the cells."""

    def __init__(self, coverage: Coverage, selection: Selection, day: date, *, by: str) -> None:
        self._coverage = coverage
        self._selection = selection
        self._day = day
        self._by = by
        self._columns = [*_columns(coverage, by)]
        self._cell = min(max(_WIDTH / max(len(self._columns), 1), _NARROWEST_CELL), _WIDEST_CELL)
        self._width = self._cell * max(len(self._columns), 1)
        self._rows = [*_places(coverage.rows)]
        self._height = self._rows[-1][0] + _ROW

    def save(self, file: BinaryIO, form: str) -> None:
        cells = [*self._cells()]
        figure = self._figure(cells)
        if form == "png":
            figure.savefig(file, format="png", dpi=160, metadata={"Software": None})
            return
        svg = BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": "heraldcrawl"})
        file.write(_with_titles(svg.getvalue(), [cell.title for cell in cells]))

    def _cells(self) -> Iterator[_Cell]:
        for y, section in self._rows:
            found = dict(section.periods(self._by))
            name = section_name(section.path)
            for n, column in enumerate(self._columns):
                counts = found.get(column, Counts())
                share = counts.share
                if share is not None:
                    color = next(color for least, color, _ in CLASSES if share >= least)
                    title = f"{name}, {column}: {_told(counts)}"
                elif self._was_read(section, column):
                    color, title = _QUIET, f"{name}, {column}: its list was read and has none"
                else:
                    continue
                belonging = counts.announced - counts.elsewhere
                yield _Cell(n * self._cell, y, color, title, f"{belonging:,}" if belonging else "")

    def _was_read(self, section: SectionCoverage, column: str) -> bool:
        first = date.fromisoformat(f"{column}-01" if self._by == "month" else f"{column}-01-01")
        return section.reading.covers(first) and first <= self._day

    def _figure(self, cells: Sequence[_Cell]) -> Figure:
        width = max(_LEFT + self._width + _RIGHT, _LEAST_WIDTH)
        height = _TOP + self._height + _BOTTOM
        figure = Figure(figsize=(width, height), facecolor="white")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(-_LEFT, width - _LEFT)
        axes.set_ylim(self._height + _BOTTOM, -_TOP)
        axes.set_axis_off()
        self._draw_cells(axes, cells)
        self._draw_labels(axes)
        self._draw_head(axes)
        self._draw_legend(axes)
        return figure

    def _draw_cells(self, axes: Axes, cells: Sequence[_Cell]) -> None:
        w, h = self._cell, _ROW
        figure = axes.get_figure(root=True)
        assert figure is not None
        squares = PolyCollection(
            [[(0, 0), (w, 0), (w, -h), (0, -h)]],  # one shape, put in many places: a smaller file
            transform=figure.dpi_scale_trans,
            offsets=[(cell.x, cell.y) for cell in cells],
            offset_transform=axes.transData,
            facecolors=[cell.color for cell in cells],
            edgecolors="white",
            linewidths=0.3 if w < _CELL_WITH_NUMBER else 1,
            clip_on=False,
            gid="cells",
        )
        axes.add_collection(squares, autolim=False)
        if self._cell >= _CELL_WITH_NUMBER:
            for cell in cells:
                ink = "white" if cell.color in (CLASSES[0][1], CLASSES[-1][1]) else _INK
                axes.text(
                    cell.x + w / 2, cell.y + h / 2, cell.number, color=ink, size=6.5,
                    ha="center", va="center_baseline",
                )  # fmt: skip

    def _draw_labels(self, axes: Axes) -> None:
        """Name the rows, sum them up, and name the columns."""
        right = self._width + 0.12
        for x, text, side in (
            (right + 1.1, "stored of known", "right"),
            (right + 1.65, "share", "right"),
            (right + 1.8, "list read back to", "left"),
        ):
            axes.text(x, -0.06, text, color=_PALE, size=7, ha=side, va="bottom")
        for y, section in self._rows:
            middle = y + _ROW / 2
            depth = max(len(section.path) - 1, 0)
            total = section.total
            axes.text(
                -_LEFT + 0.25 + 0.14 * depth, middle, section_name(section.path[-1:]), color=_INK,
                weight="normal" if depth else "bold", va="center_baseline",
            )  # fmt: skip
            known = f"{total.stored:,} of {total.announced - total.elsewhere:,}"
            axes.text(
                right + 1.1, middle, known, color=_INK, size=7, ha="right", va="center_baseline"
            )
            axes.text(
                right + 1.65, middle, share_of(total), color=_INK, size=7, ha="right",
                va="center_baseline",
            )  # fmt: skip
            axes.text(
                right + 1.8, middle, _reach(section), color=_PALE, size=7, va="center_baseline"
            )
        for n, column in enumerate(self._columns):
            x = n * self._cell
            if self._by == "year":
                axes.text(x + self._cell / 2, -0.06, column, color=_PALE, ha="center", va="bottom")
                continue
            if self._cell >= _CELL_WITH_NUMBER:
                month = column[5:]
                axes.text(x + self._cell / 2, -0.06, month, color=_PALE, ha="center", va="bottom")
            if n == 0 or column.endswith("-01"):
                axes.text(x + 0.03, -0.22, column[:4], color=_PALE, va="bottom")
                axes.plot([x, x], [-0.36, self._height], color=_PALE, linewidth=0.5)

    def _draw_head(self, axes: Axes) -> None:
        selection = self._selection
        what = section_name(tuple(selection.path)) if selection.path else "The Korea Herald"
        days = [
            f"{word} {day}"
            for word, day in (("since", selection.since), ("until", selection.until))
            if day
        ]
        title = f"{what}: what the archive has, by section and {self._by}"
        axes.text(-_LEFT + 0.25, -0.85, title, color=_INK, size=14, weight="bold")
        total = self._coverage.whole.total
        told = ", ".join([f"{self._day.day} {self._day:%B %Y}", *days])
        axes.text(-_LEFT + 0.25, -0.58, f"{told}: {_told(total)}", color=_PALE, size=9)

    def _draw_legend(self, axes: Axes) -> None:
        x, y = 0.25 - _LEFT, self._height + 0.28
        axes.text(x, y + _ROW / 2, "stored of what was announced", va="center_baseline")
        x += 1.85
        entries = [(color, name) for _, color, name in CLASSES]
        for color, name in [*entries, (_QUIET, "list read: none"), ("white", "nothing is known")]:
            edge = _PALE if color == "white" else "none"
            corners = [(x, y), (x + 0.2, y), (x + 0.2, y + _ROW), (x, y + _ROW)]
            axes.add_collection(
                PolyCollection([corners], facecolors=[color], edgecolors=[edge], linewidths=0.5),
                autolim=False,
            )
            axes.text(x + 0.27, y + _ROW / 2, name, color=_INK, va="center_baseline")
            x += 0.55 + 0.062 * len(name)
        if self._cell >= _CELL_WITH_NUMBER:
            axes.text(x, y + _ROW / 2, "the number: announced", color=_PALE, va="center_baseline")
        if unknown := self._coverage.unknown:
            names = ", ".join(section_name(path[-1:]) for path in unknown)
            text = textwrap.shorten(f"Nothing is known of {names}", 230, placeholder=" …")
            axes.text(-_LEFT + 0.25, self._height + 0.72, text, color=_PALE, size=7)


def _columns(coverage: Coverage, by: str) -> Iterator[str]:
    """Yield every month or year from the oldest to the newest, those without a story as well."""
    if coverage.whole.span is None:
        return
    first, last = coverage.whole.span
    if by == "year":
        yield from map(str, range(first.year, last.year + 1))
        return
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield f"{number // 12}-{number % 12 + 1:02}"


def _places(sections: Sequence[SectionCoverage]) -> Iterator[tuple[float, SectionCoverage]]:
    """Yield how far down each section's row is; a group of the menu keeps some distance."""
    y = 0.0
    group = None
    for section in sections:
        if group is not None and section.path[:1] != group:
            y += _GROUP_GAP
        group = section.path[:1]
        yield y, section
        y += _ROW


def _told(counts: Counts) -> str:
    words = [f"{counts.announced:,} announced", f"{counts.stored:,} stored ({share_of(counts)})"]
    others = ((name, getattr(counts, name)) for name in ("missing", "failed", "gone", "elsewhere"))
    return ", ".join([*words, *(f"{number:,} {name}" for name, number in others if number)])


def _reach(section: SectionCoverage) -> str:
    reading = section.reading
    if section.spider is None:
        return ""
    if reading.back_to is None:
        return "never read"
    end = "its end" if reading.finished_at else "so far"
    return f"{reading.back_to:%Y-%m}, {end}"


def _with_titles(svg: bytes, titles: Sequence[str]) -> bytes:
    """Give each cell the text that a browser shows when the pointer rests on it."""
    for prefix, namespace in _NAMESPACES.items():
        ET.register_namespace(prefix, namespace)
    name = f"{{{_NAMESPACES['']}}}"
    tree = ET.fromstring(svg)  # noqa: S314  (what was just drawn)
    group = tree.find(f".//{name}g[@id='cells']")
    assert group is not None
    # A few shapes are written out each, many as uses of one.
    shapes = [*group.iter(f"{name}use")] or [*group.iter(f"{name}path")]
    for shape, title in zip(shapes, titles, strict=True):
        ET.SubElement(shape, f"{name}title").text = title
    return bytes(ET.tostring(tree, encoding="UTF-8", xml_declaration=True))
