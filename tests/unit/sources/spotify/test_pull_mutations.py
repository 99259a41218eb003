"""Tables of tracks saved anew in other ways: each gives the right table, or a message that names the trouble."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pytest
from pull_mutations import LAYOUTS, MUTATIONS, SHORT, Mutation, frame_of, save

from genrelab.lake.ingested import Ingested
from genrelab.runtime.errors import SourceError
from genrelab.sources.spotify import read_pulls
from genrelab.tables.spotify import SPOTIFY_TRACKS

OUTCOMES: list[tuple[str, str, str]] = []
CASES = [
    pytest.param(
        layout,
        mutation,
        id=f"{layout}: {mutation.name}",
        marks=[] if mutation.name in SHORT and layout == "pulls" else [pytest.mark.long],
    )
    for layout in LAYOUTS
    for mutation in MUTATIONS
]


@pytest.fixture(scope="module", autouse=True)
def _table_of_outcomes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Printed at the end: what became of each."""
    yield
    capture = request.config.pluginmanager.getplugin("capturemanager")
    lines = [f"  {layout:<10} {name:<36} {outcome}"[:150] for layout, name, outcome in OUTCOMES]
    with capture.global_and_fixture_disabled():
        print("\n" + "\n".join(lines))  # noqa: T201 - what the table is for


def outcome_of(path: Path, plain: Ingested) -> tuple[str, str]:
    """`right`, `message` or `wrong`, and the message; what is said of the plain file too is none."""
    try:
        found = read_pulls(path)
    except SourceError as error:
        return "message", str(error).removeprefix(str(path))
    if found.rejected.num_rows:
        return "message", f"{found.rejected.num_rows} rejected, {found.rejected['reasons'][0].as_py()[0]}"
    if outside := _outside(found):
        return "message", outside
    order = [("track_id", "ascending")]
    columns = [name for name in SPOTIFY_TRACKS.names if name not in ("source", "source_row")]
    caveats = [caveat for caveat in found.caveats if caveat not in plain.caveats]
    if found.data.sort_by(order).select(columns).equals(plain.data.sort_by(order).select(columns)):
        return "right", "; ".join(caveats)
    return ("message", caveats[0]) if caveats else ("wrong", "")


def _outside(found: Ingested) -> str:
    """The rule of a declared range that rows break, which the suite would reject them by."""
    for column in SPOTIFY_TRACKS:
        if column.is_number and column.high is not None:
            broken = pc.sum(pc.greater(found.data[column.name], column.high)).as_py()
            if broken:
                return f"{column.name}: {column.allowed}: {broken} rows"
    return ""


@pytest.mark.parametrize(("layout", "mutation"), CASES)
def test_the_right_table_or_a_message(tmp_path: Path, layout: str, mutation: Mutation) -> None:
    """Never another table without a word."""

    frame = frame_of(layout)
    path = tmp_path / "mine.csv"
    path.write_bytes(save(frame))
    plain = read_pulls(path)
    path.write_bytes(mutation.save(frame))
    kind, said = outcome_of(path, plain)
    OUTCOMES.append((layout, mutation.name, f"{kind}{': ' + said if said else ''}"))
    assert kind == "right" if mutation.is_read else kind in {"right", "message"}


def test_there_are_a_hundred() -> None:
    """A dozen of them in every run of the tests."""

    assert len(CASES) >= 100
    assert len(SHORT) >= 12
    assert {mutation.name for mutation in MUTATIONS} >= set(SHORT)
