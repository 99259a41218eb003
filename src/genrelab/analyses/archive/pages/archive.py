"""The page of the archive: languages, licences, labels, years, bit rates, lengths, and outliers of the features."""

from genrelab.analyses.archive.analysis import ARCHIVE
from genrelab.analyses.archive.languages import DOCUMENT as DOCUMENT_LANGUAGES
from genrelab.analyses.archive.licences import FAMILIES, OTHER
from genrelab.analyses.archive.pages.charts import (
    COLUMNS,
    by_genre_chart,
    kinds_chart,
    labels_table,
    spread_chart,
    years_chart,
)
from genrelab.analyses.archive.pages.outlier_charts import (
    document_text,
    features_chart,
    outlier_table,
    treatments_chart,
)
from genrelab.analyses.archive.result import Archive, Kinds, Outliers, Profile
from genrelab.analyses.archive.spreads import FIRST_YEAR
from genrelab.analyses.archive.treatments import MOST_ROWS
from genrelab.analyses.missing_values.references import SHARES
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import count, decimal, listing, percent, plural

ENGLISH = "English"
FREE = ("Public domain", "BY", "BY-SA")
"""Families that allow changes and sale: free cultural works (freedomdefined.org)."""


def fill(found: Archive) -> Summary:
    """Return the metadata and the outliers, as far as their tables are there."""
    return {
        "profile": _profile(found.profile) if found.profile else None,
        "outliers": _outliers(found.outliers) if found.outliers else None,
        "absent": listing(list(found.absent)),
        "finding": _finding(found),
    }


def _profile(found: Profile) -> Summary:
    dates = [one for one in found.dates if one.years.genres]
    return {
        "blanks": (
            f"Only {count(found.whole)} of {plural(found.tracks, 'row')} in this copy of tracks.csv are whole: most "
            "blanks are this copy's, not FMA's. Shares are of the tracks with a value."
            if found.whole < found.tracks
            else ""
        ),
        "languages": _kinds(found.languages, found.tracks, DOCUMENT_LANGUAGES, {}),
        "language_text": _languages(found),
        "licences": _kinds(found.licences, found.tracks, {}, {one.name: one.meaning for one in FAMILIES}),
        "licence_text": _licences(found),
        "labels": labels_table(found.labels),
        "label_text": _labels(found),
        "years": years_chart(found.dates),
        "years_text": _years(found),
        "years_by_genre": [
            chart
            for one in dates[:1]
            if (
                chart := spread_chart(
                    one.years, "years-by-genre", "Year", f"Year {COLUMNS[one.years.column]}, by genre"
                )
            )
        ],
        "bit_rates": _kinds(found.bit_rates, found.tracks, {}, {}),
        "bit_rate_text": _bit_rates(found.bit_rates),
        "durations": spread_chart(found.durations, "durations", "Minutes", "Length in minutes, by genre"),
        "duration_text": _durations(found),
    }


def _kinds(found: Kinds, tracks: int, documents: dict[str, float], meanings: dict[str, str]) -> Summary:
    return {
        "chart": kinds_chart(found, documents, meanings),
        "genres": by_genre_chart(found),
        "known": f"{plural(found.tracks, 'track')} of {count(tracks)} ({percent(found.tracks / (tracks or 1))}) by "
        f"{plural(found.artists, 'artist')} have one.",
    }


def _languages(found: Profile) -> str:
    kinds = {one.name: one for one in found.languages.kinds}
    text = ""
    english = kinds.get(ENGLISH)
    if english is not None:
        given = DOCUMENT_LANGUAGES[ENGLISH]
        where = "inside" if english.share.may_be(given) else "outside"
        text = (
            f"English has {percent(english.share.value)} of the tracks whose language is known; the student project "
            f"reports {percent(given, 0)}, {where} the interval. It writes of all submitted tracks, but can only mean "
            f"those with a code: by its own table {percent(SHARES['track_language_code'])} have none. In what language "
            "these are sung, if they are, is not known."
        )
        text += _mix(found)
    odd = found.languages
    if odd.odd:
        codes = listing([f"{code} ({count(tracks)})" for code, tracks in odd.odd])
        text += f" {_with(odd.odd_tracks)} a code that ISO 639-1 does not know: {codes}."
    elif odd.tracks:
        text += " Every code is one of ISO 639-1."
    return text.strip()


def _mix(found: Profile) -> str:
    """Say which genre the tracks with a language over-represent most, if it is by a factor of two."""
    known = {one.genre: one.tracks for one in found.languages.genres if one.genre}
    every, total = dict(found.genres), sum(known.values())
    if not total:
        return ""
    genre = max(known, key=lambda name: (known[name], name))
    here, there = known[genre] / total, every[genre] / sum(every.values())
    if here < 2 * there:
        return ""
    return (
        f" The tracks with a code are no random part: {genre} has {percent(here, 0)} of those with a top genre, and "
        f"{percent(there, 0)} of all tracks with one."
    )


