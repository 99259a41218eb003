"""The synthetic FMA: official layout, plausible, learnable, the same for one seed."""

from pathlib import Path

import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from genrelab.runtime.files import hash_file
from genrelab.sources.fma import (
    Archive,
    in_split,
    open_archive,
    read_echonest,
    read_genres,
    read_tracks,
    stage_features,
    write_sample,
)
from genrelab.sources.fma.sample import PER_SMALL_GENRE, SMALL_GENRES
from genrelab.sources.fma.sample_places import TOWNS
from genrelab.sources.fma.sample_texts import GIVEN
from genrelab.tables.fma import ECHONEST_AUDIO, FMA_ECHONEST, TOP_GENRES


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return open_archive(write_sample(tmp_path_factory.mktemp("fma")))


@pytest.fixture(scope="module")
def tracks(sample: Archive) -> pa.Table:
    return read_tracks(sample).data


def hashes(folder: Path) -> dict[str, str]:
    return {file.name: hash_file(file) for file in folder.iterdir()}


def test_one_seed_gives_the_same_bytes(sample: Archive, tmp_path: Path) -> None:
    """And another one others."""

    assert hashes(write_sample(tmp_path / "again")) == hashes(sample.path)
    assert hashes(write_sample(tmp_path / "other", seed=25)) != hashes(sample.path)


def test_the_reader_rejects_nothing_and_finds_the_stated_checksums(sample: Archive, tmp_path: Path) -> None:
    """Every file is as official as it can be."""

    found = [
        read_tracks(sample),
        read_genres(sample),
        read_echonest(sample),
        stage_features(sample, tmp_path / "s"),
    ]
    assert [len(one.rejected) for one in found] == [0, 0, 0, 0]
    assert not [note for one in found for note in one.notes if "checksums" in note]


def test_it_has_fmas_own_genres_and_three_parts(tracks: pa.Table) -> None:
    """About 3,000 tracks, most of them with one root."""

    assert 2900 < len(tracks) < 3100
    assert set(tracks["genre_top"].to_pylist()) == {*TOP_GENRES, None}
    shares = [len(in_split(tracks, split)) / len(tracks) for split in ("training", "validation", "test")]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.05)


def test_no_artist_is_in_two_parts_and_many_have_several_tracks(tracks: pa.Table) -> None:
    """As in the real one."""

    artists = tracks.group_by("artist_id").aggregate([("split", "count_distinct"), ("track_id", "count")])
    assert set(artists["split_count_distinct"].to_pylist()) == {1}
    assert sum(count > 1 for count in artists["track_id_count"].to_pylist()) > 300


def test_small_is_balanced_over_eight_genres(sample: Archive, tracks: pa.Table, tmp_path: Path) -> None:
    """And it is what has librosa features."""

    small = tracks.filter(pa.compute.equal(tracks["subset"], "small"))
    counts = {v["values"]: v["counts"] for v in small["genre_top"].value_counts().to_pylist()}
    assert counts == dict.fromkeys(SMALL_GENRES, PER_SMALL_GENRE)
    assert stage_features(sample, tmp_path / "s").rows == len(small)


def test_nearly_half_of_the_artists_have_a_place_and_some_are_wrong(tracks: pa.Table) -> None:
    """One place per artist; wrong signs, swapped pairs and (0, 2) among them."""

    artists = tracks.to_pandas().groupby("artist_id")[
        ["artist_latitude", "artist_longitude", "artist_location"]
    ]
    place = artists.first()
    known = place.dropna(subset=["artist_latitude"])
    wrong = known[known["artist_location"].isin([town.words for town in TOWNS])].apply(
        lambda one: (
            (one["artist_latitude"], one["artist_longitude"])
            not in {(town.latitude, town.longitude) for town in TOWNS}
        ),
        axis=1,
    )

    assert (artists.nunique().max() <= 1).all()
    assert 0.35 < len(known) / len(place) < 0.5
    assert 0.02 < wrong.mean() < 0.1
    assert ((known["artist_latitude"] == 0) & (known["artist_longitude"] == 2)).any()


def test_values_are_legal(sample: Archive) -> None:
    """Within the declared ranges, every one present."""

    data = read_echonest(sample).data
    for name in ECHONEST_AUDIO:
        ends = pa.compute.min_max(data[name]).as_py()
        assert data[name].null_count == 0
        assert FMA_ECHONEST[name].low <= ends["min"] <= ends["max"] <= FMA_ECHONEST[name].high


def test_artists_leave_blanks_on_all_their_tracks(tracks: pa.Table) -> None:
    """About as many as FMA's; nearly everybody who has coordinates names a place."""

    frame = tracks.to_pandas()
    kept = [name for name in GIVEN if name != "track_date_recorded"]  # some tracks have a date of their own
    by_artist = frame[[*kept, "artist_location"]].notna().groupby(frame["artist_id"])
    assert (by_artist.nunique() == 1).all().all()
    for name in kept:
        assert by_artist.first()[name].mean() == pytest.approx(GIVEN[name], abs=0.1)
    assert frame.loc[frame["artist_latitude"].notna(), "artist_location"].notna().mean() > 0.9


def test_it_has_what_a_description_must_count(tracks: pa.Table) -> None:
    """A language that ISO 639-1 does not know, a licence of no family, a date before 1900."""

    assert {"en", "es", "xx"} <= set(tracks["track_language_code"].to_pylist())
    assert {"Attribution", "Ask the band"} <= set(tracks["track_license"].to_pylist())
    assert min(filter(None, tracks["track_date_recorded"].to_pylist())).year < 1900


def test_a_model_learns_from_it(sample: Archive, tracks: pa.Table) -> None:
    """Well above the majority on the official test part."""

    known = tracks.select(["track_id", "genre_top", "split"]).join(
        read_echonest(sample).data.select(["track_id", *ECHONEST_AUDIO]), "track_id", join_type="inner"
    )
    frame = known.to_pandas().dropna(subset=["genre_top"]).sort_values("track_id")
    train, test = (frame[frame["split"] == split] for split in ("training", "test"))
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    accuracy = model.fit(train[list(ECHONEST_AUDIO)], train["genre_top"]).score(
        test[list(ECHONEST_AUDIO)], test["genre_top"]
    )
    majority = (test["genre_top"] == train["genre_top"].mode()[0]).mean()
    assert accuracy > majority + 0.08
