"""The training tasks, one declaration each; adding one is adding it to `TASKS`.

Conventions: the tag `task` (`predicts`) is `bins` or `top-genre` for the tasks of the reproduced projects; a
variant with other columns or other labels has a tag of its own, so that filtering by it never mixes the two. They are
trained in the order of `TASKS`, those that take long first: when time is short, the last ones are left out. Nothing
heavy is imported here, since a training that is skipped reads its declaration too.

How rows are chosen and split does not belong here but in `genrelab.models.data`; which models are tried, in
`genrelab.models.zoo`.
"""

from collections.abc import Sequence
from dataclasses import replace

from genrelab.models import families
from genrelab.models.task import KEPT, REMOVED, SEVERAL_LABELS, Task
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.fma import ECHONEST_AUDIO, FMA_FEATURES
from genrelab.tables.provenance import PROVENANCE
from genrelab.tables.spotify import MODEL_FEATURES

LIBROSA_FEATURES = tuple(
    name for name in FMA_FEATURES.names if name not in {"track_id", *(column.name for column in PROVENANCE)}
)
ARTIST_LEVEL = ("artist_discovery", "artist_familiarity", "artist_hotttnesss")
THREE_GENRES = ("Electronic", "Experimental", "Rock")


def spotify_bins(rule_set: str) -> Task:
    """The task of predicting the bins of one rule set; only the classic bins have the author's split."""
    target, is_classic = f"bin_{rule_set}", rule_set == "classic"
    return Task(
        name=f"spotify-bins-{rule_set}",
        title=f"Spotify: twelve genres ({rule_set} rules) from eleven audio features",
        experiment="spotify-genres",
        predicts="bins",
        rule_set=rule_set,
        columns={
            "spotify_binned": ("source", "source_row", "artist_group", "part", target, *MODEL_FEATURES),
        },
        target=target,
        features=MODEL_FEATURES,
        splits=(*(("author",) if is_classic else ()), "random", "gate", "grouped"),
        gate="gate",
        shown="grouped",
        family=families.SPOTIFY if is_classic else families.SPOTIFY_SHORT,
        duplicates=(KEPT, REMOVED),
        group="artist_group",
        distinct_by=MODEL_FEATURES,
        by_features=True,
        is_searched=is_classic,
        suspect="label_is_suspect",
    )


def spotify_variant(name: str, what: str, *more: str, text: tuple[str, ...] = (), family: str) -> Task:
    """The classic bins from the eleven features and some more columns."""
    classic = spotify_bins("classic")
    return replace(
        classic,
        name=f"{classic.name}-{name}",
        title=f"Spotify: twelve genres (classic rules) from {what}",
        predicts=f"bins-{name}",
        columns={"spotify_binned": (*classic.columns["spotify_binned"], *more)},
        features=(*MODEL_FEATURES, *more),
        needs=tuple(column for column in more if column not in text),
        text=text,
        splits=("author", "gate", "grouped"),
        family=family,
        duplicates=(KEPT,),
        has_champion=False,
        is_optional=True,
        is_searched=False,
    )


SPOTIFY_BINS_CLASSIC = spotify_bins("classic")
SPOTIFY_BINS_REVIEWED = spotify_bins("reviewed")

FMA_TOP_GENRE = Task(
    name="fma-top-genre",
    title="FMA: top genre from eight Echo Nest features",
    experiment="fma-genres",
    predicts="top-genre",
    rule_set="",
    columns={
        "fma_tracks": ("source", "source_row", "track_id", "artist_id", "split", "genre_top"),
        "fma_echonest": ("track_id", *ECHONEST_AUDIO),
    },
    target="genre_top",
    features=ECHONEST_AUDIO,
    splits=("validation", "official"),
    gate="validation",
    shown="official",
    family=families.ECHONEST,
    duplicates=(KEPT,),
    group="artist_id",
    by_features=True,
)

_LEAKAGE = (
    "The published 74.6 % used three columns that describe the artist (familiarity, discovery, hotness). They are"
    " the same for all tracks of an artist, so they name the artist; a random split puts tracks of one artist on"
    " both sides, and the forest looks the artist up instead of hearing the genre. "
)

FMA_TOP_TEN = replace(
    FMA_TOP_GENRE,
    name="fma-top-ten-genres",
    title="FMA: ten most frequent top genres from eight Echo Nest features",
    predicts="top-ten-genres",
    splits=("random", "validation", "official"),
    family=families.ECHONEST_SHORT,
    most_frequent=10,
    has_champion=False,
    is_optional=True,
    is_searched=False,
    note=_LEAKAGE
    + "Without these columns nothing near it can be had, and what can be had on random tracks shrinks"
    " on artists that are not in the training data.",
)

