"""Micro-genres under every rule set: the rule that decides and why, the tracks that carry them.

Conventions: see `genrelab.analyses.look_up.result`. Rules decide micro-genres; how many tracks end in which genre also
depends on the other micro-genres of each track.
"""

from collections.abc import Mapping, Sequence

from genrelab.analyses.look_up.carried import Carried, carried
from genrelab.analyses.look_up.result import Decision, MicroGenre, RuleSetText, RuleText
from genrelab.analyses.look_up.tracks import short
from genrelab.lake.stored_rows import Rows
from genrelab.rules import RuleSet
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


def look_up_spotify(tracks: Rows, rule_sets: RuleSets) -> list[MicroGenre]:
    """Return every micro-genre of Spotify, those of most tracks first.

    Args:
        tracks: Rows with the columns `SPOTIFY`.
        rule_sets: By name.
    """
    return _micro_genres("spotify", carried(tracks, SPOTIFY, rule_sets), rule_sets)


def look_up_fma(titles: Sequence[str], tracks: Rows, rule_sets: RuleSets) -> list[MicroGenre]:
    """Return every genre of the FMA, those of most tracks first.

    Args:
        titles: The genres; some have no track.
        tracks: Rows with the columns `FMA`.
        rule_sets: By name.
    """
    found = carried(tracks, FMA, {})
    found.sizes.update(dict.fromkeys(titles, 0))
    return _micro_genres("fma", found, rule_sets)


def _micro_genres(source: str, found: Carried, rule_sets: RuleSets) -> list[MicroGenre]:
    names = sorted(found.sizes, key=lambda name: (-found.sizes[name], name))
    explained = {
        name: dict(zip(names, explain(names, rules), strict=True)) for name, rules in rule_sets.items()
    }
    return [
        MicroGenre(
            short(name),
            source,
            found.sizes[name],
            {
                chosen: decided(by_name[name], found.genres.get(chosen, {}).get(name, {}))
                for chosen, by_name in explained.items()
            },
            found.examples.get(name, ()),
        )
        for name in names
    ]


def decided(found: Explanation, tracks: Mapping[str, int]) -> Decision:
    """Return an explanation with the tracks that carry the micro-genre, by their genre."""
    also = [claim.rule for claim in found.claims if not claim.unless][1:]
    return Decision(found.genre, found.rule, found.reason, tuple(also), dict(tracks))
