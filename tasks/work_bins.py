"""How tracks are binned: the work of `tasks.bins`, which a skipped step does not import."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from genrelab.groups import assign_groups
from genrelab.lake import Lake, in_source_order
from genrelab.rules import bin_tracks, load_active
from genrelab.settings import Settings
from genrelab.tables.groups import ARTIST_GROUPS
from genrelab.tables.spotify import binned_by
from tasks.artifacts import publish_rows, publish_table_summary
from tasks.publish import publish_derived
from tasks.step import Outcome

MOST = 40
"""How many micro-genres the report lists."""


def bin_tracks_of(settings: Settings) -> Outcome:
    """Bin them, and remember which artist stands on which side."""
    lake = Lake(settings.home)
    version = lake.current("spotify_tracks")
    tracks = in_source_order(lake.read("spotify_tracks"))
    active, rule_sets = load_active(settings.rules)
    found = {name: bin_tracks(tracks["genres"], rules) for name, rules in rule_sets.items()}
    binned = found[active]
    assigned = assign_groups(tracks, lake.read("artist_groups") if lake.find("artist_groups") else None)
    memory = publish_derived(
        lake,
        ARTIST_GROUPS,
        assigned.known,
        (version,),
        source=f"{version.table} version {version.version} and every one before",
    )
    data = _with_columns(
        tracks,
        genre_bin=binned.bins,
        rule=binned.rules,
        micro_genre=binned.micro_genres,
        artist_group=assigned.groups,
        part=assigned.parts,
        **{f"bin_{name}": each.bins for name, each in found.items()},
    )
    table = binned_by(active)
    published = publish_derived(lake, table, data.select(table.names), (version,))
    publish_table_summary((published,))
    facts = _facts(data, active) | {
        "counts": dict(binned.counts),
        "coverage": {name: each.counts["binned"] / max(len(data), 1) for name, each in found.items()},
        "by_rule_set": {name: _by_bin(each.bins) for name, each in found.items()},
    }
    publish_rows("bins", facts["bins"], f"Tracks in each target genre, rule set {active}.")
    counts = ", ".join(f"{row['bin']} {row['tracks']:,}" for row in facts["bins"])
    message = (
        f"spotify_binned: {facts['binned']:,} of {facts['tracks']:,} tracks binned by {active} ({counts}); "
        f"{facts['unmatched']:,} match no rule{_oddities(binned.counts)}; {_others(facts['coverage'], active)}"
        f"{assigned.linking:,} link two parts and stay out of them"
    )
    return Outcome(message, facts, (published, memory))


def _oddities(counts: Mapping[str, int]) -> str:
    """What was odd about the micro-genres, empty where nothing was."""
    odd = (
        ("without_micro_genre", "of them without any micro-genre"),
        ("with_capitals", "micro-genres with capitals"),
        ("with_accents", "with accents"),
        ("in_other_scripts", "in other scripts"),
    )
    found = [f"{counts[name]:,} {words}" for name, words in odd if counts[name]]
    return f" ({', '.join(found)})" if found else ""


def _others(coverage: Mapping[str, float], active: str) -> str:
    """What the rule sets that do not decide would cover."""
    return "".join(f"{name} would bin {share:.1%}; " for name, share in coverage.items() if name != active)


def _with_columns(tracks: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, values in columns.items():
        tracks = tracks.append_column(name, values)
    return tracks


def _by_bin(bins: pa.Array) -> dict[str, int]:
    """Tracks in each bin, most first."""
    counted = bins.drop_null().value_counts().to_pylist()
    return {row["values"]: row["counts"] for row in sorted(counted, key=lambda row: -row["counts"])}


def _facts(data: pa.Table, rule_set: str) -> dict[str, Any]:
    """What the report says of the bins."""
    bins = _by_bin(data["genre_bin"])
    binned = sum(bins.values())
    return {
        "rule_set": rule_set,
        "tracks": len(data),
        "binned": binned,
        "unmatched": len(data) - binned,
        "micro_genres": len(set().union(*data["genres"].to_pylist())),
        "bins": [
            {"bin": name, "tracks": tracks, "share": round(tracks / binned, 4)}
            for name, tracks in bins.items()
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
