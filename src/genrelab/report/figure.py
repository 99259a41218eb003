"""The parts of a chart: selectable views, each with a title, a drawing and its numbers.

Conventions: a drawing is Plotly's own JSON (traces and layout), without fonts and page colours: the
report's script adds those of the theme in use and replaces `var(--name)` by the colour of that name.
`narrow` is merged over a drawing on a phone. Every view also has its numbers as a `Grid`: for readers who do
not see the drawing, and where scripts do not run. Text from the data passes through `label` before it enters
a drawing, because Plotly interprets tags in text.

The contents of a chart belong in its page; its appearance belongs in `genrelab.report.charts`.
"""

import base64
import gzip
import html
import json
import math
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from markupsafe import Markup

from genrelab.report.palette import genre_colour

R = TypeVar("R")

MAY_BREAK = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Args:
        text: Main text.
        below: Secondary line: an interval, a remark.
        swatch: Colour of a genre, shown beside its name.
        mark: `champion` adds that badge; `best`, `good`, `warn` and `bad` emphasise the text.
        link: Address that the text links to: a page of the report, or one that begins with `https://`.
        anchor: Id of the text, so that an address leads to its row.
    """

    text: str
    below: str = ""
    swatch: str = ""
    mark: str = ""
    link: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        label: Heading.
        below: Secondary line of the heading.
        is_number: Whether its cells are right-aligned.
    """

    label: str
    below: str = ""
    is_number: bool = True


@dataclass(frozen=True)
class Grid:
    """A table of a page: the first column names the row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""

    def __post_init__(self) -> None:
        odd = [len(row) for row in self.rows if len(row) != len(self.columns)]
        if odd:
            raise ValueError(f"{len(self.columns)} columns, but rows of {odd} cells")


@dataclass(frozen=True)
class View:
    """One drawing of a chart.

    Args:
        title: The finding, as a sentence computed from the data.
        traces: Plotly traces.
        layout: Plotly layout.
        grid: The same numbers as a table.
        caption: How to read it: axes and units.
        narrow: `{"layout": ..., "traces": [...]}` merged over the drawing on a phone.
        height: Height in CSS pixels.
        max_width: Maximum width in CSS pixels; 0 for the full width.
    """

    title: str
    traces: list[dict[str, Any]]
    layout: dict[str, Any]
    grid: Grid
    caption: str = ""
    narrow: dict[str, Any] = field(default_factory=dict)
    height: int = 420
    max_width: int = 0


@dataclass(frozen=True)
class Picker:
    """A selection offered to the reader.

    Args:
        label: Name of the selection: `Model`.
        options: Value and text of each option; a view's key joins the values of all pickers by `|`.
    """

    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chart:
    """A chart of a page.

    Args:
        name: Unique on its page; the address of the chart.
        views: Drawings by key; the first one is shown first.
        pickers: Selections between them; none for a single view.
        shows_numbers: Whether the table below the drawing is open.
    """

    name: str
    views: Mapping[str, View]
    pickers: tuple[Picker, ...] = ()
    shows_numbers: bool = False

    def __post_init__(self) -> None:
        if not self.views:
            raise ValueError(f"the chart {self.name} has no view")

    @property
    def first(self) -> View:
        """Return the view shown first."""
        return next(iter(self.views.values()))

    @property
    def first_key(self) -> str:
        """Return the key of the view shown first."""
        return next(iter(self.views))

    @property
    def first_choices(self) -> list[str]:
        """Return the initial value of each picker."""
        return self.first_key.split("|")

    @property
    def embedded(self) -> Markup:
        """Return all views, packed for a `<script>` element."""
        return pack({key: asdict(view) for key, view in self.views.items()})


def single(name: str, view: View, *, shows_numbers: bool = False) -> Chart:
    """Return a chart with one view."""
    return Chart(name, {"": view}, shows_numbers=shows_numbers)


def picked(name: str, picker: str, views: Mapping[str, View]) -> Chart | None:
    """Return a chart whose views are picked by their keys; no picker for a single view, and None without a view."""
    pickers = (Picker(picker, tuple((key, key) for key in views)),) if len(views) > 1 else ()
    return Chart(name, views, pickers) if views else None


def pack(value: object) -> Markup:
    """Return the value as gzipped JSON in base 64, which is a tenth of the size and cannot end an HTML element.

    >>> unpack(str(pack({"title": "</script>"})))
    {'title': '</script>'}
    """
    text = json.dumps(without_gaps(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # no timestamp, so that the same report has the same bytes
    packed = gzip.compress(text.encode("utf-8"), compresslevel=6, mtime=0)
    return Markup(base64.b64encode(packed).decode("ascii"))  # noqa: S704 - letters, digits, +, / and = only


def unpack(text: str) -> Any:
    """Return the value that `pack` packed; the script of the report does the same."""
    return json.loads(gzip.decompress(base64.b64decode(text)))


def without_gaps(value: object) -> object:
    """Return the value with NaN and infinities as null, because JSON has no such numbers."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): without_gaps(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_gaps(item) for item in value]
    return value


def label(text: object, width: int = 0, lines: int = 2) -> str:
    """Return text from the data, escaped for a drawing; at most `lines` lines of `width` characters.

    >>> label("<b>pop</b>")
    '&lt;b&gt;pop&lt;/b&gt;'
    >>> label("Random forest, duplicates removed", 20)
    'Random forest,<br>duplicates removed'
    """
    if not width:
        return html.escape(str(text), quote=False)
    breakable = re.sub(r"/(?! )", f"/{MAY_BREAK} ", str(text))
    wrapped = textwrap.wrap(
        breakable, width, max_lines=lines, placeholder="…", break_long_words=len(str(text)) > 2 * width
    )
    return "<br>".join(
        html.escape(line.replace(f"{MAY_BREAK} ", "").replace(MAY_BREAK, ""), quote=False) for line in wrapped
    )


def text_cells(*texts: object) -> tuple[Cell, ...]:
    """Return a row of plain cells."""
    return tuple(text if isinstance(text, Cell) else Cell(str(text)) for text in texts)


def table(headings: Sequence[str | Column], rows: Iterable[Iterable[object]], caption: str = "") -> Grid:
    """Return a table of a page: headings as for `columns`, rows as for `text_cells`."""
    return Grid(columns(*headings), tuple(text_cells(*row) for row in rows), caption)


def columns(*labels: str | Column) -> tuple[Column, ...]:
    """Return the columns of a table; the first one names the row, other plain labels are columns of numbers."""
    made: Sequence[Column] = [
        given if isinstance(given, Column) else Column(given, is_number=position > 0)
        for position, given in enumerate(labels)
    ]
    return tuple(made)


def text_column(label: str, below: str = "") -> Column:
    """Return a column of text cells."""
    return Column(label, below, is_number=False)


def genre_cell(genre: str, below: str = "") -> Cell:
    """Return a cell with the name of a genre beside its colour."""
    return Cell(genre, below, genre_colour(genre))


def table_of(
    rows: Iterable[R], *declared: tuple[str | Column, Callable[[R], object]], caption: str = ""
) -> Grid:
    """Return a table whose columns are each declared once: a heading, and a function from row to cell.

    >>> table_of(["pop"], ("Genre", genre_cell), ("Letters", len)).rows[0][1].text
    '3'
    """
    headings, cells = zip(*declared, strict=True)
    return Grid(
        columns(*headings), tuple(text_cells(*(cell(row) for cell in cells)) for row in rows), caption
    )
