"""The page of topics: which genres go together, the topics they form, whether these can be heard; mathematics below."""

from genrelab.analyses.genre_topics.analysis import GENRE_TOPICS
from genrelab.analyses.genre_topics.names import (
    ALL_ROWS,
    ARTISTS,
    AT_LEAST,
    RANDOM,
    TOPICS,
    TRAINING_ROWS,
    VARIANCE,
    VOTES,
)
from genrelab.analyses.genre_topics.pages.beside_document import (
    completion_text,
    lda_text,
    lsi_table,
    lsi_text,
    matches_table,
)
from genrelab.analyses.genre_topics.pages.charts import (
    MOST_TOPICS,
    pairs_chart,
    together_chart,
    topics_chart,
)
from genrelab.analyses.genre_topics.pages.curves import SOURCES, completion_chart, heard_chart, variance_chart
from genrelab.analyses.genre_topics.result import GenreTopics, Pair, Sound, Topic
from genrelab.report.figure import Grid, table_of, text_column
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import count, decimal, listing, percent, plural, sentence, times

FEW = 5


def fill(found: GenreTopics) -> Summary:
    """Return the values of the page."""
    return {
        "problems": _problems(found),
        "together": together_chart(found),
        "together_text": _together(found),
        "pairs": pairs_chart(found),
        "pairs_text": _pairs(found),
        "topics": topics_chart(found),
        "topics_text": _topics(found),
        "typical": _typical(found),
        "typical_text": "Typical: the topic is probable, and the track has its genres. Of tracks that are equally "
        "typical, those with a title and an artist's name come first, then those most listened to; one per artist. The "
        "archive's files name few artists: others have their number.",
        "sound_text": _sound_text(found),
        "heard": [
            {
                "title": sentence(SOURCES.get(one.features, one.features)),
                "chart": heard_chart(one),
                "rows": _rows(one, found),
            }
            for one in found.sound
        ],
        "missing": [(SOURCES.get(name, name), why) for name, why in found.missing.items()],
        "asked": TOPICS,
        "lda_text": lda_text(found),
        "matches": matches_table(found),
        "completion": completion_chart(found),
        "completion_text": completion_text(found.completion) if found.completion else "",
        "lsi_text": lsi_text(found),
        "variance": variance_chart(found),
        "lsi": lsi_table(found),
        "method": _method(found),
        "finding": _finding(found),
    }


def _problems(found: GenreTopics) -> list[str]:
    said = [sentence(problem) + "." for problem in found.problems]
    if found.unknown:
        listed = [f"{genre} ({plural(tracks, 'track')})" for genre, tracks in found.unknown.items()]
        said.append(
            f"Genres that the archive's table of genres does not know, named by their id: {listing(listed)}."
        )
    return said


def _together(found: GenreTopics) -> str:
    return (
        f"{plural(found.with_genres, 'track')} of {plural(found.artists, 'artist')} carry "
        f"{plural(found.genres, 'genre')} "
        f"in {plural(found.sets, 'combination')}. The archive sorts its genres in a tree, so that a Punk track is "
        "always "
        f"Rock too: {plural(found.related, 'such pair')} of a genre and one above it are no news and left out. What is "
        "left is what musicians combine, and what they keep apart."
    )


def _pairs(found: GenreTopics) -> str:
    across = [one for one in found.pairs if one.relation == "across families"]
    said = []
    if across:
        said.append(
            f"Across families, the strongest ties are {listing([_joined(one) for one in across[:FEW]])}."
        )
    if found.apart:
        apart = listing([_joined(one) for one in found.apart[:FEW]])
        said.append(f"Frequent genres that almost never meet: {apart}.")
    said.append(
        "A collection of many artists that was labelled in one go makes a strong tie too; the archive's files do not "
        "name the albums that would show it."
    )
    return " ".join(said)


def _joined(pair: Pair) -> str:
    return f"{pair.first} with {pair.second} ({plural(pair.artists, 'artist')})"


def _topics(found: GenreTopics) -> str:
    used = [one for one in found.topics if one.main]
    several = [one for one in used if len(one.roots) > 1]
    text = (
        f"A topic is a recipe: genres with weights. Latent Dirichlet allocation (LDA) found {len(found.topics)}, and "
        f"writes every track as a mixture of few, {decimal(found.per_track, 1)} on average. "
        f"{plural(len(several), 'topic')} {'mixes' if len(several) == 1 else 'mix'} families of the tree; the others "
        "refine one family."
    )
    idle = len(found.topics) - len(used)
    if idle:
        text += (
            f" {plural(idle, 'topic')} {'is' if idle == 1 else 'are'} no track's first: the archive does not "
            "need so many."
        )
    return text


