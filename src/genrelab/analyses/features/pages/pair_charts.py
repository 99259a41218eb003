"""Charts of the genres that a feature separates: the best pair of every feature, and every pair of genres.

Conventions: strength is the common language effect size of the genre that tends to be higher, 50 % (chance) to
100 %; it is (|delta| + 1) / 2 of Cliff's delta. `genrelab.analyses.features.effects` cites the sources.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from genrelab.analyses.features.pages.facts import GenreFeature, features_of, unique_pairs
from genrelab.analyses.features.result import ExploredCollection
from genrelab.report.charts import bars
from genrelab.report.feature_words import of_100, words_for
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, label, single, text_cells
from genrelab.report.heatmap import values_heat
from genrelab.report.palette import genre_colour
from genrelab.report.wording import decimal, percent, plural, sentence

SOURCES = (
    "Cliff's delta (Cliff 1993) as the probability that a random track of the first genre has the higher value, ties "
    "counted half (McGraw and Wong 1992; Vargha and Delaney 2000). 50 % is chance."
)
ANY = "any"
FITS = 8
"""Characters of a name that fit a narrow column."""
CLEAR = 0.9
"""From this probability on, a pair counts as separated."""


@dataclass(frozen=True)
class Pair:
    """Two genres and how well a feature separates them.

    Args:
        feature: The feature.
        higher: The genre that tends to have higher values.
        lower: The other one.
        delta: Cliff's delta of the higher over the lower one, 0 to 1.
    """

    feature: str
    higher: str
    lower: str
    delta: float

    @property
    def chance(self) -> float:
        """Return the probability that a track of the higher genre has the higher value."""
        return (self.delta + 1) / 2

    @property
    def says(self) -> str:
        """Return the pair in words."""
        return f"{self.higher} over {self.lower}"


def pairs_of(feature: GenreFeature) -> list[Pair]:
    """Return every pair of genres once, the best separated one first."""
    if not feature.delta:
        return []
    found = []
    for one, other in unique_pairs(len(feature.genres)):
        delta = feature.delta[one][other]
        above, under = (one, other) if delta >= 0 else (other, one)
        found.append(Pair(feature.name, feature.genres[above], feature.genres[under], abs(delta)))
    return sorted(found, key=lambda pair: -pair.delta)


def best_pairs(collection: ExploredCollection) -> Chart | None:
    """Draw the pair of genres that each feature separates best."""
    lists = [found for feature in features_of(collection) if (found := pairs_of(feature))]
    if not lists:
        return None
    lists.sort(key=lambda found: -found[0].delta)
    best = [found[0] for found in lists]
    top = best[0]
    means = [sum(pair.delta for pair in found) / len(found) for found in lists]
    clear = [sum(pair.chance >= CLEAR for pair in found) for found in lists]
    view = View(
        title=f"{words_for(top.feature).label} separates {top.higher} from {top.lower}: in {of_100(top.chance)} of "
        "tracks "
        f"the first is {words_for(top.feature).more}",
        caption=f"For each feature, the pair of genres that it separates best. {SOURCES}",
        grid=Grid(
            columns(
                "Feature",
                Column("Best pair", is_number=False),
                Column("Probability", "that the first is higher"),
                Column("Cliff's delta"),
                Column("Mean over all pairs", "absolute delta"),
                Column("Pairs separated", f"at least {percent(CLEAR, 0)}"),
            ),
            tuple(
                text_cells(
                    words_for(pair.feature).label,
                    pair.says,
                    percent(pair.chance, 0),
                    decimal(pair.delta, 2),
                    decimal(mean, 2),
                    f"{apart} of {len(found)}",
                )
                for pair, mean, apart, found in zip(best, means, clear, lists, strict=True)
            ),
        ),
        **bars(
            [words_for(pair.feature).label for pair in best],
            [pair.chance for pair in best],
            [f"{percent(pair.chance, 0)}  ·  {pair.says}" for pair in best],
            ["var(--accent)"] * len(best),
            axis="Probability that a track of the first genre is higher",
            is_share=True,
            short_texts=[f"{pair.chance * 100:.0f} · {_brief(pair)}" for pair in best],
        ),
    )
    # The text beside a bar needs more room than a number does.
    view.layout["xaxis"] |= {"range": [0, 1.62], "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    view.layout["shapes"] = [_coin()]
    view.narrow["layout"]["xaxis"] |= {
        "range": [0, 2.7],
        "tickvals": [0, 0.5, 1],
        "title": {"text": "Probability that the first is higher"},
    }
    return single(f"best-pairs-{collection.name}", view)


def _brief(pair: Pair) -> str:
    return f"{pair.higher.split('/')[0].strip()} > {pair.lower.split('/')[0].strip()}"


def _coin() -> dict[str, object]:
    return {
        "type": "line",
        "x0": 0.5,
        "x1": 0.5,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": "var(--page)", "width": 1.5, "dash": "dot"},
    }


def every_pair(collection: ExploredCollection) -> Chart | None:
    """Draw how well the best feature, or one feature, separates each pair of genres."""
    lists = {feature.name: found for feature in features_of(collection) if (found := pairs_of(feature))}
    if not lists:
        return None
    best = [
        max((found for pairs in lists.values() for found in pairs if {found.higher, found.lower} == {one, other}),
            key=lambda pair: pair.delta)
        for one, other in _names(collection.genre_names)
    ]  # fmt: skip
    best.sort(key=lambda pair: -pair.delta)
    views = {ANY: _matrix(collection.genre_names, best, _best_title(best), "any feature")} if best else {}
    for name, pairs in lists.items():
        if pairs:
            views[name] = _matrix(
                collection.genre_names, pairs, _feature_title(name, pairs), words_for(name).label
            )
    if not views:
        return None
    options = tuple((name, "Best feature" if name == ANY else words_for(name).label) for name in views)
    return Chart(f"pairs-{collection.name}", views, (Picker("Feature", options),))


def _names(genres: Sequence[str]) -> list[tuple[str, str]]:
    return [(genres[one], genres[other]) for one, other in unique_pairs(len(genres))]


def _best_title(pairs: Sequence[Pair]) -> str:
    worst = pairs[-1]
    return (
        f"{sentence(worst.higher)} and {worst.lower} sound most alike: the best feature, "
        f"{worst.feature.replace('_', ' ')}, separates them in {of_100(worst.chance)}"
    )


def _feature_title(name: str, pairs: Sequence[Pair]) -> str:
    clear = sum(pair.chance >= CLEAR for pair in pairs)
    apart = f"{clear} of {plural(len(pairs), 'pair')}" if clear else f"none of {plural(len(pairs), 'pair')}"
    best = f"{pairs[0].higher} from {pairs[0].lower}"
    return f"{words_for(name).label} alone separates {apart} of genres; the best is {best}"


def _matrix(genres: Sequence[str], pairs: Sequence[Pair], title: str, by: str) -> View:
    found = {frozenset((pair.higher, pair.lower)): pair for pair in pairs}
    cells = [[found.get(frozenset((row, column))) for column in genres] for row in genres]
    texts = [[f"{pair.chance * 100:.0f}" if pair else "" for pair in row] for row in cells]
    hovers = [[_hover(pair) if pair else "" for pair in row] for row in cells]
    return View(
        title=title,
        caption=f"In how many of 100 pairs of tracks {by} is higher for the expected genre. Separated: at least "
        f"{CLEAR * 100:.0f}. {SOURCES}",
        grid=Grid(
            columns(
                "Higher", Column("Lower", is_number=False), Column("Feature", is_number=False), "Probability"
            ),
            tuple(
                text_cells(
                    Cell(pair.higher, swatch=genre_colour(pair.higher)),
                    Cell(pair.lower, swatch=genre_colour(pair.lower)),
                    words_for(pair.feature).label,
                    percent(pair.chance, 0),
                )
                for pair in pairs
            ),
        ),
        **values_heat(
            genres,
            [tuple(_break(genre)) for genre in genres],
            [[pair.delta if pair else None for pair in row] for row in cells],
            texts,
            hovers,
        ),
    )


def _break(genre: str) -> list[str]:
    """Return a genre's name in lines that fit a narrow column."""
    return [genre] if len(genre) <= FITS else genre.replace("/", "/ ").split()


def _hover(pair: Pair) -> str:
    words = words_for(pair.feature)
    return (
        f"<b>{label(pair.higher)}</b> is {label(words.more)} than <b>{label(pair.lower)}</b><br>"
        f"in {of_100(pair.chance)}, by {label(words.label.lower())}"
    )
