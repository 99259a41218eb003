"""How well each genre is heard: the branches of FMA's tree as a chart, every genre as a table.

Conventions: scores are those of `genrelab.evaluation.label_sets.per_label`; a label is the text of a genre's id.
"""

from collections.abc import Sequence

from genrelab.analyses.genre_study.result import GenreStudy
from genrelab.evaluation.results import LabelScores
from genrelab.report.charts import NARROW_NAME, WIDE_NAME, names_axis
from genrelab.report.figure import Cell, Chart, Grid, View, label, single, table, text_column
from genrelab.report.palette import genre_colour
from genrelab.report.wording import DASH, count, decimal, percent, plural

FEWEST_ARTISTS = 3
"""A genre of fewer artists in the test part is not drawn: its score says how one artist sounds."""
CHANCE = 0.5
SMALL, LARGE = 7, 26
"""CSS pixels of a dot."""


def branches(study: GenreStudy, scores: Sequence[LabelScores], model: str) -> Chart | None:
    """Draw each genre as a dot in the row of its root: how surely its tracks are told from others."""
    roots = roots_of(study)
    shown = [one for one in scores if one.auc is not None and one.artists >= FEWEST_ARTISTS]
    if not shown:
        return None
    rows: dict[int, list[LabelScores]] = {}
    for one in shown:
        rows.setdefault(roots.get(int(one.label), int(one.label)), []).append(one)
    order = sorted(rows, key=lambda root: -_of_root(rows[root], root))
    names = [study.title(root) for root in order]
    largest = max(one.tracks for one in shown)
    dots = [(place, root, one) for place, root in enumerate(order) for one in rows[root]]
    best, worst = names[0], names[-1]
    view = View(
        title=f"{best} is heard best, {worst} worst" if len(names) > 1 else f"How well {best} is heard",
        caption=f"{model}. Each dot is a genre in the row of its root genre; the ringed one is the root itself, a "
        "larger dot "
        "has more tracks. Given a track of the genre and one without it, how often does the model think the right "
        "one more "
        f"likely? One half is guessing. Genres of fewer than {FEWEST_ARTISTS} artists are left out.",
        grid=table(
            ("Root genre", "Tracks", "Told apart", "Genres below", "Told apart best", "Told apart worst"),
            [_branch_row(study, root, rows[root]) for root in order],
        ),
        traces=[
            {
                "type": "scatter",
                "mode": "markers",
                "x": [one.auc for _, _, one in dots],
                "y": [place for place, _, _ in dots],
                "marker": {
                    "color": [genre_colour(study.title(root)) for _, root, _ in dots],
                    "size": [SMALL + (LARGE - SMALL) * (one.tracks / largest) ** 0.5 for _, _, one in dots],
                    "opacity": 0.75,
                    "line": {
                        "width": [2 if int(one.label) == root else 0 for _, root, one in dots],
                        "color": "var(--ink)",
                    },
                },
                "customdata": [
                    [label(study.title(int(one.label))), count(one.tracks), count(one.artists)]
                    for _, _, one in dots
                ],
                "hovertemplate": "<b>%{customdata[0]}</b><br>told apart: %{x:.0%}<br>%{customdata[1]} tracks of "
                "%{customdata[2]} artists<extra></extra>",
                "cliponaxis": False,
            }
        ],
        layout={
            "xaxis": {
                "title": {"text": "Told apart from a track without the genre"},
                "tickformat": ".0%",
                "nticks": 7,
            },
            "yaxis": names_axis(names, WIDE_NAME) | {"showgrid": True},
            "shapes": [
                {
                    "type": "line",
                    "x0": CHANCE,
                    "x1": CHANCE,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "layer": "below",
                    "line": {"color": "var(--soft)", "width": 1.5, "dash": "dot"},
                }
            ],
        },
        narrow={
            "layout": {
                "xaxis": {"nticks": 4},
                "yaxis": {"ticktext": [label(one, NARROW_NAME) for one in names]},
            }
        },
        height=110 + 38 * len(names),
    )
    return single("branches", view)


def roots_of(study: GenreStudy) -> dict[int, int]:
    """Root above each genre of the tree."""
    parents = {one.genre: one.parent for one in study.tree}

    def root(genre: int) -> int:
        while parents.get(genre):
            genre = parents[genre]
        return genre

    return {genre: root(genre) for genre in parents}


def _of_root(found: Sequence[LabelScores], root: int) -> float:
    """Score of a root, or of the best genre below where the root itself cannot be scored."""
    own = [one.auc or 0.0 for one in found if int(one.label) == root]
    return own[0] if own else max(one.auc or 0.0 for one in found)


def _branch_row(study: GenreStudy, root: int, found: Sequence[LabelScores]) -> tuple[object, ...]:
    own = next((one for one in found if int(one.label) == root), None)
    below = sorted((one for one in found if int(one.label) != root), key=lambda one: one.auc or 0.0)

    def named(one: LabelScores) -> Cell:
        return Cell(percent(one.auc, 0), study.title(int(one.label)))

    return (
        Cell(study.title(root), swatch=genre_colour(study.title(root))),
        count(own.tracks) if own else DASH,
        percent(own.auc, 0) if own else DASH,
        count(len(below)),
        named(below[-1]) if below else DASH,
        named(below[0]) if below else DASH,
    )


def genre_table(study: GenreStudy, scores: Sequence[LabelScores], model: str) -> Grid:
    """Every genre of the test part with its support, the most frequent first."""
    roots = roots_of(study)
    shown = sorted((one for one in scores if one.tracks), key=lambda one: (-one.tracks, one.label))
    unseen = sum(not one.is_seen for one in shown)
    return table(
        (
            "Genre",
            text_column("Branch"),
            "Tracks",
            "Artists",
            "Named for",
            "Right when named",
            "Found",
            "F1",
            "Told apart",
            "Named from",
        ),
        [_genre_row(study, one, roots.get(int(one.label), int(one.label))) for one in shown],
        f"{model}, FMA's test part: {plural(len(shown), 'genre')} that occur there"
        + (f", of which no training track has {unseen}" if unseen else ""),
    )


def _genre_row(study: GenreStudy, one: LabelScores, root: int) -> tuple[object, ...]:
    remark = "" if one.is_seen else "not in training"
    if one.is_seen and one.is_one_artists:
        remark = "one artist's"
    return (
        Cell(study.title(int(one.label)), remark, genre_colour(study.title(root))),
        study.title(root),
        count(one.tracks),
        count(one.artists),
        count(one.named),
        percent(one.precision, 0),
        percent(one.recall, 0),
        decimal(one.f1, 2),
        percent(one.auc, 0),
        DASH if one.threshold is None else f"{one.threshold:.2f}",
    )