def _typical(found: GenreTopics) -> Grid:
    rows = [one for one in found.topics if one.typical][:MOST_TOPICS]
    return table_of(
        rows,
        ("Topic", lambda one: f"{one.number}. {one.name}"),
        (text_column("Typical tracks"), _tracks),
        (
            text_column("Typical artists", "tracks"),
            lambda one: "; ".join(f"{a.artist} ({count(a.tracks)})" for a in one.artists),
        ),
    )


def _tracks(one: Topic) -> str:
    return "; ".join(f"{track.track} by {track.artist} [{' + '.join(track.genres)}]" for track in one.typical)


def _sound_text(found: GenreTopics) -> str:
    if not found.sound:
        return "No table of features could be used."
    one = found.sound[0]
    by_key = {(curve.split, curve.fitted): curve for curve in one.curves}
    random, apart = by_key[RANDOM, ALL_ROWS], by_key.get((ARTISTS, TRAINING_ROWS))
    text = (
        "Each track is given the topics of the tracks that sound most like it. With tracks drawn at random, as the "
        f"student project did, {SOURCES[one.features]} reach a Jaccard index of"
        f" {decimal(random.points[0].jaccard.value)} "
        "with "
        "one neighbour"
    )
    if apart is None:
        return f"{text}."
    return (
        f"{text}; of artists that the neighbours do not include, {decimal(apart.points[0].jaccard.value)}, where "
        "naming "
        f"the most frequent topics of all gives {decimal(apart.baseline.value)}. Much "
        "of the first number is the artist's other tracks, found again."
    )


def _rows(one: Sound, found: GenreTopics) -> str:
    sample = (
        f"A sample of {count(one.rows)} of {count(one.with_features)} tracks with features, whole artists drawn by "
        "the seed"
        if one.rows < one.with_features
        else f"All {count(one.rows)} tracks with genres and features"
    )
    return (
        f"{sample}, of {plural(one.artists, 'artist')} (the archive has {count(found.with_genres)} tracks with "
        "genres); "
        f"{plural(one.columns, 'feature')}, of which {plural(one.components, 'principal component')} keep "
        f"{percent(VARIANCE, 0)} of the variance; {plural(one.repeats, 'split')}, {plural(one.held_out, 'track')} "
        "held out "
        f"in each. Read from version {one.table_version} of {one.table}."
    )


def _method(found: GenreTopics) -> list[str]:
    without = found.tracks - found.with_genres
    rare = (
        f"Genres of one track: {listing(found.rare)}."
        if found.rare
        else "Every genre has at least two tracks."
    )
    rows = (
        f"{plural(found.tracks, 'track')} of version {found.table_version} of {found.table}; "
        f"{plural(without, 'track')} without a genre are left out. {rare}"
    )
    lda = (
        "LDA: online variational Bayes (Hoffman, Blei and Bach 2010) with gensim's defaults, "
        f"{plural(found.passes, 'pass', 'passes')} over all tracks; tracks with the same genres are one weighted set. "
        f"A track has a topic from a probability of {decimal(AT_LEAST, 2)} on. Topics are predicted where "
        f"{decimal(VOTES, 2)} of the neighbours have them."
    )
    pairs = (
        "Pairs: lift is the share of tracks with both genres divided by the product of their shares, a track counting "
        "1 / tracks of its artist; association is its logarithm divided by minus that of the share (Bouma 2009). "
        "Intervals treat artists as the sampling unit."
    )
    return [rows, lda, pairs]


def _finding(found: GenreTopics) -> str:
    across = next((one for one in found.pairs if one.relation == "across families"), None)
    if across is None:
        return f"{plural(found.genres, 'genre')} form {plural(len(found.topics), 'topic')}."
    return (
        f"Across families, {across.first} and {across.second} go together {times(across.lift.value)} as often as "
        "by chance; "
        f"{plural(found.genres, 'genre')} form {plural(len(found.topics), 'topic')}."
    )


PAGE = Page(
    name="topics",
    label="Topics",
    group="Genres",
    title="Which genres go together?",
    question="Most tracks of the Free Music Archive carry several genres. Which do musicians combine, which topics "
    "do these "
    "combinations form, and can a topic be heard?",
    needs=(GENRE_TOPICS.name,),
    command="genrelab study-genres",
    fill=of_result(GENRE_TOPICS, fill),
)
