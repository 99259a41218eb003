"""The page of one genre: its size, its rules, its micro-genres, its sound, how well it is recognised, its tracks.

Conventions: as in `genre_charts`. The page puts together what other analyses found; what one of them has not computed
is left out.
"""

from collections.abc import Callable, Iterable, Sequence

from genrelab.analyses.class_balance.analysis import BINNED_TRACKS, FMA_GENRES
from genrelab.analyses.clusters.analysis import SPOTIFY_CLUSTERS
from genrelab.analyses.look_up.analysis import LOOK_UP
from genrelab.analyses.look_up.pages.genre_charts import answers_chart, recognised_genres, sound_chart
from genrelab.analyses.look_up.pages.micro_genres import NO_GENRE, genre_page, micro_genre_page, track_of
from genrelab.analyses.look_up.result import GenreTracks, LookUp, PredictedExample
from genrelab.analyses.rule_audit.analysis import RULE_AUDIT
from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.result import Training
from genrelab.report.figure import Cell, Grid, genre_cell, table_of, text_column
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import genre_colour, slug
from genrelab.report.recognised import Recognised
from genrelab.report.vocabulary import cluster_name
from genrelab.report.wording import count, percent, sentence

MOST_MICRO_GENRES, MOST_MOVES, MOST_CLUSTERS = 12, 8, 4
"""Rows of each list of a genre."""
FMA = "FMA "
"""Stands before the name of a genre of the FMA."""


def fill(facts: Facts) -> Summary:
    """Return one section for each genre, and the charts whose views are the genres."""
    found = LOOK_UP.found_in(facts)
    if found is None:
        return {}
    trainings = TRAINING.found_in(facts)
    of_one_label = list(trainings.of_one_label) if trainings else []
    own = _task(of_one_label, lambda one: one.rule_set == found.active)
    fma = _task(of_one_label, lambda one: one.table == "fma_tracks")
    named = [rule.genre for rule in found.sets[0].rules]
    top = FMA_GENRES.found_in(facts)
    archive = [one.genre for one in top.top_genres] if top else []
    of_spotify = {
        genre: one for genre, one in (recognised_genres(own) if own else {}).items() if genre in named
    }
    answers = {genre: (one, own.headline()) for genre, one in of_spotify.items() if own}
    answers |= {
        FMA + genre: (one, fma.headline())
        for genre, one in (recognised_genres(fma) if fma else {}).items()
        if fma
    }
    places = {(FMA if one.source == "fma" else "") + one.genre: one.features for one in found.sound}
    keys = [*named, *(FMA + genre for genre in archive)]
    return {
        "finding": _finding(list(of_spotify.values())),
        "genres": [_spotify(genre, facts, found, own.task if own else "") for genre in named]
        + [_archive(genre, facts, found, fma.task if fma else "") for genre in archive],
        "sound": sound_chart({key: places[key] for key in keys if key in places}),
        "answers": answers_chart({key: answers[key] for key in keys if key in answers}),
        "model": own.title if own else "",
        "search": [("Genres", key, genre_page(key), "") for key in keys],
    }


def _finding(found: Sequence[Recognised]) -> str:
    """Say which genre is recognised worst and which best, of those that `recognised` ordered."""
    if len(found) < 2:  # noqa: PLR2004 - a genre alone is neither worst nor best
        return ""
    worst, best = found[0], found[-1]
    return (
        f"The model in use recognises {worst.genre} worst: {worst.in_words}. It recognises {best.genre} best:"
        f" {percent(best.recall, 0)}."
    )


def _task(trainings: Iterable[Training], fits: Callable[[Training], bool]) -> Training | None:
    """Return the first training with a champion that fits."""
    return next((one for one in trainings if one.champion_run and fits(one)), None)


def _spotify(genre: str, facts: Facts, found: LookUp, task: str) -> Summary:
    sizes, audit = BINNED_TRACKS.found_in(facts), RULE_AUDIT.found_in(facts)
    rows = [
        (
            f"Spotify, by {name}{' (in use)' if name == found.active else ''}",
            tracks.get(genre, 0),
            sizes.tracks,
        )
        for name, tracks in (sizes.by_rule_set.items() if sizes else ())
        if sizes
    ]
    for name, one in audit.fma.sets.items() if audit and audit.fma else ():
        rows.append(
            (f"FMA, by {name}", next((row.tracks for row in one.bins if row.bin == genre), 0), one.tracks)
        )
    return _section(genre, genre, found, task, "spotify") | {
        "sizes": _sizes(rows),
        "rules": [
            {"set": one.name, "rule": rule} for one in found.sets for rule in one.rules if rule.genre == genre
        ],
        "micro_genres": _micro_genres(genre, found),
        "moves": _moves(genre, facts),
        "clusters": _clusters(genre, found.active, facts),
    }


