"""A view of the report as a picture: every kind of chart that the report has can be drawn by Matplotlib too."""

from dataclasses import replace
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from report_facts import made_facts

from genrelab.report.figure import Chart, View, columns
from genrelab.report.figure import Grid as Numbers
from genrelab.report.pages import PAGES
from tasks.tracking.pictures import picture, plain


def charts_in(value: Any) -> list[Chart]:
    """The charts of a page, wherever they stand in its summary."""
    if isinstance(value, Chart):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [chart for one in inner for chart in charts_in(one)]


@pytest.mark.parametrize("page", [page for page in PAGES if page.has_charts], ids=lambda page: page.name)
def test_every_chart_of_the_report_can_be_drawn(page):
    """Its first view, down to the pixels; what a trace means is known, or drawing fails."""
    for chart in charts_in(page.summarise(made_facts())):
        figure = picture([[chart.first]])
        FigureCanvasAgg(figure).draw()
        assert figure.subfigs, chart.name


def bars_view() -> View:
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [3.0, 1.0],
            "y": [0, 1],
            "text": [" <b>3</b>", " 1"],
            "marker": {"color": ["var(--accent)", "#ffffff"]},
        }
    ]
    axis = {"tickvals": [0, 1], "ticktext": ["R&amp;B", "pop"], "range": [1.5, -0.5]}
    layout = {"xaxis": {"title": {"text": "Tracks"}}, "yaxis": axis}
    return View("Three<br>to one", traces, layout, Numbers(columns("Genre"), ()))


def test_numbers_names_and_colours_are_those_of_the_view():
    """The same lengths, the names without markup, the colours of the light theme."""
    axes = picture([[bars_view()]]).subfigs[0].subfigs[0].axes[0]

    assert [bar.get_width() for bar in axes.patches] == [3.0, 1.0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["R&B", "pop"]
    assert [text.get_text() for text in axes.texts] == ["3", "1"]
    assert axes.get_xlabel() == "Tracks"
    assert axes.yaxis_inverted()
    assert axes.patches[1].get_facecolor() == (1.0, 1.0, 1.0, 1.0)


def test_views_stand_beside_and_below_each_other():
    """Rows of views, each with its title."""
    figure = picture([[bars_view(), bars_view()], [replace(bars_view(), title="Below")]])
    titles = [[part._suptitle.get_text() for part in band.subfigs] for band in figure.subfigs]

    assert titles == [["Three to one"] * 2, ["Below"]]


def test_text_from_the_data_is_no_formula():
    """A dollar begins one in Matplotlib."""
    assert plain("A$AP &lt;b&gt;") == r"A\$AP <b>"


def test_a_script_that_the_font_lacks_is_drawn_as_boxes():
    """Matplotlib would warn of every sign; Greek and line ends stay."""
    assert plain("ลูกทุ่ง Ω<br>pop", "\n") == "□□□□□□□ Ω\npop"
