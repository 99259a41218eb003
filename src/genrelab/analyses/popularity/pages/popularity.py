"""How often is a track played, and what tells it in advance?"""

from genrelab.analyses.place_gain.analysis import PLACE_GAIN
from genrelab.analyses.popularity.analysis import POPULARITY
from genrelab.analyses.popularity.pages.charts import (
    age_chart,
    deciles_chart,
    genres_chart,
    genres_table,
    inputs_chart,
)
from genrelab.analyses.popularity.pages.place_section import fill_places
from genrelab.analyses.popularity.pages.sentences import (
    age_text,
    artists_text,
    basis_text,
    dates_text,
    disguised_text,
    gains_text,
    group_text,
    rows_text,
    sound_text,
)
from genrelab.analyses.popularity.pages.words import COLUMN_LABELS, explained
from genrelab.analyses.popularity.result import (
    ALL_TRACKS,
    ECHONEST,
    LIBROSA,
    OFFICIAL,
    Popularity,
)
from genrelab.report.figure import Grid, table_of
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.wording import count, decimal

EXTREMES = 8
"""Genres of the lower levels that are shown at each end."""
GROUP_LABELS = {
    ALL_TRACKS: "All tracks",
    ECHONEST: "Echo Nest's audio features",
    LIBROSA: "Librosa's features",
}


def fill(facts: Facts) -> Summary:
    """Return what the page shows of plays, and of the gain by places."""
    found = POPULARITY.found_in(facts)
    return {
        "plays": _plays(found) if found else None,
        "places": fill_places(PLACE_GAIN.found_in(facts)),
        "finding": _finding(found) if found else "",
    }


def _plays(found: Popularity) -> Summary:
    whole = found.group(ALL_TRACKS)
    sounds = [group for name in (ECHONEST, LIBROSA) if (group := found.group(name))]
    lower = [one for one in found.genres if not one.is_root]
    return {
        "missing": [(GROUP_LABELS[name], why) for name, why in found.missing.items()],
        "rows": rows_text(found.counted),
        "artists": artists_text(found),
        "inputs": inputs_chart(whole) if whole else None,
        "reads": gains_text(whole) if whole else "",
        "deciles": deciles_chart(whole) if whole and whole.deciles else None,
        "sounds": [
            {"chart": inputs_chart(group), "says": sound_text(group), "rows": group_text(group)}
            for group in sounds
        ],
        "age": age_chart(found.age),
        "age_says": age_text(found.age),
        "proxy": dates_text(found.age),
        "genres": genres_chart(found.genres),
        "most": genres_table(lower[:EXTREMES]) if lower else None,
        "least": genres_table(lower[-EXTREMES:]) if len(lower) > EXTREMES else None,
        "small_genres": count(found.small_genres) if found.small_genres else "",
        "disguised": _disguised(found) if found.disguised else None,
        "disguised_says": disguised_text(found),
        "based_on": basis_text(found, whole),
    }


def _finding(found: Popularity) -> str:
    group = found.group(ALL_TRACKS)
    if group is None or not group.allowed:
        return ""
    best = group.allowed[-1]
    said = (
        f"{best.label} tell {explained(best.by_split[OFFICIAL].r2)} of how the plays of tracks differ, for artists "
        "that the model has never seen."
    )
    sound = found.group(ECHONEST) or found.group(LIBROSA)
    if sound is None:
        return said
    alone = sound.sets[0]
    r2 = decimal(alone.by_split[OFFICIAL].r2.value, 2)
    return f"{said} The sound alone {'tells something' if alone.gain.is_positive else 'does not tell'} (R2 {r2})."


def _disguised(found: Popularity) -> Grid:
    return table_of(
        found.disguised,
        ("Column", lambda one: COLUMN_LABELS.get(one.column, one.column)),
        ("Tracks with a value", lambda one: count(one.tracks)),
        ("Correlation of the logarithms", lambda one: decimal(one.correlation, 2)),
        ("Rank correlation", lambda one: decimal(one.ranks, 2)),
    )


PAGE = Page(
    name="popularity",
    label="Popularity",
    group="Data",
    title="How often is a track played?",
    question="The Free Music Archive counts the plays of its tracks. Here is what of them could have been known before "
    "anybody had heard the track: its genres, its length, its age, its sound.",
    needs=(POPULARITY.name, PLACE_GAIN.name),
    command="genrelab study-archive",
    fill=fill,
)