def _archive(genre: str, facts: Facts, found: LookUp, task: str) -> Summary:
    top = FMA_GENRES.found_in(facts)
    tracks = next(one.tracks for one in top.top_genres if one.genre == genre) if top else 0
    rows = [("FMA, as top genre", tracks, top.with_top_genre if top else 0)]
    return _section(FMA + genre, genre, found, task, "fma") | {
        "sizes": _sizes(rows),
        "rules": [],
        "micro_genres": None,
        "moves": None,
        "clusters": None,
    }


def _section(key: str, genre: str, found: LookUp, task: str, source: str) -> Summary:
    """Return what sections of both sources have: name, colour, tracks."""
    tracks = next((one for one in found.genres if (one.task, one.genre) == (task, genre)), None)
    return {
        "key": key,
        "anchor": slug(key),
        "name": sentence(key),
        "colour": genre_colour(genre),
        "tracks": _tracks(tracks, source) if tracks else [],
    }


def _sizes(rows: Sequence[tuple[str, int, int]]) -> Grid:
    return table_of(
        rows,
        ("Source", lambda row: row[0]),
        ("Tracks", lambda row: count(row[1])),
        ("Share", lambda row: percent(row[1] / row[2] if row[2] else None)),
    )


def _micro_genres(genre: str, found: LookUp) -> Grid:
    own = [
        one
        for one in found.micro_genres
        if one.source == "spotify" and one.decisions[found.active].genre == genre
    ]
    others = (text_column("Other rules that match"), lambda one: ", ".join(one.decisions[found.active].also))
    shown = own[:MOST_MICRO_GENRES]
    return table_of(
        shown,
        (text_column("Micro-genre"), lambda one: Cell(one.name, link=micro_genre_page(one.name))),
        ("Tracks", lambda one: count(one.tracks)),
        *([others] if any(one.decisions[found.active].also for one in shown) else []),
        caption=f"{count(len(own))} micro-genres of Spotify are {genre} by {found.active}; those of most tracks.",
    )


def _moves(genre: str, facts: Facts) -> Grid | None:
    """Return where the genre's tracks come from and go to under another rule set; None if none moves."""
    audit = RULE_AUDIT.found_in(facts)
    rows = [
        (one, move)
        for one in (audit.comparisons if audit else ())
        for move in one.moves
        if genre in (move.before, move.after)
    ][:MOST_MOVES]
    if not rows:
        return None
    return table_of(
        rows,
        (text_column("By"), lambda row: f"{row[0].before}"),
        (text_column("Genre"), lambda row: genre_cell(row[1].before or NO_GENRE)),
        (text_column("By"), lambda row: f"{row[0].after}"),
        (text_column("Genre"), lambda row: genre_cell(row[1].after or NO_GENRE)),
        ("Tracks", lambda row: count(row[1].tracks)),
    )


def _clusters(genre: str, rule_set: str, facts: Facts) -> Grid | None:
    """Return the clusters with most of the genre's tracks; None without clusters by this rule set."""
    clusters = SPOTIFY_CLUSTERS.found_in(facts)
    shown = clusters.headline if clusters else None
    agreement = shown.by(rule_set) if shown else None
    if shown is None or agreement is None or genre not in agreement.genres:
        return None
    place = agreement.genres.index(genre)
    counts = [row[place] for row in agreement.counts]
    rows = sorted(zip(shown.clusters, counts, strict=False), key=lambda row: -row[1])[:MOST_CLUSTERS]
    total = sum(counts)
    return table_of(
        rows,
        (text_column("Cluster"), lambda row: cluster_name(row[0].cluster)),
        (text_column("Sound"), lambda row: row[0].description),
        ("Tracks of the genre", lambda row: count(row[1])),
        ("Share", lambda row: percent(row[1] / total if total else None)),
    )


def _tracks(found: GenreTracks, source: str) -> list[Summary]:
    lists = (
        ("Typical: the model is most certain of this genre, as the label says", found.typical, ""),
        ("Surprising: the label says this genre, the model hears another", found.missed, "predicted"),
        ("Alike: the label says another genre, the model hears this one", found.alike, "label"),
    )
    return [
        {"title": title, "tracks": [_track(one, source, other) for one in tracks]}
        for title, tracks, other in lists
        if tracks
    ]


def _track(one: PredictedExample, source: str, other: str) -> Summary:
    said = {"predicted": one.predicted, "label": one.label}.get(other, "")
    return track_of(source, one.track) | {
        "other": said,
        "colour": genre_colour(said) if said else "",
        "probability": percent(one.probability, 0),
    }


PAGE = Page(
    name="genre",
    label="One genre",
    group="Genres",
    title="Everything about one genre",
    question="Pick a genre: its size in each source, the rules that make it, its micro-genres, its sound, how well the"
    " model in use recognises it and what it is taken for, and tracks to listen to.",
    needs=(LOOK_UP.name,),
    command="genrelab bin-genres",
    fill=fill,
)
