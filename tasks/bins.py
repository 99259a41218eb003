"""Micro-genres to target genres, and every track to its permanent part of the split."""

from collections import Counter, defaultdict
from typing import Any

import pyarrow as pa
from prefect import State, task

from genrelab.lake import Counts, Lake, in_source_order
from genrelab.settings import Settings
from genrelab.tables import TABLES
from tasks.artifacts import publish_rows, publish_table_summary
from tasks.step import Outcome, run_step, version_ids

MOST = 40
"""How many micro-genres the report lists."""


@task
def bin_spotify_tracks(settings: Settings) -> State[Any]:
    """Bin spotify_tracks by the rules into spotify_binned; remember which artist stands on which side."""
    lake = Lake(settings.home)

    def work() -> Outcome:
        from genrelab.groups import assign_groups  # noqa: PLC0415 - a skipped step needs none of them
        from genrelab.rules import bin_tracks, load_rule_set  # noqa: PLC0415
        from tasks.publish import publish_derived  # noqa: PLC0415

        version = lake.current("spotify_tracks")
        tracks = in_source_order(lake.read("spotify_tracks"))
        rules = load_rule_set("classic")
        binned = bin_tracks(tracks["genres"], rules)
        assigned = assign_groups(tracks, lake.read("artist_groups") if lake.find("artist_groups") else None)
        memory = lake.publish(
            "artist_groups",
            assigned.known,
            Counts(len(assigned.known), len(assigned.known)),
            source=f"{version.table} version {version.version} and every one before",
            is_sample=version.is_sample,
        )
        data = _with_columns(
            tracks,
            genre_bin=binned.bins,
            rule=binned.rules,
            micro_genre=binned.micro_genres,
            bin_classic=binned.bins,
            artist_group=assigned.groups,
            part=assigned.parts,
        )
        published = publish_derived(lake, TABLES["spotify_binned"], data, (version,))
        publish_table_summary((published,))
        facts = _facts(data, rules.name)
        publish_rows("bins", facts["bins"], f"Tracks in each target genre, rule set {rules.name}.")
        counts = ", ".join(f"{row['bin']} {row['tracks']:,}" for row in facts["bins"])
        message = (
            f"spotify_binned: {facts['binned']:,} of {facts['tracks']:,} tracks binned by {rules.name} ({counts}); "
            f"{facts['unmatched']:,} match no rule; {assigned.linking:,} link two parts and stay out of them"
        )
        return Outcome(message, facts, (published, memory))

    return run_step("bin_genres", settings.home, version_ids(settings.home, "spotify_tracks"), work)


def _with_columns(tracks: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, values in columns.items():
        tracks = tracks.append_column(name, values)
    return tracks


def _facts(data: pa.Table, rule_set: str) -> dict[str, Any]:
    """What the report says of the bins."""
    bins = data["genre_bin"].drop_null().value_counts().to_pylist()
    binned = sum(row["counts"] for row in bins)
    return {
        "rule_set": rule_set,
        "tracks": len(data),
        "binned": binned,
        "unmatched": len(data) - binned,
        "micro_genres": len(set().union(*data["genres"].to_pylist())),
        "bins": [
            {"bin": row["values"], "tracks": row["counts"], "share": round(row["counts"] / binned, 4)}
            for row in sorted(bins, key=lambda row: -row["counts"])
        ],
        "top_micro_genres": _top(data.filter(data["genre_bin"].is_valid())),
        "top_unmatched": _top(data.filter(data["genre_bin"].is_null())),
    }


def _top(data: pa.Table) -> list[dict[str, Any]]:
    """The micro-genres of most tracks, with the bin that most of those tracks are in."""
    tracks: Counter[str] = Counter()
    bins: dict[str, Counter[str]] = defaultdict(Counter)
    for genres, found in zip(data["genres"].to_pylist(), data["genre_bin"].to_pylist(), strict=True):
        for genre in genres:
            tracks[genre] += 1
            if found is not None:
                bins[genre][found] += 1
    return [
        {
            "micro_genre": name,
            "tracks": count,
            "bin": bins[name].most_common(1)[0][0] if name in bins else None,
        }
        for name, count in tracks.most_common(MOST)
    ]
