"""`genrelab rules explain`: what the rule sets do to a micro-genre, and the tracks that carry it."""

import difflib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from genrelab.lake.lake import Lake
from genrelab.report.wording import plural
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.settings import load_settings
from genrelab_cli.layout import printable

if TYPE_CHECKING:
    from genrelab.analyses.look_up.result import MicroGenre
    from genrelab.rules import RuleSet

NEAREST = 5
"""Names that are proposed for one that no track carries."""


def print_explanation(name: str, given: Sequence[str], *, as_json: bool) -> None:
    """Print what each rule set does to a micro-genre, and why.

    Args:
        name: The micro-genre; a name that no track carries is explained by the rules alone.
        given: Names or paths of rule sets; none for the active one and those that ship with the project.
        as_json: Print JSON.

    Raises:
        GenrelabError: The name is empty, or a rule set is missing or invalid.
    """
    from genrelab.analyses.look_up.micro_genres import decided
    from genrelab.rules import load_active, load_rule_set
    from genrelab.rules.explain import explain
    from genrelab.runtime.records import encode

    if not name.strip():
        raise GenrelabError("there is no micro-genre to explain", found="an empty name", do="give its name")
    settings = load_settings()
    active, rule_sets = load_active(settings.rules)
    sets = [load_rule_set(one) for one in given] or [
        rule_sets[active],
        *(rules for other, rules in rule_sets.items() if other != active),
    ]
    carried = _carried(Lake(settings.home), {rules.name: rules for rules in sets})
    found = _spelled_like(name, carried)
    alone = {rules.name: decided(explain([name], rules)[0], {}) for rules in sets}
    nearest = [] if found else _nearest(name, carried)
    if as_json:
        result = {
            "micro_genre": name,
            "active": active,
            "rules": encode(alone),
            "data": [encode(one) for one in found],
            "nearest": nearest,
        }
        print(json.dumps(result, indent=1, ensure_ascii=False))
        return
    written = f" (in the data: {printable(found[0].name)})" if found and found[0].name != name else ""
    print(f"{printable(name)}{written}")
    for rules in sets:
        decision = (found[0].decisions if found else alone)[rules.name]
        in_use = ", in use" if rules.name == active else ""
        print(f"\nby {rules.name}{in_use}: {decision.genre or 'no genre'}")
        print(f"  {printable(decision.reason)}")
        ends = ", ".join(f"{genre or 'no genre'} {tracks:,}" for genre, tracks in decision.tracks.items())
        if ends:
            print(f"  with their other micro-genres its tracks are in: {ends}")
    print()
    for one in found:
        _print_tracks(one)
    if not found:
        print(
            f"no track carries it{'; nearest names: ' + ', '.join(map(printable, nearest)) if nearest else ''}"
        )


def _print_tracks(one: "MicroGenre") -> None:
    source = {"spotify": "Spotify", "fma": "the FMA"}[one.source]
    print(f"{plural(one.tracks, 'track')} of {source}{':' if one.examples else ''}")
    for track in one.examples:
        names = " - ".join(part for part in (track.artist, track.title) if part)
        print(f"  {track.track_id}  {printable(names)}")


def _carried(lake: Lake, sets: "dict[str, RuleSet]") -> "list[MicroGenre]":
    """Return the micro-genres of the tables that exist."""
    from genrelab.analyses.look_up.micro_genres import look_up_fma, look_up_spotify

    found = []
    if lake.find("spotify_tracks"):
        found += look_up_spotify(lake.stored("spotify_tracks"), sets)
    if lake.find("fma_tracks") and lake.find("fma_genres"):
        titles = [title for title in lake.read("fma_genres", ["title"])["title"].to_pylist() if title]
        found += look_up_fma(titles, lake.stored("fma_tracks"), sets)
    return found


def _spelled_like(name: str, carried: "Sequence[MicroGenre]") -> "list[MicroGenre]":
    """Return the micro-genres whose name differs from this one in spelling at most."""
    import pyarrow as pa

    from genrelab.rules.spelling import fold_spelling

    wanted, *folded = fold_spelling(pa.array([name, *(one.name for one in carried)])).to_pylist()
    return [one for one, plain in zip(carried, folded, strict=True) if plain == wanted]


def _nearest(name: str, carried: "Sequence[MicroGenre]") -> list[str]:
    names = {one.name.lower(): one.name for one in reversed(carried)}
    near = difflib.get_close_matches(name.lower()[:100], names, n=NEAREST, cutoff=0.5)
    return [names[each] for each in near]
