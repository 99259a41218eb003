"""Made-up facts of the predictions for the report's tests: two champions, awkward names among the surprises."""

from typing import Any

from awkward_names import AWKWARD, NON_LATIN

from genrelab.tables.spotify import BINS

FMA_GENRES = ("Rock", "Electronic", "Old-Time / Historic")


def made_prediction_facts() -> dict[str, Any]:
    """Facts of the step `predict`."""
    return {
        "models": [_spotify(), _fma()],
        "failures": {},
        "missing": {"spotify-bins-classic": "no champion"},
    }


def _spotify() -> dict[str, Any]:
    labelled = (3792, 1310, 820, 442, 1166, 490, 868, 812, 270, 420, 160, 290)
    heard = (6921, 352, 380, 258, 902, 8, 808, 860, 3, 130, 43, 175)
    return {
        "model": "spotify-bins-reviewed",
        "title": "Spotify: twelve genres (reviewed rules) from eleven audio features",
        "table": "spotify_binned",
        "table_version": 3,
        "rule_set": "reviewed",
        "sample": False,
        "champion": {
            "model": "random_forest",
            "label": "Random forest",
            "version": "4",
            "since": "2026-03-12T03:10:00+00:00",
            "sample": False,
        },
        "knows_fitted_rows": True,
        "tracks": 38535,
        "labelled": 37957,
        "unlabelled": 578,
        "without_features": 0,
        "fitted": 27117,
        "judged": 10840,
        "agreeing": 5009,
        "sure": {"limit": 0.8, "tracks": 410, "agreeing": 349},
        "genres": [
            {"genre": genre, "labelled": said, "predicted": found, "unlabelled": max(0, 200 - 40 * place)}
            for place, (genre, said, found) in enumerate(zip(BINS, labelled, heard, strict=True))
        ],
        "surprises": [_surprise(place) for place in range(24)],
        "unlabelled_micro_genres": [
            {"micro_genre": name, "tracks": 148 - place, "genre": BINS[place], "share": 0.66}
            for place, name in enumerate(("comedy", "comic", "<b>metalcore</b>", NON_LATIN))
        ],
        "unlabelled_examples": [
            {**_surprise(place), "label": None, "label_probability": None} for place in range(6)
        ],
        "elsewhere": 0,
        "elsewhere_unlabelled": 0,
    }


def _surprise(place: int) -> dict[str, Any]:
    names = (
        "Tristan und Isolde, WWV 90, Act II: O König, das kann ich dir nicht sagen",
        AWKWARD,
        "Underbart",
    )
    genre = BINS[(place + 7) % 12]
    return {
        "source": "info_6.csv",
        "source_row": place + 1,
        "track": f"{names[place % 3]} {place}" if place else names[0],
        "artist": "Das Ich" if place % 2 else "<img src=x onerror=alert(1)>",
        "genre": genre,
        "probability": round(0.98 - 0.02 * place, 6),
        "label": BINS[(place + 4) % 12],
        "label_probability": 0.004,
        "micro_genres": [
            "aggrotech",
            "dark wave",
            "ebm",
            "electro-industrial",
            "neue deutsche harte",
            "goth",
            "x",
        ],
        "rule": "dance",
        "micro_genre": "electro-industrial",
    }


def _fma() -> dict[str, Any]:
    return {
        "model": "fma-top-genre",
        "title": "FMA: top genre from eight Echo Nest features",
        "table": "fma_tracks",
        "table_version": 1,
        "rule_set": "",
        "sample": False,
        "champion": {
            "model": "xgboost",
            "label": "XGBoost",
            "version": "1",
            "since": "2026-03-11T03:10:00+00:00",
            "sample": True,
        },
        "knows_fitted_rows": False,
        "tracks": 13129,
        "labelled": 9355,
        "unlabelled": 3774,
        "without_features": 0,
        "fitted": 7620,
        "judged": 1735,
        "agreeing": 1134,
        "sure": {"limit": 0.8, "tracks": 349, "agreeing": 319},
        "genres": [
            {
                "genre": genre,
                "labelled": 700 - 300 * place,
                "predicted": 800 - 350 * place,
                "unlabelled": 90 - place,
            }
            for place, genre in enumerate(FMA_GENRES)
        ],
        "surprises": [
            {
                "source": "tracks.csv",
                "source_row": 29878,
                "track": "track 29878",
                "artist": "artist 10410",
                "genre": "Rock",
                "probability": 0.94931,
                "label": "Electronic",
                "label_probability": None,
                "micro_genres": [],
            }
        ],
        "unlabelled_micro_genres": [],
        "unlabelled_examples": [],
        "elsewhere": 93445,
        "elsewhere_unlabelled": 53202,
    }
