"""Micro-genres under every rule set: the rule that decides and why, the tracks that carry them.

Conventions: see `genrelab.analyses.look_up.result`. Rules decide micro-genres; how many tracks end in which genre also
depends on the other micro-genres of each track.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow as pa

from genrelab.analyses.look_up.result import Decision, MicroGenre, NamedTrack, RuleSetText, RuleText
from genrelab.analyses.look_up.tracks import examples_of, short, tracks_in_genres
from genrelab.rules import RuleSet, bin_tracks
from genrelab.rules.explain import Explanation, explain
from genrelab.rules.words import phrases

SPOTIFY = ("genres", "track_id", "artist_name", "track_name", "popularity")
FMA = ("genre_names", "track_id", "artist_name", "track_title", "track_listens")
"""Columns that are read of each source: names, id, artist, title, popularity."""
RuleSets = Mapping[str, RuleSet]


def in_words(rules: RuleSet) -> RuleSetText:
    """Return a rule set in words that can be read aloud."""
    return RuleSetText(
        rules.name,
        rules.decision,
        rules.comment,
        tuple(
            RuleText(
                rule.name,
                rule.bin,
                tuple(map(str, phrases(rule.pattern))),
                tuple(map(str, phrases(rule.unless))),
                " ".join(rule.comment.split()),
                rule.proofs,
            )
            for rule in rules.rules
        ),
    )


def look_up_spotify(tracks: pa.Table, rule_sets: RuleSets) -> list[MicroGenre]:
    """Return every micro-genre of Spotify, those of most tracks first.

    Args:
        tracks: Rows with the columns `SPOTIFY`.
        rule_sets: By name.
    """
    lists = tracks["genres"].to_pylist()
    ends = {
        name: tracks_in_genres(lists, bin_tracks(tracks["genres"], rules).bins.to_pylist())
        for name, rules in rule_sets.items()
    }
    by_set: dict[str, dict[str, dict[str, int]]] = {name: {} for name in rule_sets}
    for name, counted in ends.items():
        for micro_genre, genre, number in counted.itertuples(index=False):
            by_set[name].setdefault(micro_genre, {})[genre] = int(number)
    sizes = Counter(one for each in lists for one in set(each or ()))
    return _micro_genres("spotify", sizes, rule_sets, _examples(tracks, SPOTIFY), by_set)


def look_up_fma(titles: Sequence[str], tracks: pa.Table, rule_sets: RuleSets) -> list[MicroGenre]:
    """Return every genre of the FMA, those of most tracks first.

    Args:
        titles: The genres; some have no track.
        tracks: Rows with the columns `FMA`.
        rule_sets: By name.
    """
    sizes = Counter(dict.fromkeys(titles, 0))
    sizes.update(one for each in tracks["genre_names"].to_pylist() for one in set(each or ()))
    return _micro_genres("fma", sizes, rule_sets, _examples(tracks, FMA), {})


def _examples(tracks: pa.Table, columns: tuple[str, ...]) -> dict[str, tuple[NamedTrack, ...]]:
    names, *others = columns
    frame = tracks.select(others).to_pandas()
    frame.columns = ["track_id", "artist", "title", "popularity"]
    return examples_of(tracks[names], frame)


def _micro_genres(
    source: str,
    sizes: Counter[str],
    rule_sets: RuleSets,
    examples: Mapping[str, tuple[NamedTrack, ...]],
    ends: Mapping[str, Mapping[str, Mapping[str, int]]],
) -> list[MicroGenre]:
    names = sorted(sizes, key=lambda name: (-sizes[name], name))
    explained = {
        name: dict(zip(names, explain(names, rules), strict=True)) for name, rules in rule_sets.items()
    }
    return [
        MicroGenre(
            short(name),
            source,
            sizes[name],
            {
                chosen: decided(found[name], ends.get(chosen, {}).get(name, {}))
                for chosen, found in explained.items()
            },
            examples.get(name, ()),
        )
        for name in names
    ]


def decided(found: Explanation, tracks: Mapping[str, int]) -> Decision:
    """Return an explanation with the tracks that carry the micro-genre, by their genre."""
    also = [claim.rule for claim in found.claims if not claim.unless][1:]
    return Decision(found.genre, found.rule, found.reason, tuple(also), dict(tracks))
