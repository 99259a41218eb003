"""Charts: what they consist of, and that the data cannot break out of them."""

import json
import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.report.charts import bars, intervals, pairs
from genrelab.report.curves import calibration, named_points
from genrelab.report.figure import (
    Cell,
    Chart,
    Grid,
    View,
    columns,
    genre_cell,
    label,
    pack,
    single,
    table_of,
    text_cells,
    text_column,
    unpack,
    without_gaps,
)
from genrelab.report.heatmap import FEW, heat

EMPTY = Grid((), ())
texts = st.text(max_size=30)


@given(
    st.recursive(
        texts | st.floats() | st.none() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    )
)
def test_what_is_packed_cannot_end_its_script_and_reads_back(value):
    """Whatever is packed holds no markup and is itself again; NaN and infinity become null."""
    packed = str(pack(value))

    assert set(packed) <= {*string.ascii_letters, *string.digits, *"+/="}
    assert unpack(packed) == json.loads(json.dumps(without_gaps(value), allow_nan=False))
    assert pack(value) == packed


def test_gaps_become_null():
    """JSON has no word for NaN."""
    assert unpack(pack({"x": [1.5, math.nan, (math.inf,)]})) == {"x": [1.5, None, [None]]}


def test_text_of_the_data_is_shown_and_not_obeyed():
    """Plotly reads tags in text: they are escaped, long text is broken and cut."""
    assert label("<b>A&B</b>") == "&lt;b&gt;A&amp;B&lt;/b&gt;"
    assert label("country/folk", 10) == "country/<br>folk"
    assert label("Old-Time / Historic", 10) == "Old-Time /<br>Historic"
    assert label("one two three four five", 8) == "one two<br>three…"
    assert label("old school dance", 40) == "old school dance"


@given(st.text(max_size=80), st.integers(8, 30), st.integers(1, 3))
def test_a_label_keeps_to_its_lines(text, width, lines):
    """However long or odd the text, a label has at most its lines and no tag but its line breaks."""
    made = label(text, width, lines)

    assert made.count("<br>") < lines
    assert "<" not in made.replace("<br>", "")


def test_a_table_refuses_rows_of_another_length():
    """A cell too many would shift every number after it."""
    with pytest.raises(ValueError, match="2 columns, but rows of"):
        Grid(columns("Genre", "Tracks"), (text_cells("pop"),))


def test_a_chart_refuses_to_be_empty():
    """A chart without a view could not be drawn."""
    with pytest.raises(ValueError, match="has no view"):
        Chart("empty", {})


def test_the_first_view_is_shown_first():
    """Its key tells what each picker starts with."""
    view = View(title="A", traces=[], layout={}, grid=EMPTY)
    chart = Chart("matrix", {"2|grouped": view, "1|author": View("B", [], {}, EMPTY)})

    assert chart.first is view
    assert chart.first_choices == ["2", "grouped"]
    assert single("one", view).first_key == ""


def test_columns_after_the_first_hold_numbers():
    """Numbers line up at the right, names at the left."""
    assert [column.is_number for column in columns("Genre", "Tracks", "Share")] == [False, True, True]
    assert text_cells("pop", Cell("1", mark="best"))[1].mark == "best"


def test_bars_say_their_value_and_their_unit():
    """Every bar has its text, the axis its title; equal names keep places of their own."""
    drawing = bars(["pop", "pop"], [3.0, 1.0], ["3", "1"], ["red", "red"], axis="Tracks")

    assert drawing["traces"][0]["y"] == [0, 1]
    assert [text.strip() for text in drawing["traces"][0]["text"]] == ["3", "1"]
    assert drawing["layout"]["xaxis"]["title"]["text"] == "Tracks"
    assert drawing["layout"]["xaxis"]["range"][1] > 3


