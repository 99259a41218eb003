"""What the page of popularity says in sentences, computed from the result."""

from genrelab.analyses.popularity.guard import CLOSEST
from genrelab.analyses.popularity.pages.words import shares, with_ends
from genrelab.analyses.popularity.result import (
    ALL_TRACKS,
    LOOKUP,
    OFFICIAL,
    RANDOM,
    Age,
    Counted,
    Popularity,
    TrackGroup,
)
from genrelab.report.wording import INTERVAL, count, decimal, inside, listing, percent, plural

MOST = 0.5
"""Share of the variance from which on it lies mostly between artists."""


def rows_text(counted: Counted) -> str:
    """Say which tracks have a number of plays."""
    text = f"{count(counted.used)} of {plural(counted.read, 'track')} have a number of plays"
    left = [
        f"{count(number)} {what}"
        for number, what in ((counted.unknown, "without one"), (counted.negative, "with a negative one"))
        if number
    ]
    text += f" (left out: {listing(left)})" if left else ""
    if counted.median is None:
        return f"{text}."
    return (
        f"{text}; half of them were played more than {count(counted.median)} times, the most played one "
        f"{count(counted.most)} times, {count(counted.unplayed)} never. Plays are therefore compared as log(1 + "
        "plays): twice as many plays count the same for a hit and for a rarity."
    )


def artists_text(found: Popularity) -> str:
    """Say how much lies between artists, and what a random split makes of it."""
    if found.variance is None:
        return "How much lies between artists cannot be said: it takes two artists and tracks that differ."
    ratio, component = found.variance.ratio, found.variance.component
    text = (
        f"{percent(ratio.value, 0)} of the variance of log plays ({INTERVAL} {shares(ratio)}) lies between the "
        f"{count(found.variance.artists)} artists, not between the tracks of an artist"
    )
    if component:
        text += (
            f"; corrected for artists with few tracks, whose means follow chance, {percent(component.value, 0)} "
            f"({shares(component)})"
        )
    share = (component or ratio).value
    text += (
        ". How often a track is played is first of all a matter of whose it is."
        if share >= MOST
        else ". Most of the difference lies between the tracks of an artist."
    )
    whole = found.group(ALL_TRACKS)
    return f"{text} {_lookup(whole)}" if whole else text


def _lookup(group: TrackGroup) -> str:
    """Say what the artist's other tracks tell where the artist is known, and where it is not."""
    scores = group.baseline(LOOKUP).by_split
    known, new = scores[RANDOM].r2, scores[OFFICIAL].r2
    tells = known.low is not None and known.low > new.value
    return (
        f"The mean of the artist's other tracks, without listening, has an R2 of {decimal(known.value, 2)} on tracks "
        f"drawn at random, and of {decimal(new.value, 2)} on tracks of artists who are not in the training part. "
        + ("That is why random tracks are a poor test. " if tells else "")
        + "Below, new artists are what counts."
    )


def gains_text(group: TrackGroup) -> str:
    """Say what each addition brings to new artists."""
    said = []
    names = {one.name: one for one in group.sets}
    for one in group.allowed:
        before = names.get(one.over)
        if before is None:
            continue
        change = f"{decimal(one.gain.value, 3, signed=True)}"
        if one.gain.is_positive:
            verdict = f"adds {with_ends(one.gain, 3, signed=True)} to R2"
        elif one.gain.is_negative:
            verdict = f"takes {with_ends(one.gain, 3, signed=True)} from R2"
        else:
            verdict = f"adds nothing beyond chance ({change})"
        random = one.by_split[RANDOM].r2.value - before.by_split[RANDOM].r2.value
        said.append(
            f"{one.label} instead of {inside(before.label)} {verdict} for new artists, and "
            f"{decimal(random, 3, signed=True)} for random tracks."
        )
    return " ".join(said)


