"""Made-up facts of the predictions for the report's tests: two champions, awkward names among the surprises."""

from dataclasses import replace

from awkward_names import AWKWARD, NON_LATIN

from genrelab.analyses.predictions.result import (
    Champion,
    GenreRows,
    GenreSets,
    HeardMicroGenre,
    NamedGenre,
    PartAgreement,
    PartJaccard,
    PredictedTrack,
    Predictions,
    Served,
    Sure,
    SuspectRows,
    TaskPredictions,
    TrackGenres,
    WithArtists,
)
from genrelab.evaluation.results import CollectionMix, GenreShare
from genrelab.tables.spotify import BINS

FMA_GENRES = ("Rock", "Electronic", "Old-Time / Historic")


def made_prediction_facts() -> Predictions:
    """What the step `predict` finds."""
    return Predictions((_spotify(), _fma()), (_all_genres(),), {}, {"spotify-bins-classic": "no champion"})


def _spotify() -> TaskPredictions:
    labelled = (3792, 1310, 820, 442, 1166, 490, 868, 812, 270, 420, 160, 290)
    heard = (6921, 352, 380, 258, 902, 8, 808, 860, 3, 130, 43, 175)
    return TaskPredictions(
        task="spotify-bins-reviewed",
        model="spotify-bins-reviewed",
        title="Spotify: twelve genres (reviewed rules) from eleven audio features",
        table="spotify_binned",
        table_version=3,
        rule_set="reviewed",
        sample=False,
        champion=Champion("random_forest", "Random forest", "4", "2026-03-12T03:10:00+00:00", sample=False),
        served=(Served("spotify-bins-reviewed", "4", 38535, (), ()),),
        mixes=(
            _mix(is_other=False, p=0.34),
            _mix(is_other=True, p=0.0005, pop=0.56),
            _mix(is_other=True, p=None, problem="fewer than 30 artists"),
        ),
        decision="most-accurate",
        uncalibrated=(),
        unserved=0,
        knows_fitted_rows=True,
        tracks=38535,
        labelled=37957,
        unlabelled=578,
        unlabelled_heard=578,
        without_features=0,
        fitted=27117,
        judged=sum(labelled),
        agreeing=5009,
        parts=(PartAgreement("test", 5420, 2400), PartAgreement("gate", 5420, 2609)),
        sure=Sure(0.8, 410, 349),
        suspect=SuspectRows(520, 125, 21),
        with_artists=WithArtists(2865, 1250, 1321),
        genres=tuple(
            GenreRows(genre, said, found, max(0, 200 - 40 * place))
            for place, (genre, said, found) in enumerate(zip(BINS, labelled, heard, strict=True))
        ),
        surprises=tuple(_surprise(place) for place in range(24)),
        unlabelled_micro_genres=tuple(
            HeardMicroGenre(name, 148 - place, BINS[place], 0.66)
            for place, name in enumerate(("comedy", "comic", "<b>metalcore</b>", NON_LATIN))
        ),
        unlabelled_examples=tuple(
            replace(_surprise(place), label=None, label_probability=None) for place in range(6)
        ),
        elsewhere=0,
        elsewhere_unlabelled=0,
    )


def _mix(*, is_other: bool, p: float | None, problem: str = "", pop: float = 0.31) -> CollectionMix:
    training = (0.31, 0.11, 0.58)
    here = (pop, 0.11, 0.89 - pop)
    return CollectionMix(
        model="spotify-bins-reviewed",
        is_other=is_other,
        is_labelled=not problem,
        files=1,
        tracks=2900,
        artists=24 if problem else 900,
        p=p,
        has_moved=p is not None and p <= 0.01,
        problem=problem,
        shares=tuple(map(GenreShare, ("pop", "rock", "dance"), here, training)) if p is not None else (),
    )


def _surprise(place: int) -> PredictedTrack:
    names = (
        "Tristan und Isolde, WWV 90, Act II: O König, das kann ich dir nicht sagen",
        AWKWARD,
        "Underbart",
    )
    return PredictedTrack(
        source="info_6.csv",
        source_row=place + 1,
        track=f"{names[place % 3]} {place}" if place else names[0],
        artist="Das Ich" if place % 2 else "<img src=x onerror=alert(1)>",
        genre=BINS[(place + 7) % 12],
        probability=round(0.98 - 0.02 * place, 6),
        label=BINS[(place + 4) % 12],
        label_probability=0.004,
        micro_genres=(
            "aggrotech",
            "dark wave",
            "ebm",
            "electro-industrial",
            "neue deutsche harte",
            "goth",
            "x",
        ),
        rule="dance",
        micro_genre="electro-industrial",
        is_suspect=place % 4 == 1,
    )


def _fma() -> TaskPredictions:
    return TaskPredictions(
        task="fma-top-genre",
        model="fma-top-genre",
        title="FMA: top genre from eight Echo Nest features",
        table="fma_tracks",
        table_version=1,
        rule_set="",
        sample=False,
        champion=Champion("xgboost", "XGBoost", "1", "2026-03-11T03:10:00+00:00", sample=True),
        served=(Served("fma-top-genre", "1", 13129, (), ()),),
        mixes=(),
        decision="most-accurate",
        uncalibrated=("fma-top-genre",),
        unserved=0,
        knows_fitted_rows=False,
        tracks=13129,
        labelled=9355,
        unlabelled=3774,
        unlabelled_heard=3774,
        without_features=0,
        fitted=7620,
        judged=1200,
        agreeing=734,
        parts=(PartAgreement("test", 1200, 734),),
        sure=Sure(0.8, 349, 319),
        suspect=SuspectRows(0, 0, 0),
        with_artists=WithArtists(0, 0, 0),
        genres=tuple(
            GenreRows(genre, 700 - 300 * place, 800 - 350 * place, 90 - place)
            for place, genre in enumerate(FMA_GENRES)
        ),
        surprises=(
            PredictedTrack(
                source="tracks.csv",
                source_row=29878,
                track="track 29878",
                artist="artist 10410",
                genre="Rock",
                probability=0.94931,
                label="Electronic",
                label_probability=None,
                micro_genres=(),
            ),
        ),
        unlabelled_micro_genres=(),
        unlabelled_examples=(),
        elsewhere=93445,
        elsewhere_unlabelled=53202,
    )


def _all_genres() -> GenreSets:
    """Every genre of FMA tracks, two of them filled in."""
    rock = (NamedGenre("Rock", 0.71), NamedGenre("Noise-Rock", 0.32))
    return GenreSets(
        task="fma-all-genres",
        model="fma-all-genres",
        title="FMA: every genre of a track from librosa features",
        table="fma_tracks",
        table_version=3,
        sample=False,
        champion=Champion(
            "logistic_regression", "Logistic regression", "2", "2026-03-12T03:10:00+00:00", sample=False
        ),
        served=(Served("fma-all-genres", "2", 7_996, (), ()),),
        tracks=7_997,
        labelled=7_995,
        filled=2,
        without_features=1,
        unserved=1,
        fitted=6_400,
        named=2.4,
        given=2.9,
        parts=(PartJaccard("test", 800, 0.241), PartJaccard("gate", 795, 0.252)),
        examples=(
            TrackGenres("Night Walk", NON_LATIN, rock, ("Rock", "Punk")),
            TrackGenres(AWKWARD, "Nobody", (), ("Spoken",)),
        ),
        filled_examples=(TrackGenres("Untitled", AWKWARD, rock, ()),),
        elsewhere=98_577,
        elsewhere_unlabelled=2_229,
    )
