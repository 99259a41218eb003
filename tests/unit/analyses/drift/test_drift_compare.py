"""Two versions compared: every feature, class and word, judged by thresholds and by chance."""

import json
import re

import numpy as np
import pyarrow as pa
import pytest
from drift_facts import tracks

from genrelab.analyses.drift.compare import compare, content_of
from genrelab.analyses.drift.judge import in_words, judge
from genrelab.analyses.drift.result import Measured, Thresholds
from genrelab.analyses.drift.watched import WATCHED
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.runtime.records import decode, encode
from genrelab.sources.spotify import read_pulls
from genrelab.tables import TABLES

WATCHED_TRACKS = WATCHED["spotify_binned"]
EARLIER = tracks(1500, 1)


def measure(later, earlier=EARLIER, watched=WATCHED_TRACKS):
    return compare(earlier, later, watched)


def replaced(data, name, values):
    return data.set_column(data.column_names.index(name), name, pa.array(values, data[name].type))


def test_what_is_watched_is_declared():
    """Every feature is a number, every class and word a column."""
    for name, watched in WATCHED.items():
        declared = TABLES[name]
        assert all(declared[feature].is_number for feature in watched.features)
        assert set(watched.classes) | set(filter(None, [watched.words])) <= set(declared.names)
    assert len(WATCHED["fma_features"].features) == 518


def test_another_draw_of_the_same_music_is_no_drift():
    """Neither in 1,500 rows nor in 40, where chance alone takes measures past the thresholds."""
    large, small = measure(tracks(1500, 9)), measure(tracks(40, 9), tracks(40, 10))

    assert judge(large, Thresholds()) == ()
    assert judge(small, Thresholds()) == ()
    assert max(one.psi for one in small.features) > Thresholds().psi


def test_a_moved_feature_is_found_by_name():
    """Energy and the loudness that goes with it, the largest excess first; nothing else."""
    found = judge(measure(tracks(1500, 2, louder=0.2)), Thresholds())

    assert {one.column for one in found} == {"energy", "loudness"}
    assert found[0].column == "energy"
    assert found[0].says == f"energy PSI {found[0].value:.2f} (limit 0.2)"


def test_a_changed_share_is_found_by_name():
    """Pop from 30 % and its share of the rest to 50 %."""
    found = judge(measure(tracks(1500, 2, pop=0.5)), Thresholds())

    assert {(one.column, one.name) for one in found} == {
        ("bin_classic", "pop"),
        ("bin_reviewed", "pop"),
    }
    assert "pop from 3" in found[0].says


@pytest.mark.parametrize("earlier_has_it", [True, False])
def test_a_class_that_comes_or_goes_counts_whatever_its_share(earlier_has_it):
    """2 % of the tracks are below the threshold of five points, and far more than chance."""
    labels = EARLIER["bin_classic"].to_pylist()
    without = replaced(EARLIER, "bin_classic", ["pop" if one == "rock" else one for one in labels])
    kept = [one if one != "rock" or row % 3 else "pop" for row, one in enumerate(labels)]
    with_few = replaced(EARLIER, "bin_classic", kept)
    pair = (without, with_few) if earlier_has_it else (with_few, without)
    found = judge(measure(*pair), Thresholds())

    assert [one.name for one in found] == ["rock"]
    assert ("vanished" if earlier_has_it else "is new") in found[0].says


def test_thresholds_decide():
    """The same measures under a wide and a narrow limit."""
    measured = measure(tracks(1500, 2, louder=0.05))

    assert judge(measured, Thresholds(psi=5, ks=0.9)) == ()
    assert judge(measured, Thresholds(psi=0.01, ks=0.9))[0].column in {"energy", "loudness"}


def test_features_come_with_histograms_of_the_same_bars():
    """Shares of the known values; whole numbers have a bar per value."""
    measured = {one.feature: one for one in measure(tracks(1500, 2, louder=0.2)).features}
    energy, signature = measured["energy"], measured["time_signature"]

    assert len(energy.earlier) == len(energy.later) == len(energy.edges) - 1
    assert sum(energy.earlier) == pytest.approx(1, abs=1e-3)
    assert signature.values == (3, 4, 5)
    assert signature.earlier[1] == pytest.approx(0.85, abs=0.05)