def test_intervals_reach_from_their_low_to_their_high_end():
    """The error bars are lengths, the baseline is a line of its own, a published score a hollow mark."""
    drawing = intervals(
        ["forest"], [0.46], [0.45], [0.475], ["46 %"], ["red"],
        axis="Accuracy", is_share=True, lines=[(0.34, "baseline")], others=[(0, 0.4948, "document")],
    )  # fmt: skip
    score, published = drawing["traces"]

    assert score["error_x"]["array"] == [pytest.approx(0.015)]
    assert score["error_x"]["arrayminus"] == [pytest.approx(0.01)]
    assert drawing["layout"]["shapes"][0]["x0"] == 0.34
    assert published["x"] == [0.4948]
    assert published["marker"]["symbol"] == "diamond-open"
    assert drawing["layout"]["xaxis"]["range"][0] < 0.34
    assert drawing["layout"]["xaxis"]["range"][1] > 0.4948


def test_a_heat_map_says_share_and_count_in_every_cell():
    """Colour follows the share, paler where the row has few tracks; an empty cell stays empty; hovers are words."""
    drawing = heat(
        ["pop", "rock"], ["pop", "rock"], [[0.75, 0.25], [1.0, 0.0]], [[3000, 1000], [7, 0]],
        row_axis="True genre", column_axis="Answer", reads="{row} taken for {column}",
    )  # fmt: skip
    cells, words = drawing["traces"]

    assert cells["z"] == [[0.75, 0.25], [round(7 / FEW, 3), 0.0]]
    assert words["text"] == ["<b>75%</b><br>3,000", "<b>25%</b><br>1,000", "<b>100%</b><br>7", ""]
    assert drawing["narrow"]["traces"][1]["text"] == [
        "<b>75%</b><br>3.0k",
        "<b>25%</b><br>1.0k",
        "<b>100%</b><br>7",
        "",
    ]
    assert cells["hovertext"][0][1].startswith("<b>pop</b> taken for <b>rock</b><br>1,000 tracks, 25.0 %")
    assert len(words["x"]) == len(words["y"]) == len(words["textfont"]["color"]) == 4


@pytest.mark.parametrize(("width", "angle"), [(3, 0), (12, -90)])
def test_names_of_columns_that_would_touch_stand_upright(width, angle):
    """As long words do over many columns."""
    names = ["Instrumental", "International"] * (width // 2 + 1)
    drawing = heat(
        ["pop"], names[:width], [[0.1] * width], [[90] * width], row_axis="", column_axis="", reads=""
    )

    assert drawing["layout"]["xaxis"]["tickangle"] == angle


def test_pairs_join_what_belongs_together():
    """One line per row between its two shares."""
    drawing = pairs(["pop"], [0.35], [0.6], ["red"], before_name="tracks", after_name="answers", axis="Share")

    assert [(shape["x0"], shape["x1"]) for shape in drawing["layout"]["shapes"]] == [(0.35, 0.6)]
    assert [trace["marker"]["symbol"] for trace in drawing["traces"]] == ["circle-open", "circle"]


def test_curves_say_what_their_axes_measure():
    """Both axes of both charts have a title."""
    curve = calibration([0.2, 0.6], [0.25, 0.5], [100, 50])
    cloud = named_points(
        ["a", "b"], [0.1, 40.0], [0.3, 0.5], ["red", "red"], across_axis="Seconds", up_axis="Accuracy"
    )

    for drawing in (curve, cloud):
        assert drawing["layout"]["xaxis"]["title"]["text"]
        assert drawing["layout"]["yaxis"]["title"]["text"]
    assert [text.strip() for text in cloud["traces"][0]["text"]] == ["a", "b"]


def test_a_column_of_a_table_is_declared_once():
    """Its heading, and its cell of each row; a table without rows keeps its headings."""
    declared = (("Genre", genre_cell), (text_column("Letters", "in words"), str.upper))
    grid = table_of(["pop"], *declared, caption="Short names.")

    assert [(column.label, column.below, column.is_number) for column in grid.columns] == [
        ("Genre", "", False),
        ("Letters", "in words", False),
    ]
    assert grid.rows == ((Cell("pop", swatch="var(--genre-pop)"), Cell("POP")),)
    assert (grid.caption, table_of([], *declared).columns) == ("Short names.", grid.columns)