FMA_TOP_TEN_ARTISTS = replace(
    FMA_TOP_TEN,
    name="fma-top-ten-genres-artists",
    title="FMA: ten most frequent top genres, with what Echo Nest knew of the artist",
    predicts="top-ten-genres-artists",
    columns={
        "fma_tracks": FMA_TOP_GENRE.columns["fma_tracks"],
        "fma_echonest": ("track_id", *ECHONEST_AUDIO, *ARTIST_LEVEL),
    },
    features=(*ECHONEST_AUDIO, *ARTIST_LEVEL),
    needs=ARTIST_LEVEL,
    note=_LEAKAGE
    + "Here they are: compare random tracks with FMA's own split, where no artist is on both sides.",
)

FMA_THREE_GENRES = replace(
    FMA_TOP_GENRE,
    name="fma-three-genres",
    title="FMA: Rock, Experimental or Electronic from librosa features",
    predicts="three-genres",
    columns={
        "fma_tracks": FMA_TOP_GENRE.columns["fma_tracks"],
        "fma_features": ("track_id", *LIBROSA_FEATURES),
    },
    features=LIBROSA_FEATURES,
    splits=("random", "validation", "official"),
    family=families.LIBROSA,
    labels=THREE_GENRES,
    takes_present=True,
    by_features=False,  # hundreds of features, and no row lacks but whole columns
    is_optional=True,
    is_searched=False,
)

FMA_SMALL_GENRES = replace(
    FMA_THREE_GENRES,
    name="fma-small-genres",
    title="FMA small: eight genres from librosa features",
    predicts="small-genres",
    columns={
        "fma_tracks": (*FMA_TOP_GENRE.columns["fma_tracks"], "subset"),
        "fma_features": ("track_id", *LIBROSA_FEATURES),
    },
    splits=("validation", "official"),
    labels=(),
    subset="small",
)

FMA_ALL_GENRES = Task(
    name="fma-all-genres",
    title="FMA: every genre of a track from librosa features",
    experiment="fma-multilabel",
    predicts="all-genres",
    rule_set="",
    columns={
        "fma_tracks": ("source", "source_row", "track_id", "artist_id", "split", "genres_all"),
        "fma_features": ("track_id", *LIBROSA_FEATURES),
    },
    target="genres_all",
    features=LIBROSA_FEATURES,
    splits=("validation", "official"),
    gate="validation",
    shown="official",
    family=families.MULTILABEL,
    duplicates=(KEPT,),
    group="artist_id",
    takes_present=True,
    is_optional=True,
    is_searched=False,
    kind=SEVERAL_LABELS,
    tree="fma_genres",
    minimum_support=20,
    note="A track's genres are those that its artist chose, and all their parents in FMA's tree.",
)

FMA_ALL_GENRES_ECHONEST = replace(
    FMA_ALL_GENRES,
    name="fma-all-genres-echonest",
    title="FMA: every genre of a track from eight Echo Nest features",
    predicts="all-genres-echonest",
    columns={
        "fma_tracks": FMA_ALL_GENRES.columns["fma_tracks"],
        "fma_echonest": ("track_id", *ECHONEST_AUDIO),
    },
    features=ECHONEST_AUDIO,
    takes_present=False,
    by_features=True,
)

FMA_GIVEN_GENRES = replace(
    FMA_ALL_GENRES,
    name="fma-given-genres",
    title="FMA: the genres that the artist chose, from librosa features",
    predicts="given-genres",
    columns={
        "fma_tracks": ("source", "source_row", "track_id", "artist_id", "split", "genres"),
        "fma_features": ("track_id", *LIBROSA_FEATURES),
    },
    target="genres",
    family=families.MULTILABEL_SHORT,
    has_champion=False,
    note="Only the genres that the artist chose, without their parents in FMA's tree.",
)

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        SPOTIFY_BINS_CLASSIC,
        SPOTIFY_BINS_REVIEWED,
        FMA_TOP_GENRE,
        FMA_ALL_GENRES,
        FMA_ALL_GENRES_ECHONEST,
        FMA_SMALL_GENRES,
        FMA_THREE_GENRES,
        FMA_GIVEN_GENRES,
        FMA_TOP_TEN,
        FMA_TOP_TEN_ARTISTS,
        spotify_variant(
            "titles",
            "eleven audio features and the words of the title",
            "track_name",
            text=("track_name",),
            family=families.SPOTIFY_TITLES,
        ),
        spotify_variant("twelve", "all twelve audio features", "key", family=families.SPOTIFY_VARIANT),
        spotify_variant(
            "popularity",
            "eleven audio features and popularity",
            "popularity",
            family=families.SPOTIFY_VARIANT,
        ),
    )
}

LONGEST_NAME = 80
"""Characters of an unknown name that a message repeats."""


def chosen_tasks(names: Sequence[str]) -> tuple[str, ...]:
    """Return the tasks to train, in the order of `TASKS`: those named, or all.

    Raises:
        GenrelabError: A name is none of a task.
    """
    unknown = [name for name in names if name not in TASKS]
    if unknown:
        raise GenrelabError(
            f"there is no training task {unknown[0][:LONGEST_NAME]}",
            found=", ".join(repr(name[:LONGEST_NAME]) for name in unknown),
            allowed=", ".join(TASKS),
            do="name one of these with --task, which may be repeated",
        )
    return tuple(name for name in TASKS if not names or name in names)
