"""What the page of similar genres says, computed from the numbers."""

from genrelab.analyses.genre_similarity.result import FEWEST_ARTISTS, Collection, Genre, Pair
from genrelab.report.wording import count, decimal, listing, percent, plural

MOST = 4
"""Pairs or genres that a sentence lists at most."""


def with_priors(pair: Pair) -> str:
    """Return a pair's share beside that of the priors: `rock 20 % (priors 14 %)`."""
    return f"{pair.other} {percent(pair.share.value, 0)} (priors {percent(pair.prior, 0)})"


def pair_says(one: Genre, pair: Pair) -> str:
    """Say what a ribbon means."""
    verdict = (
        "more than the priors explain"
        if pair.is_more
        else "less than by the priors"
        if pair.is_less
        else "no more than chance beside the priors"
    )
    return (
        f"{count(pair.tracks)} of {plural(one.tracks, 'track')} of {one.genre} ({percent(pair.share.value)}) have the "
        f"runner-up {pair.other}; by the priors {percent(pair.prior)}: {verdict}."
    )


def genre_says(found: Collection, one: Genre) -> str:
    """Say what the ribbons of a genre mean: where its tracks go, and whose come to it."""
    comes = sorted(
        ((other, pair) for other in found.genres if (pair := other.pair(one.genre)) and pair.tracks),
        key=lambda both: -both[1].share.value,
    )[:MOST]
    goes = [with_priors(pair) for pair in one.pairs[:MOST] if pair.tracks]
    said = [f"{one.genre}: {plural(one.tracks, 'track')} of {plural(one.artists, 'artist')}."]
    if goes:
        said.append(f"Runner-up: {', '.join(goes)}.")
    if comes:
        from_others = [
            f"{percent(pair.share.value, 0)} of {other.genre} (priors {percent(pair.prior, 0)})"
            for other, pair in comes
        ]
        said.append(f"It is the runner-up of {', '.join(from_others)}.")
    return " ".join(said)


def leader(found: Collection) -> str:
    """Return the genre that is the most frequent runner-up of most others; of as many, that of more tracks."""
    return max((one.genre for one in found.genres), key=lambda genre: len(found.favours(genre)), default="")


def leads(found: Collection, genre: str) -> str:
    """Say of how many others a genre is the most frequent runner-up, and for how many beyond the priors."""
    first, others = found.favours(genre), len(found.genres) - 1
    beyond = [one for one in first if one in found.exceeds(genre)]
    if not first:
        return f"{genre} is the most frequent runner-up of none of {others} other genres"
    how_many = (
        "of none of them"
        if not beyond
        else f"of all of them ({_few(beyond)})"
        if len(beyond) == len(first)
        else f"of {count(len(beyond))} of them ({_few(beyond)})"
    )
    return (
        f"{genre} is the most frequent runner-up of {count(len(first))} of {others} other genres; more often than its "
        f"number of tracks explains, {how_many}"
    )


def _few(names: list[str], most: int = 2 * MOST) -> str:
    more = len(names) - most
    return listing([*names[:most], f"{more} more"] if more > 0 else names)


def strongest(found: Collection) -> list[tuple[Genre, Pair]]:
    """Return the pairs that are most times as frequent as by the priors, beyond chance; one of each genre."""
    best = [
        (one, max(pairs, key=lambda pair: pair.lift))
        for one in found.genres
        if (pairs := [pair for pair in one.pairs if pair.is_more])
    ]
    return sorted(best, key=lambda both: -both[1].lift)


def similar_title(found: Collection) -> str:
    """State the strongest similarity of a collection: title of its chord diagram."""
    best = strongest(found)
    if not best:
        return f"{leader(found)} is the runner-up of most genres, and no pair stands out beyond chance"
    one, pair = best[0]
    return (
        f"{one.genre} most of all resembles {pair.other}: the runner-up of {percent(pair.share.value, 0)} of its "
        f"tracks, {times(pair)} as often as by the priors"
    )


def times(pair: Pair) -> str:
    """Return how many times as often as by the priors."""
    return f"{decimal(pair.lift, 1)} times"


def similar(found: Collection) -> str:
    """Say which genre leads, and which pairs the priors do not explain."""
    text = f"{leads(found, leader(found))}. "
    best = strongest(found)
    if not best:
        return text + "No pair is more frequent than the priors explain, beyond chance."
    pairs = [f"{one.genre} to {pair.other} ({times(pair)})" for one, pair in best[:MOST]]
    mutual = [
        f"{one.genre} and {pair.other}"
        for one in found.genres
        for pair in one.pairs[:1]
        if pair.is_more
        and (other := found.by_name[pair.other]).pairs[0].other == one.genre
        and other.pairs[0].is_more
        and found.genres.index(other) > found.genres.index(one)
    ]
    text += f"Beyond the priors stand out: {'; '.join(pairs)}. "
    if mutual:
        text += f"Each other's most frequent runner-up, beyond the priors: {'; '.join(mutual)}. "
    return text


def how(found: Collection) -> str:
    """Say which tracks and which models it is about."""
    few = [one.genre for one in found.genres if one.artists < FEWEST_ARTISTS]
    text = (
        f"{plural(found.tracks, 'distinct track')} of {plural(found.artists, 'artist')}, each judged by a model of "
        f"other artists ({found.model}, {plural(found.features, 'feature')}, {found.folds} folds). Its most "
        f"probable genre is {'one that the track carries' if found.has_several else 'the right one'} for "
        f"{percent(found.accuracy, 0)}, so what it mistakes is as much the model's as the music's. "
    )
    if found.drawn_from:
        text += f"The tracks are from {found.drawn_from}, by artists (setting training.rows). "
    if few:
        text += f"Fewer than {FEWEST_ARTISTS} artists, not judged: {_few(few)}."
    return text.strip()