def _licences(found: Profile) -> str:
    given = found.licences
    if not given.tracks:
        return ""
    free = [one for one in given.kinds if one.name in FREE]
    tracks = sum(one.tracks for one in free)
    text = (
        f"{percent(tracks / given.tracks)} of the tracks may be changed and sold ({listing(list(FREE))}); "
        "the others forbid one of the two, or both."
    )
    if given.odd:
        titles = listing([f"{title} ({count(number)})" for title, number in given.odd])
        text += f" Titles that no rule knows count as {OTHER}: {titles}."
    return text


def _labels(found: Profile) -> str:
    given = found.labels
    if not given.artists:
        return "No artist names a label."
    text = (
        f"{plural(given.artists, 'artist')} name {plural(given.distinct, 'label')}, {count(given.several)} "
        f"of them several; their labels stand behind {plural(given.tracks, 'track')}."
    )
    shared = sum(one.artists > 1 for one in given.top)
    if not shared:
        text += " No label is named by two artists, so that the most tracks are the most prolific artist's."
    return text


def _years(found: Profile) -> str:
    parts = []
    for one in found.dates:
        name = COLUMNS[one.years.column]
        odd = one.before + one.after
        known = one.years.tracks + odd
        if known:
            parts.append(f"{name}: {count(known)} ({percent(known / found.tracks)}; "
                         f"{count(one.before)} before {FIRST_YEAR}, {count(one.after)} in the "
                         "future)")  # fmt: skip
    until = next((one.until for one in found.dates if one.until), "")
    text = f"Tracks with a date, by what it says: {'; '.join(parts)}." if parts else "No track has a date."
    return text + (
        f" The future begins after {until}, when the newest track was added." if until and parts else ""
    )


def _bit_rates(found: Kinds) -> str:
    unknown = found.odd_tracks
    return (
        "A rate of MP3's own table is a constant one; any other is the average of a file with a variable rate."
        + (f" {_with(unknown)} FMA's -1 or 0, and no rate." if unknown else "")
    )


def _with(tracks: int) -> str:
    return f"{plural(tracks, 'track')} {'has' if tracks == 1 else 'have'}"


def _durations(found: Profile) -> str:
    given = found.durations
    if given.quartiles is None or given.highest is None:
        return "No track has a length."
    text = (
        f"Half of {plural(given.artists, 'artist')} have tracks of {decimal(given.quartiles[0], 1)} to "
        f"{decimal(given.quartiles[2], 1)} minutes; the longest track takes {decimal(given.highest / 60, 1)} hours"
    )
    return f"{text}, and {_with(found.without_length)} a length of 0." if found.without_length else f"{text}."


def _outliers(found: Outliers) -> Summary:
    trial = found.trial
    return {
        "text": _outlier_text(found),
        "features": features_chart(found),
        "document": document_text(found),
        "treatments": treatments_chart(trial) if trial else None,
        "trial": (
            f"Fitted on {plural(trial.rows, 'track')}"
            + (
                f", whole artists drawn from {count(trial.of)} (at most {count(MOST_ROWS)})"
                if trial.rows < trial.of
                else ""
            )
            + " of FMA's "
            "training part "
            "with "
            f"{plural(trial.features, 'feature')}, "
            "judged on "
            f"{plural(trial.judged, 'track')} "
            "by "
            f"{plural(trial.judged_artists, 'artist')} "
            "of its "
            "validation part; "
            "the commonest of "
            f"{trial.genres} "
            "genres would be "
            "right for "
            f"{percent(trial.baseline)}. "
            "Means and limits "
            "are those of the "
            "training part; "
            "the test part "
            "was not used." + (f" Not tried: {listing(list(trial.untried))}." if trial.untried else "")
            if trial
            else f"No treatment was tried: {found.why}."
        ),
        "far": outlier_table(found),
    }


def _outlier_text(found: Outliers) -> str:
    text = (
        f"{count(found.touched)} of {plural(found.tracks, 'track')} "
        f"({percent(found.touched / (found.tracks or 1))}) lie more than {found.limit:g} standard deviations "
        f"from the mean in at least one of {plural(len(found.features), 'feature')}."
    )
    if found.empty:
        text += f" {plural(found.empty, 'feature')} of 518 have no value in this copy."
    if found.constant:
        text += f" z is not defined where all values are equal: {listing(list(found.constant))}."
    flat = [one.by_z.feature for one in found.features if one.robust is None]
    if flat:
        text += (
            f" Of {plural(len(flat), 'feature')} more than half of the values are equal, so that the robust "
            "rule is not defined."
        )
    return text


def _finding(found: Archive) -> str:
    profile = found.profile
    english = next((one for one in profile.languages.kinds if one.name == ENGLISH), None) if profile else None
    if profile and english:
        return (
            f"English has {percent(english.share.value)} of the {count(profile.languages.tracks)} tracks with a "
            f"language, and {percent(english.by_artist)} where every artist counts once."
        )
    return ""


PAGE = Page(
    name="archive",
    label="The archive",
    group="Data",
    title="Who is in the archive, and on what terms?",
    question="Languages, licences, labels, years, bit rates and lengths of the Free Music Archive, by "
    "genre and with every artist counted once, and the tracks whose sound lies far from all "
    "others.",
    needs=(ARCHIVE.name,),
    command="genrelab study-archive",
    fill=of_result(ARCHIVE, fill),
)