def sound_text(group: TrackGroup) -> str:
    """Say plainly whether the sound tells the plays."""
    alone, gained = group.sets[0], group.sets[-1]
    scores = alone.by_split[OFFICIAL]
    auc = scores.top_decile_auc
    text = (
        f"{alone.label}: R2 {with_ends(scores.r2)}, area under the curve for the most played tenth "
        f"{with_ends(auc)} (0.5 is chance). "
    )
    if alone.gain.is_positive:
        text += f"That is {decimal(alone.gain.value, 2)} more than the mean of all tracks: the sound tells a little."
    else:
        text += (
            "That is no better than guessing the mean of all tracks. The sound alone does not tell how often a track "
            "is played."
        )
        if scores.spearman.low is not None and scores.spearman.low > 0:
            text += (
                f" It leaves a trace in the order of the tracks (rank correlation {with_ends(scores.spearman)}), too "
                "weak to predict a number."
            )
    if gained is not alone:
        beyond = "beyond chance" if gained.gain.is_positive or gained.gain.is_negative else "within chance"
        text += (
            f" Added to what else is known of the track, it changes R2 by {with_ends(gained.gain, 3, signed=True)}, "
            f"{beyond}."
        )
    return text


def group_text(group: TrackGroup) -> str:
    """Say which tracks of a group learn, choose and judge."""
    train, validation, test = group.parts
    sampled = (
        f"A sample of {count(group.tracks)} of {plural(group.available, 'track')}, whole artists"
        if group.tracks < group.available
        else plural(group.tracks, "track")
    )
    text = (
        f"{sampled}: {count(train)} to learn from, {count(validation)} to choose depth and number of trees, "
        f"{count(test)} by {plural(group.test_artists, 'artist')} to judge."
    )
    if group.without:
        text += f" No track has {listing(group.without)}: sets with these are left out."
    return text


def age_text(age: Age) -> str:
    """Say what time on the site does to plays."""
    if age.elasticity is None:
        return "No track has a day on which it was added, so ages are not known."
    slope = age.elasticity
    text = (
        "If plays came in at a constant rate, a track that has been there twice as long would be played twice as "
        f"often: an elasticity of 1. It is {with_ends(slope, signed=True)}. "
    )
    if slope.high is not None and slope.high < 0:
        text += "Older tracks are played less in all, although they have had more time."
    elif slope.low is not None and slope.low > 0:
        text += "Older tracks are played more in all, but not in proportion to their time."
    else:
        text += "Time on the site and plays go their own ways."
    return (
        f"{text} So age is given to the model as an input, and plays are not divided by it: plays per year would "
        "mostly rank tracks by how new they are."
    )


def dates_text(age: Age) -> str:
    """Say where ages come from."""
    text = f"The day on which a track was added is known for {plural(age.dated, 'track')}"
    if age.newest:
        text += f"; ages are counted up to {age.newest}, the newest"
    text += ". "
    if age.estimated and age.order is not None:
        text += (
            f"Track ids rise with the day (rank correlation {decimal(age.order, 4)}), so the day of the other "
            f"{count(age.estimated)} is estimated from the id; for 99 % of the known ones such an estimate is "
            f"{decimal(age.error_days, 1)} days off or less. "
        )
    elif age.order is not None and age.unknown:
        text += (
            f"Track ids do not rise with the day here (rank correlation {decimal(age.order, 2)}): "
            f"{plural(age.unknown, 'track')} have no age. "
        )
    if age.too_early:
        text += f"{plural(age.too_early, 'track')} with a day before 1900 count as not dated."
    return text


def disguised_text(found: Popularity) -> str:
    """Say why counts of what listeners did are refused."""
    text = (
        "Who opens a track's page, marks it as a favourite or comments on it has come for the same reason as who "
        "plays it. These counts are made of the answer, and are zero on the day a track is added. No model above sees "
        "them: they are refused by name, and so is any input whose rank correlation with the plays is "
        f"{decimal(CLOSEST, 1)} or more."
    )
    whole = found.group(ALL_TRACKS)
    leaky = next((one for one in whole.sets if one.is_forbidden), None) if whole else None
    if leaky:
        text += (
            f" With them R2 would be {decimal(leaky.by_split[OFFICIAL].r2.value, 2)}: a score like that in somebody's "
            "report of predicted popularity is no achievement but a leak."
        )
    return text


def basis_text(found: Popularity, whole: TrackGroup | None) -> str:
    """Say what the scores are based on."""
    text = f"Read from version {found.table_version} of {found.table}, budget {found.budget}. "
    return text + (group_text(whole) if whole else "")