def test_a_feature_that_is_all_missing_is_measured_as_far_as_it_goes():
    """The index tells that the values went; there is neither a distance nor a histogram to draw."""
    gone = replaced(EARLIER, "valence", [None] * len(EARLIER))
    first = measure(gone).features[0]

    assert (first.feature, first.ks, first.missing) == ("valence", None, (0.0, 1.0))
    assert [one.kind for one in judge(measure(gone), Thresholds())] == ["psi"]
    both = next(one for one in measure(gone, gone).features if one.feature == "valence")
    assert (both.psi, both.ks, both.earlier) == (0.0, None, ())


def test_measures_are_json_values():
    """They are kept as files."""
    values = json.loads(json.dumps(encode(measure(tracks(200, 3)))))

    assert decode(Measured, values) == measure(tracks(200, 3))


def test_wide_tables_keep_the_histograms_of_what_moved_most():
    """518 features are measured, sixteen drawn."""
    watched = WATCHED["fma_features"]
    generator = np.random.default_rng(1)
    earlier = pa.table({name: generator.normal(size=60).astype("float32") for name in watched.features})
    measured = measure(earlier, earlier, watched).features

    assert len(measured) == 518
    assert [bool(one.edges) for one in measured].count(True) == 16


def test_content_is_the_same_in_any_order_and_differs_by_one_value():
    """What is published again unchanged is no new version."""
    content = content_of(EARLIER, WATCHED_TRACKS)
    shuffled = EARLIER.take(np.random.default_rng(2).permutation(len(EARLIER)))
    changed = replaced(EARLIER, "tempo", [91.5, *EARLIER["tempo"].to_pylist()[1:]])

    assert content_of(shuffled, WATCHED_TRACKS) == content
    assert content_of(changed, WATCHED_TRACKS) != content


def test_a_version_without_a_column_is_compared_in_the_others():
    """A lake of an earlier release lacks a rule set; one of a user's own is a class too."""
    names = [name for name in EARLIER.column_names if name not in {"bin_reviewed", "popularity"}]
    watched = WATCHED_TRACKS.columns_of([*names, "bin_mine"])

    assert watched.classes == ("bin_classic", "bin_mine")
    assert "popularity" not in watched.features


def test_many_findings_are_told_in_a_line():
    """The first three, and how many more."""
    found = judge(measure(tracks(1500, 2, louder=0.3, pop=0.6)), Thresholds())

    assert in_words(found).endswith(f" and {len(found) - 3} more")


@pytest.mark.real
def test_real_pulls_that_grow_do_not_drift_and_other_artists_do(real_data):
    """The second half of the pulls beside the first moves nothing past a limit; in its place it does."""
    data = read_pulls(real_data / "spotify" / "pulls").data
    data = data.append_column("bin_classic", bin_tracks(data["genres"], load_rule_set("classic")).bins)
    is_early = [int(re.findall(r"\d+", source)[-1]) <= 18 for source in data["source"].to_pylist()]
    first, second = (
        data.filter(pa.array([early is wanted for early in is_early])) for wanted in (True, False)
    )
    watched = WATCHED_TRACKS.columns_of(data.column_names)

    assert judge(measure(data, first, watched), Thresholds()) == ()
    moved = judge(measure(second, first, watched), Thresholds())
    assert {(one.column, one.name) for one in moved} >= {("key", ""), ("bin_classic", "pop")}


def test_a_feature_that_never_was_measured_is_no_drift():
    """Missing before and after: nothing moved, and every number is plain JSON."""
    without = [replaced(data, "time_signature", [None] * len(data)) for data in (tracks(1500, 9), EARLIER)]
    found = measure(*without)

    assert judge(found, Thresholds()) == ()
    (one,) = [one for one in found.features if one.feature == "time_signature"]
    assert (one.missing, one.ks, one.medians) == ((1.0, 1.0), None, (None, None))
    json.dumps(encode(found), allow_nan=False)


def test_a_feature_that_is_not_measured_any_more_is_a_drift_of_it_alone():
    """From Spotify to ReccoBeats: a model that does without it is not kept back."""
    found = judge(measure(replaced(tracks(1500, 9), "time_signature", [None] * 1500)), Thresholds())

    assert {one.column for one in found} == {"time_signature"}
