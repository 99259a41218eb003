"""The work of `tasks.publishing.bins`, which a skipped step does not import: bin the tracks."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from expectations.check import MANY_ROWS
from genrelab.analyses.class_balance.counts import BinCounter
from genrelab.evaluation.groups import MANY_NAMES, Assigned, assign_groups
from genrelab.lake.lake import Lake
from genrelab.lake.stored_rows import Rows, StoredRows, batches_of
from genrelab.lake.version import TableVersion
from genrelab.rules import Binner, load_active
from genrelab.runtime.memory import give_memory_back
from genrelab.runtime.records import encode
from genrelab.runtime.settings import Settings
from genrelab.sources.spotify.searched_names import NamesOfIds, find_searched_names
from genrelab.tables.groups import ARTIST_GROUPS
from genrelab.tables.spotify import binned_by
from tasks.publishing.publish import publish_derived
from tasks.run.artifacts import publish_rows, publish_table_summary
from tasks.run.step import Outcome

SEARCHED = ("genre_bin", "label_is_suspect", "names_of_artist_id")
"""Columns that say how many labels may belong to the searched name."""


def bin_tracks_of(settings: Settings) -> Outcome:
    """Bin the tracks, and store the part of the split of each artist.

    Rows are read, binned and written in batches. What looks at all of them at once, the artist groups and the names of
    an artist id, reads its own columns.
    """
    lake = Lake(settings.home)
    version = lake.current("spotify_tracks")
    tracks = lake.stored("spotify_tracks", version.version)
    if len(tracks) > MANY_ROWS:
        give_memory_back()
    active, rule_sets = load_active(settings.rules)
    names, assigned, memory = _assign_groups(lake, version, tracks)
    binners = {name: Binner(rules) for name, rules in rule_sets.items()}
    table, counter = binned_by(active), BinCounter(active)
    binned = lake.stage(table.name, table.schema, _binned(tracks, binners, counter, assigned, names))
    linking = assigned.linking
    del names, assigned  # 9 bytes a track that the audit can use
    digests = {name: rules.digest for name, rules in rule_sets.items()}
    searched = _searched(binned)
    published = publish_derived(lake, table, binned, (version,), rules=digests)
    publish_table_summary((published,))
    counted = counter.counted({name: binner.counts for name, binner in binners.items()})
    publish_rows("bins", encode(counted)["bins"], f"Tracks in each target genre, rule set {active}.")
    counts = ", ".join(f"{row.bin} {row.tracks:,}" for row in counted.bins)
    message = (
        f"spotify_binned: {counted.binned:,} of {counted.tracks:,} tracks binned by {active} ({counts}); "
        f"{counted.unmatched:,} match no rule{_oddities(counted.counts)}; {_others(counted.coverage, active)}"
        f"{linking:,} tracks link two parts of the split and are left out of it{searched}"
    )
    return Outcome(message, encode(counted), (published, memory))


def _assign_groups(
    lake: Lake, version: TableVersion, tracks: StoredRows
) -> tuple[NamesOfIds, Assigned, TableVersion]:
    """Place the tracks in artist groups, publish the memory of the groups, and count the names of the artist ids."""
    folder = lake.staging(ARTIST_GROUPS.name)
    try:
        names = NamesOfIds.of(tracks, folder)
        known = lake.stored(ARTIST_GROUPS.name) if lake.find(ARTIST_GROUPS.name) else None
        assigned = assign_groups(tracks, known, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    source = f"{version.table} version {version.version} and every one before"
    return names, assigned, publish_derived(lake, ARTIST_GROUPS, assigned.known, (version,), source=source)


def _binned(
    tracks: StoredRows,
    binners: Mapping[str, Binner],
    counter: BinCounter,
    assigned: Assigned,
    names: NamesOfIds,
) -> Iterator[pa.Table]:
    """Yield the rows of spotify_binned, and count them."""
    start = 0
    for part in tracks.batches():
        rows = slice(start, start + len(part))
        found = {name: binner.bin(part["genres"]) for name, binner in binners.items()}
        counter.add(part["genres"], found)
        binned = found[counter.active]
        yield _with_columns(
            part,
            genre_bin=binned.bins,
            rule=binned.rules,
            micro_genre=binned.micro_genres,
            artist_group=assigned.groups[rows].dictionary_decode(),
            part=assigned.parts[rows].dictionary_decode(),
            **{f"bin_{name}": each.bins for name, each in found.items()},
            **vars(find_searched_names(part, names.slice(start, len(part)))),
        )
        start = rows.stop


def _oddities(counts: Mapping[str, int]) -> str:
    """Describe unusual micro-genres; empty if there are none."""
    odd = (
        ("without_micro_genre", "of them without any micro-genre"),
        ("with_capitals", "micro-genres with capitals"),
        ("with_accents", "with accents"),
        ("in_other_scripts", "in other scripts"),
    )
    found = [f"{counts[name]:,} {words}" for name, words in odd if counts[name]]
    return f" ({', '.join(found)})" if found else ""


def _searched(data: Rows) -> str:
    """Say how many labels may belong to the name that was searched for; empty if none may."""
    found: Counter[str] = Counter()
    for part in batches_of(data, SEARCHED):
        binned = part.filter(part["genre_bin"].is_valid())
        names = pc.fill_null(binned["names_of_artist_id"], 1)
        found["suspect"] += pc.sum(binned["label_is_suspect"]).as_py() or 0
        found["shared"] += pc.sum(pc.greater(names, 1)).as_py() or 0
        found["catch_all"] += pc.sum(pc.greater(names, MANY_NAMES)).as_py() or 0
        found["binned"] += len(binned)
    if not found["suspect"]:
        return ""
    return (
        f"; {found['suspect']:,} labels may belong to the searched name, which is in the title, instead of the "
        "track's artist; "
        f"{found['shared']:,} binned tracks ({found['shared'] / found['binned']:.1%}) share their artist id with "
        f"another name, {found['catch_all']:,} of them a catch-all id"
    )


def _others(coverage: Mapping[str, float], active: str) -> str:
    """Describe the coverage of the rule sets that are not in use."""
    return "".join(f"{name} would bin {share:.1%}; " for name, share in coverage.items() if name != active)


def _with_columns(tracks: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, values in columns.items():
        tracks = tracks.append_column(name, values)
    return tracks
