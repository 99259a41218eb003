"""What a chart consists of: views to pick from, each with its title, drawing and numbers.

Conventions: a drawing is Plotly's own JSON (traces and layout), without fonts and page colours: the
report's script adds those of the theme in use and replaces `var(--name)` by the colour of that name.
`narrow` is merged over a drawing on a phone. Every view carries its numbers as a `Grid` too: for readers who
do not see the drawing, and where scripts do not run. Text from the data goes through `label` before it enters
a drawing, because Plotly reads tags in text.

What a chart shows does not belong here but in the page that shows it; how it looks, in
`genrelab.report.charts`.
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
        text: What it says.
        below: A second, quieter line: an interval, a remark.
        swatch: Colour of a genre shown beside its name.
        mark: `champion` adds that badge; `best`, `good`, `warn` and `bad` stress what the text says.
    """

    text: str
    below: str = ""
    swatch: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        label: Its heading.
        below: A second, quieter line of the heading.
        is_number: Whether its cells line up at the right.
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
        title: What is seen, as a sentence computed from the data.
        traces: Plotly traces.
        layout: Plotly layout.
        grid: The same numbers as a table.
        caption: How to read it: what is on the axes, in which unit.
        narrow: `{"layout": ..., "traces": [...]}` merged over the drawing on a phone.
        height: Height in CSS pixels.
        max_width: Width it does not grow beyond, in CSS pixels; 0 where it takes what there is.
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
    """One choice that the reader has.

    Args:
        label: What is chosen: `Model`.
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
        pickers: The choices between them, none where there is one view.
        shows_numbers: Whether the table stands open below the drawing.
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
        """The view shown first."""
        return next(iter(self.views.values()))

    @property
    def first_key(self) -> str:
        """Key of the view shown first."""
        return next(iter(self.views))

    @property
    def first_choices(self) -> list[str]:
        """The value each picker starts with."""
        return self.first_key.split("|")

    @property
    def embedded(self) -> Markup:
        """All views, packed to stand inside a `<script>` element."""
        return pack({key: asdict(view) for key, view in self.views.items()})


def single(name: str, view: View, *, shows_numbers: bool = False) -> Chart:
    """A chart with one view."""
    return Chart(name, {"": view}, shows_numbers=shows_numbers)


def pack(value: object) -> Markup:
    """The value as zipped JSON in base 64: a tenth of the bytes, and nothing in it can end the element it stands in.

    >>> unpack(str(pack({"title": "</script>"})))
    {'title': '</script>'}
    """
    text = json.dumps(without_gaps(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # without a time of writing, so that the same report has the same bytes
    packed = gzip.compress(text.encode("utf-8"), compresslevel=6, mtime=0)
    return Markup(base64.b64encode(packed).decode("ascii"))  # noqa: S704 - letters, digits, +, / and = only


def unpack(text: str) -> Any:
    """What `pack` packed; in a page the report's script does the same."""
    return json.loads(gzip.decompress(base64.b64decode(text)))


def without_gaps(value: object) -> object:
    """The value with NaN and infinities as null: JSON has no word for them."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): without_gaps(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_gaps(item) for item in value]
    return value


def label(text: object, width: int = 0, lines: int = 2) -> str:
    """Text from the data for a drawing: tags are shown, not obeyed; at most `lines` lines of `width` signs.

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
    """A row of plain cells."""
    return tuple(text if isinstance(text, Cell) else Cell(str(text)) for text in texts)


def table(headings: Sequence[str | Column], rows: Iterable[Iterable[object]], caption: str = "") -> Grid:
    """A table of a page: headings as for `columns`, rows as for `text_cells`."""
    return Grid(columns(*headings), tuple(text_cells(*row) for row in rows), caption)


def columns(*labels: str | Column) -> tuple[Column, ...]:
    """Columns of a table; the first one names the row, a plain label stands for a column of numbers."""
    made: Sequence[Column] = [
        given if isinstance(given, Column) else Column(given, is_number=position > 0)
        for position, given in enumerate(labels)
    ]
    return tuple(made)


def text_column(label: str, below: str = "") -> Column:
    """A column whose cells hold no numbers."""
    return Column(label, below, is_number=False)


def genre_cell(genre: str, below: str = "") -> Cell:
    """The name of a genre beside its colour."""
    return Cell(genre, below, genre_colour(genre))


def table_of(
    rows: Iterable[R], *declared: tuple[str | Column, Callable[[R], object]], caption: str = ""
) -> Grid:
    """A table of which each column is declared once: its heading, and its cell of a row.

    >>> table(["pop"], ("Genre", genre_cell), ("Letters", len)).rows[0][1].text
    '3'
    """
    headings, cells = zip(*declared, strict=True)
    return Grid(
        columns(*headings), tuple(text_cells(*(cell(row) for cell in cells)) for row in rows), caption
    )
